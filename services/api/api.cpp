#include "services/api/api.hpp"

#include <algorithm>
#include <utility>

#include "domain/http/grammar.hpp"
#include "services/api/problem.hpp"

namespace tributary::api {

using domain::EntityKind;
using domain::ports::HttpReply;
using domain::ports::HttpRequest;
using domain::ports::Task;

namespace {

HttpReply wrong_method(const std::vector<std::string_view>& allowed) {
    std::string methods;
    for (const std::string_view method : allowed) {
        methods += (methods.empty() ? "" : ", ") + std::string(method);
        if (method == "GET") {
            methods += ", HEAD";
        }
    }
    HttpReply reply = problem(405, "method_not_allowed", "This path has " + methods + ".");
    reply.fields.add("Allow", methods);
    return reply;
}

/// Parameters that the route does not know, one fault each.
std::vector<domain::Error> unknown_parameters(const Route& route, const http::Query& query) {
    std::vector<domain::Error> faults;
    for (const auto& [name, value] : query) {
        if (std::ranges::find(route.parameters, name) == route.parameters.end()) {
            faults.push_back({domain::Errc::invalid_input, "This query parameter is not known here.",
                              domain::pointer_step("", name)});
        }
    }
    return faults;
}

bool is_json(std::optional<std::string_view> content_type) {
    return content_type && http::has_media_type(*content_type, "application/json");
}

}  // namespace

Api::Api(ApiTools tools)
    : log_(std::move(tools.log)),
      authenticator_(tools.admin, tools.connections.sealer, tools.clock),
      documents_(tools.reads, tools.connections.sealer,
                 FreshReads(tools.reads, tools.refresher, tools.clock, tools.connections.providers)),
      budgets_(tools.traffic, tools.connections.providers),
      connections_(std::move(tools.connections), tools.clock),
      review_(tools.review, tools.clock),
      webhooks_(tools.webhooks) {}

Task<std::expected<domain::ports::Principal, HttpReply>> Api::principal_of(const HttpRequest& head,
                                                                           const Route& route,
                                                                           const RequestLog& log) {
    if (route.scope.empty()) {
        co_return domain::ports::Principal{};
    }
    auto principal = co_await authenticator_.principal_of(head.fields.find("Authorization"));
    if (!principal) {
        co_return std::unexpected(problem_of(log, principal.error()));
    }
    if (std::ranges::find(principal->scopes, route.scope) == principal->scopes.end()) {
        co_return std::unexpected(
            problem(403, "missing_scope", "This key lacks the scope '" + std::string(route.scope) + "'."));
    }
    co_return std::move(*principal);
}

Task<std::expected<RequestContext, HttpReply>> Api::context_of(const HttpRequest& head) {
    RequestLog request_log{log_, head.request_id};
    const auto segments = http::split_path(head.path);
    if (!segments) {
        co_return std::unexpected(problem(404, "not_found", "There is no such path."));
    }
    Match found = match(head.method, *segments);
    if (found.route == nullptr) {
        co_return std::unexpected(found.allowed.empty() ? problem(404, "not_found", "There is no such path.")
                                                        : wrong_method(found.allowed));
    }
    auto principal = co_await principal_of(head, *found.route, request_log);
    if (!principal) {
        co_return std::unexpected(std::move(principal).error());
    }
    auto query = http::split_query(head.query);
    if (!query) {
        co_return std::unexpected(invalid_request({query.error()}));
    }
    if (const auto faults = unknown_parameters(*found.route, *query); !faults.empty()) {
        co_return std::unexpected(invalid_request(faults));
    }
    RequestContext context;
    context.log = std::move(request_log);
    context.principal = std::move(*principal);
    context.endpoint = found.route->endpoint;
    context.id = std::move(found.id);
    context.provider = std::move(found.provider);
    context.path = head.path;
    context.query = std::move(*query);
    context.raw_query = head.query;
    co_return context;
}

Task<std::optional<HttpReply>> Api::admit(HttpRequest& head) {
    auto context = co_await context_of(head);
    if (!context) {
        co_return std::move(context).error();
    }
    if (context->endpoint == Endpoint::receive_webhook) {
        std::optional<HttpReply> refusal = webhooks_.refusal(*context, head);
        head.admitted = std::make_shared<RequestContext>(std::move(*context));
        co_return refusal;
    }
    const bool has_body =
        context->endpoint == Endpoint::create_connection || context->endpoint == Endpoint::repair_connection;
    if (has_body && !is_json(head.fields.find("Content-Type"))) {
        co_return problem(415, "unsupported_media_type", "Send the body as application/json.");
    }
    head.admitted = std::make_shared<RequestContext>(std::move(*context));
    co_return std::nullopt;
}

Task<HttpReply> Api::handle(HttpRequest request) {
    const auto admitted = std::static_pointer_cast<RequestContext>(std::exchange(request.admitted, nullptr));
    RequestContext context = std::move(*admitted);
    if (context.endpoint == Endpoint::receive_webhook) {
        co_return co_await webhooks_.receive(std::move(context), std::move(request));
    }
    context.body = std::move(request.body);
    co_return co_await dispatch(std::move(context));
}

Task<HttpReply> Api::dispatch(RequestContext context) {
    using enum Endpoint;
    switch (context.endpoint) {
        case customers:
            return documents_.list(std::move(context), EntityKind::customer);
        case customer:
            return documents_.object(std::move(context), EntityKind::customer);
        case customer_overview:
            return documents_.overview(std::move(context));
        case customer_accounts:
            return documents_.list_of_customer(std::move(context), EntityKind::account);
        case customer_sub_accounts:
            return documents_.list_of_customer(std::move(context), EntityKind::sub_account);
        case customer_account_groups:
            return documents_.list_of_customer(std::move(context), EntityKind::account_group);
        case accounts:
            return documents_.list(std::move(context), EntityKind::account);
        case account:
            return documents_.object(std::move(context), EntityKind::account);
        case sub_accounts:
            return documents_.list(std::move(context), EntityKind::sub_account);
        case sub_account:
            return documents_.object(std::move(context), EntityKind::sub_account);
        case account_groups:
            return documents_.list(std::move(context), EntityKind::account_group);
        case account_group:
            return documents_.object(std::move(context), EntityKind::account_group);
        case connections:
            return connections_.list(std::move(context));
        case connection:
            return connections_.object(std::move(context));
        case create_connection:
            return connections_.create(std::move(context));
        case delete_connection:
            return connections_.remove(std::move(context));
        case repair_connection:
            return connections_.repair(std::move(context));
        case resume_connection:
            return connections_.resume(std::move(context));
        case sync_connection:
            return connections_.sync(std::move(context));
        case runs:
            return connections_.runs(std::move(context));
        case run:
            return connections_.run(std::move(context));
        case run_proposal:
            return connections_.proposal(std::move(context));
        case approve_proposal:
            return connections_.decide(std::move(context), true);
        case reject_proposal:
            return connections_.decide(std::move(context), false);
        case drift:
            return review_.drift(std::move(context));
        case accept_drift:
            return review_.accept(std::move(context));
        case quarantine:
            return review_.quarantine(std::move(context));
        case quarantined_object:
            return review_.quarantined(std::move(context));
        case reprocess_quarantined:
            return review_.reprocess(std::move(context));
        case provider_budget:
            return budgets_.budget(std::move(context));
        case connection_webhooks:
            return webhooks_.inbox(std::move(context));
        case receive_webhook:
            break;  // needs the request as it was sent
    }
    std::unreachable();
}

}  // namespace tributary::api
