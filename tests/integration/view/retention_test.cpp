// What is let go of is not missed by any moment that can still be read.
#include <algorithm>
#include <map>

#include "histories.hpp"
#include "tests/support/full_check.hpp"

using namespace tributary;
using namespace tributary::tests;

namespace {

constexpr std::chrono::hours day{24};

/// Makes the commits up to this one older than a day.
void age(const DecidingFixture& view, std::int64_t commit) {
    view.value("UPDATE commits SET at = at - interval '2 days' WHERE tenant_id = $T AND commit_no <= " +
               std::to_string(commit) + " RETURNING 1");
}

/// Rows that only moments before the horizon would need.
std::string rows_beyond(const DecidingFixture& view, std::int64_t horizon) {
    const std::string at = std::to_string(horizon);
    return view.value("SELECT (SELECT count(*) FROM history WHERE tenant_id = $T AND valid_to <= " + at +
                      ") + (SELECT count(*) FROM changes WHERE tenant_id = $T AND commit_no < " + at +
                      ") + (SELECT count(*) FROM commits WHERE tenant_id = $T AND commit_no < " + at +
                      ") + (SELECT count(*) FROM redirects r WHERE tenant_id = $T AND EXISTS (SELECT FROM "
                      "redirects l WHERE "
                      "l.tenant_id = $T AND l.customer_id = r.customer_id AND l.valid_from > r.valid_from "
                      "AND l.valid_from <= " +
                      at + "))");
}

}  // namespace

TEST_CASE("every moment from the horizon on reads as before the past was let go of, and none before it") {
    std::mt19937 random(20261124);
    const int histories = full_or(300, 2);
    constexpr int steps = 14;
    int kept = 0;
    int gone = 0;
    int rows = 0;
    for (int i = 0; i < histories; ++i) {
        CAPTURE(i);
        DecidingFixture view;
        History history{view, random, "r" + std::to_string(i), {}};
        std::map<std::int64_t, std::vector<std::string>> then;
        for (int step = 0; step < steps; ++step) {
            history.step();
            then[good(view.store.reads().moment({view.tenant})).number] = history.seen({view.tenant});
        }
        const std::int64_t newest = then.rbegin()->first;
        const std::int64_t horizon = std::uniform_int_distribution<std::int64_t>(1, newest)(random);
        CAPTURE(horizon);
        auto& retention = view.store.retention();
        age(view, horizon);
        REQUIRE(good(retention.move_horizon(view.tenant, day)) == horizon);
        const auto all_read_as_then = [&] {
            for (const auto& [commit, seen] : then) {
                CAPTURE(commit);
                if (commit < horizon) {
                    CHECK(error_of(view.store.reads().moment({view.tenant, commit})) == "expired");
                    ++gone;
                } else {
                    CHECK(history.seen({view.tenant, commit}) == seen);
                    ++kept;
                }
            }
            CHECK(history.seen({view.tenant}) == then.rbegin()->second);
        };
        // After the horizon alone, after one batch, as a crash leaves it, and after all of them.
        all_read_as_then();
        rows += static_cast<int>(good(retention.purge(view.tenant, {.rows = 3})).rows);
        all_read_as_then();
        for (bool more = true; more;) {
            const auto batch = good(retention.purge(view.tenant, {.rows = 3}));
            rows += static_cast<int>(batch.rows);
            more = batch.more;
        }
        all_read_as_then();
        CHECK(rows_beyond(view, horizon) == "0");
        CHECK(good(retention.purge(view.tenant, {.rows = 3})).rows == 0);
    }
    CHECK(kept > 0);
    CHECK(gone > 0);
    CHECK(rows > 0);
    MESSAGE("histories: ", histories, ", moments kept: ", kept, ", expired: ", gone,
            ", rows deleted: ", rows);
}
