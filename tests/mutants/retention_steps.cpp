#include "adapters/postgres/retention.hpp"
#include "tests/mutants/step.hpp"

namespace tributary::mutants {

using postgres::Transaction;

namespace {

Step purging(std::string name, std::string arranged, std::size_t changes) {
    return {std::move(name), std::move(arranged), [changes](Transaction& tx) {
                const auto batch = postgres::purge(tx, {.rows = changes});
                return std::to_string(batch.rows) + (batch.more ? " and more" : "");
            }};
}

Step moving(std::string name, std::string arranged) {
    return {std::move(name), std::move(arranged), [](Transaction& tx) {
                return std::to_string(postgres::move_horizon(tx, std::chrono::hours(1)));
            }};
}

/// A third commit of both, of which nothing before is needed.
constexpr auto third_is_the_horizon = R"sql(
    INSERT INTO commits (tenant_id, commit_no, at, cause, run_id)
    SELECT tenant_id, 3, now(), 'run', run_id FROM commits WHERE commit_no = 2;
    UPDATE feed_head SET commit_no = 3, horizon = 3;)sql";

constexpr auto second_is_the_horizon = "UPDATE feed_head SET horizon = 2;";

constexpr auto led_elsewhere =
    "INSERT INTO redirects SELECT tenant_id, customer_id, 2, NULL FROM redirects WHERE valid_from = 1 AND "
    "tenant_id = ";

}  // namespace

std::vector<Step> retention_steps() {
    return {
        moving("the horizon moves", "UPDATE commits SET at = 'epoch';"),
        moving("the horizon stays, where only theirs has old commits",
               "UPDATE commits SET at = now() WHERE tenant_id = $ours;"
               "UPDATE commits SET at = 'epoch' WHERE tenant_id = $theirs;"),
        purging("changes and what they ended are let go of", third_is_the_horizon, 3),
        purging("all that the horizon leaves behind is let go of", third_is_the_horizon, 1'000),
        purging("versions that ended at the horizon are let go of, where ours ended accounts later",
                std::string(second_is_the_horizon) +
                    "UPDATE history SET valid_to = 3 WHERE tenant_id = $ours AND kind = 'account';",
                1'000),
        purging("commits are let go of, behind their changes",
                std::string(third_is_the_horizon) + "DELETE FROM changes;", 2),
        purging("where an id led is let go of", second_is_the_horizon + std::string(led_elsewhere) + "$ours;",
                1'000),
        purging("where an id leads is kept, where only theirs leads elsewhere since",
                second_is_the_horizon + std::string(led_elsewhere) + "$theirs;", 1'000),
    };
}

}  // namespace tributary::mutants
