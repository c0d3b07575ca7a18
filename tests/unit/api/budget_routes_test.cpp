#include "services/api/budget_routes.hpp"

#include <doctest/doctest.h>

#include "domain/json/write.hpp"

using namespace tributary;
using domain::ports::BudgetView;

namespace {

BudgetView view() {
    BudgetView budget;
    budget.users = {{domain::Uuid{}, "https://a"}, {domain::Uuid{}, "https://a"}};
    budget.terms = {250, 25};
    budget.available = 20;
    budget.used = 5;
    budget.reserved_interactive = 3;
    budget.next_free_at = domain::parse_timestamp("2026-01-02T03:04:05Z").value();
    return budget;
}

}  // namespace

TEST_CASE("a budget without a block says null, one with a block says until when") {
    const sync::Hosts hosts;
    BudgetView budget = view();
    CHECK(
        json::write(api::budget_object(budget, hosts)) ==
        R"({"connection_ids":["00000000-0000-0000-0000-000000000000","00000000-0000-0000-0000-000000000000"],)"
        R"("window":{"requests_per_second":250,"burst":25},"available":20,"used":5,)"
        R"("reserved":{"interactive":3,"background":0},"next_free_at":"2026-01-02T03:04:05Z",)"
        R"("blocked_until":null,"breakers":[{"base_url":"https://a","state":"closed"}]})");
    budget.blocked_until = budget.next_free_at;
    const json::Object blocked = api::budget_object(budget, hosts);
    REQUIRE(json::find(blocked, "blocked_until") != nullptr);
    CHECK(json::write(*json::find(blocked, "blocked_until")) == "\"2026-01-02T03:04:05Z\"");
}

TEST_CASE("a host in trouble shows in the budgets of its connections") {
    sync::Hosts hosts;
    const auto now = sync::Hosts::Time(std::chrono::hours(1));
    for (int i = 0; i < 5; ++i) {
        hosts.failed("https://a", now);
    }
    const std::string text = json::write(api::budget_object(view(), hosts));
    CHECK(text.find(R"({"base_url":"https://a","state":"open"})") != std::string::npos);
}
