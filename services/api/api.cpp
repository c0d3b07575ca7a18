#include "services/api/api.hpp"

#include <algorithm>
#include <utility>

#include "domain/http/accept.hpp"
#include "services/api/body_rule.hpp"
#include "services/api/idempotency.hpp"
#include "services/api/page_routes.hpp"
#include "services/api/problem.hpp"

namespace tributary::api {

using domain::EntityKind;
using domain::ports::HttpReply;
using domain::ports::HttpRequest;
using domain::ports::Task;

namespace {

/// For requests that no route takes: what the path has, or that there is none.
HttpReply without_route(const HttpRequest& head, const std::vector<std::string_view>& allowed) {
    if (allowed.empty()) {
        return problem(404, "not_found", "There is no such path.");
    }
    std::string methods;
    for (const std::string_view method : allowed) {
        methods += std::string(method) + (method == "GET" ? ", HEAD, " : ", ");
    }
    methods += "OPTIONS";
    HttpReply reply = head.method == "OPTIONS"
                          ? HttpReply{.status = 204}
                          : problem(405, "method_not_allowed", "This path has " + methods + ".");
    reply.fields.add("Allow", methods);
    return reply;
}

/// Parameters that the route does not know, one fault each.
std::vector<domain::Error> unknown_parameters(const Route& route, const http::Query& query) {
    std::vector<domain::Error> faults;
    for (const auto& [name, value] : query) {
        if (std::ranges::find(route.parameters, name) != route.parameters.end()) {
            continue;
        }
        std::string known;
        for (const std::string_view parameter : route.parameters) {
            known += (known.empty() ? "Known here: " : ", ") + std::string(parameter);
        }
        faults.push_back({domain::Errc::invalid_input,
                          "This query parameter is not known. " +
                              (known.empty() ? std::string("None is known here.") : known + "."),
                          domain::pointer_step("", name)});
    }
    return faults;
}

/// Who takes JSON too is given that.
bool wants_events(const HttpRequest& head, const Route& route) {
    const std::string accept = head.fields.joined("Accept");
    return route.endpoint == Endpoint::changes && http::accepts(accept, {"text/event-stream"}) &&
           !http::accepts(accept, {"application/json"});
}

/// Deliveries and pages that need no key are not for programs that choose among media types.
bool is_acceptable(const HttpRequest& head, const Route& route) {
    return route.scope.empty() || wants_events(head, route) ||
           http::accepts(head.fields.joined("Accept"), {"application/json", "application/problem+json"});
}

bool is_list(const Route& route) {
    return std::ranges::find(route.parameters, "page_token") != route.parameters.end();
}

HttpReply too_many_requests(const RateVerdict& rate) {
    const std::string seconds = std::to_string(rate.reset.count());
    HttpReply reply =
        problem(429, "rate_limited",
                "At most " + std::to_string(rate.quota) +
                    " requests a minute are answered, evenly spread; the next one in " + seconds + " s.");
    reply.fields.add("Retry-After", seconds);
    return reply;
}

}  // namespace

Api::Api(ApiTools tools)
    : reads_(tools.reads),
      routes_(tools.routes),
      log_(std::move(tools.log)),
      authenticator_(tools.admin, tools.connections.sealer, tools.clock, tools.tokens),
      rate_limits_(tools.requests_per_minute, tools.clock),
      copies_(tools.copies),
      ready_({tools.reads, tools.copies, authenticator_, rate_limits_, told_texts_, tools.clock},
             tools.routes),
      documents_(tools.reads, tools.connections.sealer, tools.connections.providers,
                 FreshReads(tools.reads, tools.refresher, tools.clock, tools.connections.providers),
                 tools.copies, told_texts_),
      batches_(tools.reads),
      raw_(tools.reads),
      budgets_(tools.traffic, tools.connections.providers),
      keys_({tools.admin, tools.connections.sealer, tools.clock, tools.random, tools.connections.new_id,
             [this](const domain::Uuid& key) { authenticator_.forget(key); }}),
      connections_(std::move(tools.connections), tools.clock),
      review_(tools.review, tools.clock),
      identity_(tools.identity),
      changes_({tools.changes, tools.feed, tools.clock,
                [this](std::string credentials, domain::Uuid tenant) {
                    return may_still_read(std::move(credentials), tenant);
                }}),
      webhooks_(tools.webhooks),
      actions_(std::move(tools.actions)) {}

Task<std::expected<domain::ports::Principal, HttpReply>> Api::principal_of(const HttpRequest& head,
                                                                           const Route& route,
                                                                           const RequestLog& log,
                                                                           Exchange& exchange) {
    if (route.scope.empty()) {
        co_return domain::ports::Principal{};
    }
    const auto shown = head.fields.find("Authorization");
    auto principal = co_await authenticator_.principal_of(shown);
    if (!principal && principal.error().code == domain::Errc::unauthenticated) {
        co_return std::unexpected(unauthenticated(principal.error().detail, shown.has_value()));
    }
    if (!principal) {
        co_return std::unexpected(problem_of(log, principal.error()));
    }
    exchange.rate = rate_limits_.take(caller_of(*principal));
    if (exchange.rate && !exchange.rate->admitted) {
        co_return std::unexpected(too_many_requests(*exchange.rate));
    }
    if (std::ranges::find(principal->scopes, route.scope) == principal->scopes.end()) {
        co_return std::unexpected(problem(
            403, "missing_scope", "The key or token lacks the scope '" + std::string(route.scope) + "'."));
    }
    co_return std::move(*principal);
}

Task<bool> Api::may_still_read(std::string credentials, domain::Uuid tenant) {
    const auto principal = co_await authenticator_.principal_of(credentials);
    // While it cannot be found out, what was allowed stays so.
    if (!principal) {
        co_return principal.error().code != domain::Errc::unauthenticated;
    }
    co_return principal->tenant == tenant&& std::ranges::find(principal->scopes, "read") !=
        principal->scopes.end();
}

Task<std::expected<RequestContext, HttpReply>> Api::context_of(const HttpRequest& head, Exchange& exchange) {
    RequestLog request_log{log_, exchange.request_id, exchange.trace_id};
    const auto segments = http::split_path(head.path);
    if (!segments) {
        co_return std::unexpected(problem(404, "not_found", "There is no such path."));
    }
    Match found = match(head.method, *segments, routes_);
    if (found.route == nullptr) {
        co_return std::unexpected(without_route(head, found.allowed));
    }
    auto principal = co_await principal_of(head, *found.route, request_log, exchange);
    if (!principal) {
        co_return std::unexpected(std::move(principal).error());
    }
    if (!is_acceptable(head, *found.route)) {
        co_return std::unexpected(
            problem(406, "not_acceptable", "Answers here are application/json; accept that."));
    }
    auto query = http::split_query(head.query);
    if (!query) {
        co_return std::unexpected(invalid_request({query.error()}));
    }
    if (const auto faults = unknown_parameters(*found.route, *query); !faults.empty()) {
        co_return std::unexpected(invalid_request(faults));
    }
    auto at = read_at_of(principal->tenant, *query, head.fields);
    if (!at) {
        co_return std::unexpected(invalid_request(at.error()));
    }
    exchange.lists = is_list(*found.route);
    RequestContext context;
    context.at = *at;
    context.log = std::move(request_log);
    context.principal = std::move(*principal);
    context.endpoint = found.route->endpoint;
    context.method = head.method;
    context.idempotency_key = head.fields.joined("Idempotency-Key");
    context.id = std::move(found.id);
    context.provider = std::move(found.provider);
    context.number = std::move(found.number);
    context.held = if_none_match(head.fields);
    context.path = head.path;
    context.query = std::move(*query);
    context.raw_query = head.query;
    if (wants_events(head, *found.route)) {
        context.events = true;
        context.last_event_id = head.fields.find("Last-Event-ID").value_or("");
        context.credentials = head.fields.find("Authorization").value_or("");
    }
    co_return context;
}

Task<std::optional<HttpReply>> Api::admit(HttpRequest& head) {
    Exchange exchange{head.request_id, head.trace.trace_id};
    if (head.path == "*") {
        HttpReply reply{.status = 204};
        reply.fields.add("Allow", "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS");
        co_return finished(std::move(reply), exchange);
    }
    auto context = co_await context_of(head, exchange);
    if (!context) {
        co_return finished(std::move(context).error(), exchange);
    }
    if (is_page(context->endpoint)) {
        co_return finished(page_reply(*context, head), exchange);
    }
    std::optional<HttpReply> refusal = context->endpoint == Endpoint::receive_webhook
                                           ? webhooks_.refusal(*context, head)
                                           : refuse_media_type(body_rule(context->endpoint), head.fields);
    if (!refusal) {
        refusal = refuse_idempotency_key(context->endpoint, head.fields);
    }
    if (refusal) {
        co_return finished(std::move(*refusal), exchange);
    }
    context->exchange = std::move(exchange);
    head.admitted = std::make_shared<RequestContext>(std::move(*context));
    co_return std::nullopt;
}

Task<HttpReply> Api::handle(HttpRequest request) {
    const auto admitted = std::static_pointer_cast<RequestContext>(std::exchange(request.admitted, nullptr));
    RequestContext context = std::move(*admitted);
    const Exchange exchange = std::move(context.exchange);
    const domain::Uuid tenant = context.principal.tenant;
    HttpReply reply = co_await with_position(co_await answer(std::move(context), std::move(request)), tenant);
    if (const auto told = reply.fields.find("Tributary-Position")) {
        if (const auto position = domain::parse_position(*told)) {
            copies_.told(tenant, *position);
        }
    }
    co_return finished(std::move(reply), exchange);
}

Task<HttpReply> Api::with_position(HttpReply reply, domain::Uuid tenant) {
    const bool is_told = reply.fields.find("Tributary-Position").has_value();
    if (reply.status >= 400 || is_told || tenant == domain::Uuid{}) {
        co_return reply;
    }
    if (const auto moment = co_await reads_.moment({tenant})) {
        add_position(reply, *moment);
    }
    co_return reply;
}

Task<HttpReply> Api::answer(RequestContext context, HttpRequest request) {
    if (context.endpoint == Endpoint::receive_webhook) {
        co_return co_await webhooks_.receive(std::move(context), std::move(request));
    }
    if (auto refusal = refuse_body(body_rule(context.endpoint), request.body)) {
        co_return std::move(*refusal);
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
        case customer_raw:
            return raw_.raw(std::move(context), EntityKind::customer);
        case customer_overview:
            return documents_.overview(std::move(context));
        case customer_accounts:
            return documents_.list_of_customer(std::move(context), EntityKind::account);
        case customer_sub_accounts:
            return documents_.list_of_customer(std::move(context), EntityKind::sub_account);
        case customer_account_groups:
            return documents_.list_of_customer(std::move(context), EntityKind::account_group);
        case customer_account:
            return documents_.object_of_customer(std::move(context), EntityKind::account);
        case customer_sub_account:
            return documents_.object_of_customer(std::move(context), EntityKind::sub_account);
        case customer_account_group:
            return documents_.object_of_customer(std::move(context), EntityKind::account_group);
        case batch_customers:
            return batches_.get(std::move(context), EntityKind::customer);
        case batch_accounts:
            return batches_.get(std::move(context), EntityKind::account);
        case batch_sub_accounts:
            return batches_.get(std::move(context), EntityKind::sub_account);
        case batch_account_groups:
            return batches_.get(std::move(context), EntityKind::account_group);
        case accounts:
            return documents_.list(std::move(context), EntityKind::account);
        case account:
            return documents_.object(std::move(context), EntityKind::account);
        case account_raw:
            return raw_.raw(std::move(context), EntityKind::account);
        case sub_accounts:
            return documents_.list(std::move(context), EntityKind::sub_account);
        case sub_account:
            return documents_.object(std::move(context), EntityKind::sub_account);
        case sub_account_raw:
            return raw_.raw(std::move(context), EntityKind::sub_account);
        case account_groups:
            return documents_.list(std::move(context), EntityKind::account_group);
        case account_group:
            return documents_.object(std::move(context), EntityKind::account_group);
        case account_group_raw:
            return raw_.raw(std::move(context), EntityKind::account_group);
        case changes:
            return changes_.changes(std::move(context));
        case identity_links:
        case identity_suggestions:
            return documents_.list(std::move(context), EntityKind::identity_link);
        case identity_link:
            return documents_.object(std::move(context), EntityKind::identity_link);
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
        case explain_customer:
            return identity_.explain(std::move(context));
        case accept_suggestion:
            return identity_.decide(std::move(context), domain::LinkVerb::link);
        case reject_suggestion:
        case unlink:
            return identity_.decide(std::move(context), domain::LinkVerb::reject);
        case reopen_link:
            return identity_.decide(std::move(context), domain::LinkVerb::reopen);
        case create_link:
            return identity_.link(std::move(context));
        case put_preferences:
        case put_attribute:
        case delete_attribute:
        case create_account_group:
        case close_account_group:
            return actions_.change(std::move(context));
        case actions:
            return actions_.list(std::move(context));
        case action:
            return actions_.object(std::move(context));
        case keys:
            return keys_.list(std::move(context));
        case create_key:
            return keys_.create(std::move(context));
        case rotate_key:
            return keys_.rotate(std::move(context));
        case revoke_key:
            return keys_.revoke(std::move(context));
        case provider_budget:
            return budgets_.budget(std::move(context));
        case connection_webhooks:
            return webhooks_.inbox(std::move(context));
        // The one needs the request as it was sent; the others are answered by the head alone.
        case receive_webhook:
        case openapi_document:
        case docs:
        case docs_file:
        case problems:
        case problem_page:
            break;
    }
    std::unreachable();
}

}  // namespace tributary::api
