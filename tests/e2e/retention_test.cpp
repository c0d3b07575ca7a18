// A service that is told how long the past is kept.
#include <doctest/doctest.h>

#include <chrono>
#include <thread>

#include "tests/e2e/command_bench.hpp"

using namespace tributary;
using namespace tributary::e2e;

TEST_CASE(
    "a service that is told how long the past is kept lets go of what is older, and ends when told to") {
    const Bench on;
    on.data({"tenant", "create", "main"});
    on.database.run(
        "INSERT INTO commits SELECT tenant_id, n, now() - (4 - n) * interval '1 hour', 'run', "
        "gen_random_uuid() "
        "FROM tenants, generate_series(1, 4) n WHERE name = 'main'");
    on.database.run(
        "UPDATE feed_head SET commit_no = 4 FROM tenants t WHERE t.name = 'main' AND t.tenant_id = "
        "feed_head.tenant_id");
    tests::ChildProcess service(tributary_command(on.settings, {"serve", "--history.retention", "2h"}));
    const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(30);
    while (on.database.value("SELECT count(*) FROM commits") != "3" && service.running() &&
           std::chrono::steady_clock::now() < until) {
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    CHECK(on.database.value("SELECT string_agg(commit_no::text, ' ' ORDER BY commit_no) FROM commits") ==
          "2 3 4");
    CHECK(on.database.value("SELECT max(horizon) FROM feed_head") == "2");
    CHECK(service.stop() == 0);
}
