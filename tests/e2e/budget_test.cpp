// How much the providers may still be asked, and what the service does when one says "not so fast".

#include <doctest/doctest.h>

#include <chrono>
#include <set>
#include <string>
#include <thread>

#include "tests/e2e/system/running_system.hpp"
#include "tests/e2e/system/tree.hpp"

using namespace tributary;
using namespace tributary::e2e;

namespace {

/// The budget that a connection draws on.
json::Value budget_of(RunningSystem& system, const std::string& provider, const std::string& connection) {
    const Answer answer = system.api().get("/v1/providers/" + provider + "/budget");
    REQUIRE(answer.status == 200);
    for (const json::Value& budget : array(answer.json, "budgets")) {
        for (const json::Value& id : array(budget, "connection_ids")) {
            if (*id.if_string() == system.connections().at(connection)) return budget;
        }
    }
    FAIL("no budget names the connection");
    return {};
}

/// Looks until the budget's block is as wanted; the test fails where it does not become so in time.
json::Value wait_until_blocked(RunningSystem& system, const std::string& connection, bool wanted) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(30);
    for (;;) {
        json::Value budget = budget_of(system, "upvest", connection);
        if (text(budget, "blocked_until").empty() != wanted) return budget;
        if (std::chrono::steady_clock::now() > deadline) FAIL("the block did not come or go");
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
}

}  // namespace

TEST_CASE("each provider's budgets name every connection once and what may still be asked") {
    RunningSystem& system = RunningSystem::synced();
    std::set<std::string> named;
    for (const std::string provider : {"tastytrade", "tdx", "upvest"}) {
        const Answer answer = system.api().get("/v1/providers/" + provider + "/budget");
        REQUIRE(answer.status == 200);
        CHECK(text(answer.json, "provider") == provider);
        for (const json::Value& budget : array(answer.json, "budgets")) {
            for (const json::Value& id : array(budget, "connection_ids")) {
                CHECK(named.insert(*id.if_string()).second);
            }
            CHECK(number(budget, "window.requests_per_second") > 0);
            CHECK(number(budget, "available") + number(budget, "used") == number(budget, "window.burst"));
            CHECK(number(budget, "reserved.interactive") >= 0);
            CHECK_FALSE(text(budget, "next_free_at").empty());
            REQUIRE(array(budget, "breakers").size() == 1);
            CHECK(text(array(budget, "breakers").front(), "state") == "closed");
        }
    }
    CHECK(named.size() == system.connections().size());
    CHECK(system.api().get("/v1/providers/nobody/budget").status == 404);
}

TEST_CASE(
    "a provider that answers 429 is not asked again before the time it named, and the run then goes on") {
    RunningSystem& system = RunningSystem::synced();
    const std::string name = "upvest-02";
    system.sandbox().fault({{"provider", "upvest"},
                            {"path_prefix", "/account_groups"},
                            {"method", "GET"},
                            {"times", 1},
                            {"status", 429},
                            {"headers", json::Object{{"Retry-After", "8"}}}});
    const auto before = std::chrono::steady_clock::now();
    CHECK(system.api().post("/v1/connections/" + system.connections().at(name) + "/sync").status == 202);
    const json::Value blocked = wait_until_blocked(system, name, true);
    CHECK(text(blocked, "next_free_at") == text(blocked, "blocked_until"));
    system.sync_well({name});
    CHECK(std::chrono::steady_clock::now() - before >= std::chrono::seconds(8));
    wait_until_blocked(system, name, false);
    system.sandbox().clear_faults();
}
