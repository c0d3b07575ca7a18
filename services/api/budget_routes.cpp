#include "services/api/budget_routes.hpp"

#include <set>
#include <utility>

#include "domain/json/write.hpp"
#include "services/api/problem.hpp"

namespace tributary::api {

using domain::ports::BudgetView;
using domain::ports::HttpReply;
using domain::ports::Task;

json::Object budget_object(const BudgetView& budget, const sync::Hosts& hosts) {
    json::Array connections;
    std::set<std::string> origins;
    for (const BudgetView::User& user : budget.users) {
        connections.emplace_back(to_text(user.connection));
        origins.insert(user.base_url);
    }
    json::Array breakers;
    for (const std::string& origin : origins) {
        breakers.emplace_back(
            json::Object{{"base_url", origin}, {"state", std::string(name_of(hosts.breaker(origin)))}});
    }
    return {
        {"connection_ids", std::move(connections)},
        {"window", json::Object{{"requests_per_second", budget.terms.rate}, {"burst", budget.terms.burst}}},
        {"available", budget.available},
        {"used", budget.used},
        {"reserved", json::Object{{"interactive", budget.reserved_interactive},
                                  {"background", budget.reserved_background}}},
        {"next_free_at", domain::to_text(budget.next_free_at)},
        {"blocked_until",
         budget.blocked_until ? json::Value(domain::to_text(*budget.blocked_until)) : json::Value()},
        {"breakers", std::move(breakers)}};
}

BudgetRoutes::BudgetRoutes(sync::Traffic& traffic, const sync::Providers& providers)
    : traffic_(traffic), providers_(providers) {}

Task<HttpReply> BudgetRoutes::budget(RequestContext context) {
    if (providers_.find(context.id) == nullptr) {
        co_return problem(404, "not_found", "There is no such provider.");
    }
    const auto budgets = co_await traffic_.budgets.budgets(context.principal.tenant, context.id);
    if (!budgets) {
        co_return problem_of(context.log, budgets.error());
    }
    json::Array items;
    for (const BudgetView& budget : *budgets) {
        items.emplace_back(budget_object(budget, traffic_.hosts));
    }
    co_return json_reply(json::write(json::Object{{"provider", context.id}, {"budgets", std::move(items)}}));
}

}  // namespace tributary::api
