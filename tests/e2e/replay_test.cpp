// `tributary replay`: what providers said is decoded again, without asking them.

#include <doctest/doctest.h>

#include <chrono>
#include <string>
#include <thread>
#include <vector>

#include "command_bench.hpp"
#include "tests/e2e/system/program.hpp"
#include "tests/e2e/system/running_system.hpp"
#include "tests/e2e/system/tree.hpp"

using namespace tributary;
using namespace tributary::e2e;
using tests::Finished;

namespace {

const std::string of_tenant = "(SELECT tenant_id FROM tenants WHERE name = 'decoded')";

/// A tenant with one connection to each provider, synced once.
Bench& synced_bench() {
    static const bool made = [] {
        const Bench& on = bench();
        on.data({"tenant", "create", "decoded"});
        for (const char* name : {"tasty-01", "tdx-01", "upvest-01"}) {
            on.data({"connection", "add", connection_file(on.folder, name), "--tenant", "decoded"});
        }
        for (const json::Value& run : *on.data({"sync", "--wait", "--tenant", "decoded"}).if_array()) {
            REQUIRE(text(run, "state") == "succeeded");
        }
        return true;
    }();
    REQUIRE(made);
    return bench();
}

std::vector<std::string> replay_of(const std::string& provider, std::vector<std::string> more = {}) {
    std::vector<std::string> words{"replay", "--tenant", "decoded", "--provider", provider};
    words.insert(words.end(), more.begin(), more.end());
    return words;
}

std::int64_t sum(const json::Value& reports, const char* key) {
    std::int64_t all = 0;
    for (const json::Value& report : *reports.if_array()) {
        for (const json::Value& stream : array(report, "streams")) {
            all += number(stream, key);
        }
    }
    return all;
}

/// Rows written so far to everything but bookkeeping. The programs that wrote have ended.
std::string data_rows(const tests::Database& database) {
    return database.value(
        "SELECT sum(n_tup_ins + n_tup_upd + n_tup_del) FROM pg_stat_user_tables WHERE schemaname = 'public' "
        "AND "
        "relname NOT IN ('runs', 'due_queue')");
}

/// As a decoder that does not know e-mail addresses would have left the customer.
void forget_email(const tests::Database& database) {
    const std::string without = R"( = regexp_replace($C, '"email":"[^"]*",', ''))";
    const auto in = [&](const std::string& table, const std::string& column, const std::string& more) {
        std::string expression = without;
        expression.replace(expression.find("$C"), 2, column);
        database.run("UPDATE " + table + " SET " + column + expression + more);
    };
    const std::string record = "tenant_id = " + of_tenant + " AND stream = 'customer'";
    const std::string entity = "SELECT entity_id FROM records WHERE " + record;
    in("documents", "body",
       " WHERE tenant_id = " + of_tenant +
           " AND document_id IN (SELECT customer_id FROM memberships WHERE tenant_id = " + of_tenant +
           " AND profile_id IN (" + entity + "))");
    in("entities", "normalized", " WHERE tenant_id = " + of_tenant + " AND entity_id IN (" + entity + ")");
    in("records", "normalized", ", hash = 'older' WHERE " + record);
}

}  // namespace

TEST_CASE("a replay of every provider by the decoder that read it finds nothing and writes no data row") {
    const Bench& on = synced_bench();
    RunningSystem::get().sandbox().take_requests();
    const std::string before = data_rows(on.database);
    for (const char* provider : {"tastytrade", "tdx", "upvest"}) {
        CAPTURE(provider);
        const json::Value preview = on.data(replay_of(provider, {"--dry-run"}));
        CHECK(sum(preview, "versions") > 1);
        CHECK(sum(preview, "differing") == 0);
        const json::Value done = on.data(replay_of(provider));
        CHECK(sum(done, "versions") == sum(preview, "versions"));
        CHECK(sum(done, "differing") == 0);
        CHECK(sum(done, "rewritten") == 0);
        for (const json::Value& report : *done.if_array()) {
            for (const json::Value& stream : array(report, "streams")) {
                CHECK(array(stream, "refused").empty());
            }
        }
    }
    CHECK(data_rows(on.database) == before);
}

TEST_CASE("what an older decoder left out is restored by a replay: previewed, committed, and then no more") {
    const Bench& on = synced_bench();
    forget_email(on.database);
    const std::string body =
        "SELECT version || ' ' || (body LIKE '%\"email\":%') FROM documents WHERE tenant_id = " + of_tenant +
        " AND document_id IN (SELECT customer_id FROM memberships m JOIN records r ON r.tenant_id = "
        "m.tenant_id "
        "AND r.entity_id = m.profile_id WHERE r.tenant_id = " +
        of_tenant + " AND r.stream = 'customer')";
    const std::string fetched =
        "SELECT string_agg(fetched_at::text, ' ' ORDER BY connection_id, stream) FROM stream_states WHERE "
        "tenant_id = " +
        of_tenant;
    const std::string fetched_before = on.database.value(fetched);
    const std::string forgotten = on.database.value(body);
    REQUIRE(forgotten.ends_with(" false"));

    const json::Value preview = on.data(replay_of("tastytrade", {"--dry-run"}));
    CHECK(sum(preview, "differing") == 1);
    CHECK(on.database.value(body) == forgotten);
    const Finished shown = on.run(replay_of("tastytrade", {"--dry-run"}));
    CHECK(shown.code == 0);
    CHECK(shown.out.find("email") != std::string::npos);
    CHECK(shown.out.find('@') == std::string::npos);

    const json::Value done = on.data(replay_of("tastytrade", {"--connection", "tasty-01"}));
    CHECK(sum(done, "rewritten") == 1);
    CHECK(on.database.value(body) == std::to_string(std::stoi(forgotten) + 1) + " true");
    CHECK(on.database.value("SELECT cause FROM commits WHERE tenant_id = " + of_tenant +
                            " ORDER BY commit_no DESC LIMIT 1") == "replay");
    CHECK(on.database.value("SELECT operation FROM changes WHERE tenant_id = " + of_tenant +
                            " ORDER BY commit_no DESC, ordinal LIMIT 1") == "changed");
    CHECK(on.database.value(fetched) == fetched_before);
    CHECK(sum(on.data(replay_of("tastytrade")), "differing") == 0);
}

TEST_CASE("a connection that is being synced is replayed another time") {
    const Bench& on = synced_bench();
    const std::string of_tasty =
        " WHERE connection_id = (SELECT connection_id FROM connections WHERE name = 'tasty-01' AND tenant_id "
        "= " +
        of_tenant + ")";
    on.database.run(
        "UPDATE due_queue SET lease_owner = gen_random_uuid(), lease_until = now() + interval '1 h'" +
        of_tasty);
    const Finished refused = on.run(replay_of("tastytrade", {"--json"}));
    CHECK(refused.code == 75);
    CHECK(refused.out == "[]\n");
    CHECK(refused.error.find("tasty-01 was not replayed") != std::string::npos);
    CHECK(on.run(replay_of("tastytrade", {"--dry-run"})).code == 0);
    on.database.run("UPDATE due_queue SET lease_owner = NULL, lease_until = NULL" + of_tasty);
    CHECK(on.run(replay_of("tastytrade")).code == 0);
}

TEST_CASE("a replay that was killed goes on when it is called again, and leaves the rest to nobody") {
    const Bench& on = synced_bench();
    const std::string left = "SELECT count(*) FROM records WHERE hash = 'older' AND tenant_id = " + of_tenant;
    on.database.run(
        "UPDATE records SET hash = 'older' WHERE removed_at IS NULL AND tenant_id = " + of_tenant +
        " AND connection_id = (SELECT connection_id FROM connections WHERE name = 'upvest-01' AND "
        "tenant_id = " +
        of_tenant + ")");
    const std::string all = on.database.value(left);
    REQUIRE(std::stoi(all) > 1000);
    ProgramSettings settings = on.settings;
    settings.lease = "2s";
    {
        tests::ChildProcess process(tributary_command(settings, replay_of("upvest")));
        while (on.database.value(left) == all) {
            REQUIRE(process.running());
        }
        process.kill();
    }
    const int rest = std::stoi(on.database.value(left));
    CHECK(rest > 0);
    Finished again = run_tributary(settings, replay_of("upvest", {"--json"}));
    while (again.code == 75) {
        again = run_tributary(settings, replay_of("upvest", {"--json"}));
    }
    REQUIRE(again.code == 0);
    CHECK(on.database.value(left) == "0");
    CHECK(sum(tree_of(again.out), "rewritten") == rest);
    CHECK(on.database.value("SELECT count(*) FROM runs WHERE cause = 'replay' AND state = 'running'") == "0");
    CHECK(sum(on.data(replay_of("upvest", {"--dry-run"})), "differing") == 0);
}

TEST_CASE("a replay of what is not there is refused with the name of what is") {
    const Bench& on = synced_bench();
    check_refused(on.run(replay_of("upvst")), 2, {"upvest"});
    check_refused(on.run(replay_of("upvest", {"--since", "yesterday"})), 2, {"--since"});
    check_refused(on.run(replay_of("upvest", {"--connection", "tasty-01"})), 2, {"tastytrade"});
    check_refused(on.run(replay_of("upvest", {"--connection", "nobody"})), 1, {"nobody"});
    CHECK(sum(on.data(replay_of("upvest", {"--dry-run", "--since", "2999-01-01T00:00:00Z"})), "versions") ==
          0);
}
