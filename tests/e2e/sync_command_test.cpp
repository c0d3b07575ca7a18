// `tributary sync`: it waits, does the work itself where no service runs, and its exit code tells what became
// of it.

#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <string>
#include <thread>
#include <vector>

#include "command_bench.hpp"
#include "tests/e2e/system/program.hpp"
#include "tests/e2e/system/running_system.hpp"
#include "tests/e2e/system/tree.hpp"
#include "tests/support/blocking_http.hpp"

using namespace tributary;
using namespace tributary::e2e;
using tests::Finished;

TEST_CASE("sync waits for its work and does it itself where no service runs") {
    const Bench& on = bench();
    on.data({"tenant", "create", "alone"});
    const std::string tenant = "alone";
    const std::string count =
        "SELECT count(*) FROM documents d JOIN tenants t USING (tenant_id) WHERE t.name = 'alone'";
    const json::Value made =
        on.data({"connection", "add", connection_file(on.folder, "tasty-01"), "--tenant", tenant});
    CHECK(text(made, "name") == "tasty-01");
    CHECK(on.data({"connection", "list", "--tenant", tenant}).if_array()->size() == 1);
    check_refused(on.run({"connection", "show", "tasty-99", "--tenant", tenant}), 1, {"tasty-99"});

    const json::Value asked = on.data({"sync", "--tenant", tenant, "--connection", "tasty-01"});
    CHECK(text(asked.if_array()->front(), "state") == "queued");
    CHECK(on.database.value(count) == "0");
    const json::Value runs = on.data({"sync", "--tenant", tenant, "--wait"});
    CHECK(text(runs.if_array()->front(), "state") == "succeeded");
    CHECK(std::stoi(on.database.value(count)) >= 4);
    CHECK(text(on.data({"connection", "show", "tasty-01", "--tenant", tenant}), "status") == "active");

    CHECK(text(on.data({"connection", "pause", "tasty-01", "--tenant", tenant}), "status") == "paused");
    CHECK(on.data({"sync", "--tenant", tenant, "--wait"}).if_array()->empty());
    CHECK(text(on.data({"connection", "resume", "tasty-01", "--tenant", tenant}), "status") == "active");

    const std::string wrong = connection_file(
        on.folder, "tasty-02",
        {{"name", "wrong"}, {"credentials", json::Object{{"client_secret", "no"}, {"refresh_token", "no"}}}});
    on.data({"connection", "add", wrong, "--tenant", tenant});
    const Finished failed = on.run({"sync", "--tenant", tenant, "--connection", "wrong", "--wait", "--json"});
    CHECK(failed.code == 1);
    CHECK(text(tree_of(failed.out).if_array()->front(), "error.code") == "unauthenticated");

    const std::string attempts =
        "SELECT count(*) FROM runs r JOIN connections c USING (tenant_id, connection_id) WHERE c.name = "
        "'wrong'";
    const std::string attempted = on.database.value(attempts);
    const Finished others = on.run({"sync", "--tenant", tenant, "--wait", "--json"});
    CHECK(others.code == 1);
    CHECK(others.error.find("wrong was left out") != std::string::npos);
    REQUIRE(tree_of(others.out).if_array()->size() == 1);
    CHECK(text(tree_of(others.out).if_array()->front(), "state") == "succeeded");
    CHECK(on.database.value(attempts) == attempted);

    const json::Value stopped = on.data({"connection", "show", "wrong", "--tenant", tenant});
    CHECK(text(stopped, "status") == "reauth_required");
    CHECK(text(stopped, "next_step").find("connection repair") != std::string::npos);
    check_refused(
        on.run({"connection", "repair", "wrong", on.folder.file("none.json", "{}"), "--tenant", tenant}), 2,
        {"required"});
    const std::string right = connection_file(on.folder, "tasty-02", {{"name", "wrong"}});
    const json::Value repaired = on.data({"connection", "repair", "wrong", right, "--tenant", tenant});
    CHECK(text(repaired, "id") == text(stopped, "id"));
    CHECK(text(repaired, "status") == "pending");
    const json::Value again = on.data({"sync", "--tenant", tenant, "--connection", "wrong", "--wait"});
    CHECK(text(again.if_array()->front(), "state") == "succeeded");

    CHECK(text(on.data({"connection", "remove", "wrong", "--tenant", tenant}), "status") == "removing");
    check_refused(on.run({"connection", "add", connection_file(on.folder, "tasty-01"), "--tenant", tenant}),
                  1, {"exists already"});
    const std::string nonsense = on.folder.file("nonsense.json", "{");
    check_refused(on.run({"connection", "add", nonsense, "--tenant", tenant}), 2, {"JSON"});
    check_refused(on.run({"connection", "add", "/nowhere/x.json", "--tenant", tenant}), 2,
                  {"/nowhere/x.json"});
    check_refused(on.run({"connection", "add", on.folder.path(), "--tenant", tenant}), 2, {"directory"});
    const std::string large = on.folder.file("large.json", std::string((std::size_t{1} << 20U) + 1, ' '));
    check_refused(on.run({"connection", "add", large, "--tenant", tenant}), 2, {"1 MiB"});
}

TEST_CASE("sync of a provider that is away says to try again later") {
    const Bench& on = bench();
    Sandbox& sandbox = RunningSystem::get().sandbox();
    on.data({"tenant", "create", "away"});
    on.data({"connection", "add", connection_file(on.folder, "tasty-03"), "--tenant", "away"});
    const std::vector<std::string> words{"sync", "--tenant", "away", "--wait", "--json"};
    sandbox.fault({{"provider", "tastytrade"}, {"path_prefix", "/"}, {"times", 1000}, {"status", 500}});
    const Finished away = on.run(words);
    sandbox.clear_faults();
    CAPTURE(away.out);
    CHECK(away.code == 75);
    CHECK(text(tree_of(away.out).if_array()->front(), "error.code") == "unavailable");

    sandbox.fault({{"provider", "tastytrade"},
                   {"path_prefix", "/customers/me/accounts"},
                   {"times", 1000},
                   {"status", 500}});
    const Finished half = on.run(words);
    sandbox.clear_faults();
    CAPTURE(half.out);
    CHECK(half.code == 1);
    CHECK(text(tree_of(half.out).if_array()->front(), "state") == "partial");
    CHECK(on.run(words).code == 0);
}
