#include "services/api/identity_routes.hpp"

#include <memory>
#include <utility>

#include "domain/json/write.hpp"
#include "domain/try.hpp"
#include "services/admin/json_body.hpp"
#include "services/api/explain_text.hpp"
#include "services/api/identity_text.hpp"
#include "services/api/link_request.hpp"
#include "services/api/me.hpp"
#include "services/api/merged_reply.hpp"
#include "services/api/problem.hpp"
#include "services/sync/view_rules.hpp"
#include "services/view/explain.hpp"

namespace tributary::api {

using domain::Result;
using domain::ports::HttpReply;
using domain::ports::PageTransaction;
using domain::ports::Task;

IdentityRoutes::IdentityRoutes(IdentityTools tools) : tools_(std::move(tools)) {}

Task<HttpReply> IdentityRoutes::decide(RequestContext context, domain::LinkVerb verb) {
    const auto id = domain::parse_uuid(context.id);
    if (!id) {
        co_return no_such_object();
    }
    view::LinkOrder order{.about = *id, .verb = verb, .by = context.principal.label, .act = tools_.new_id()};
    co_return co_await carry_out(std::move(context), std::move(order));
}

Task<HttpReply> IdentityRoutes::link(RequestContext context) {
    const auto body = admin::read_json_body(context.body);
    if (!body) {
        co_return invalid_request(body.error());
    }
    const auto request = read_link_request(*body);
    if (!request) {
        co_return invalid_request(request.error());
    }
    view::LinkOrder order{.about = request->profiles,
                          .verb = domain::LinkVerb::link,
                          .by = context.principal.label,
                          .reason = request->reason,
                          .act = tools_.new_id()};
    co_return co_await carry_out(std::move(context), std::move(order));
}

Task<HttpReply> IdentityRoutes::carry_out(RequestContext context, view::LinkOrder order) {
    const domain::Uuid tenant = context.principal.tenant;
    const Variant variant = variant_of(context.principal);
    auto decided = std::make_shared<view::DecidedLink>();
    auto job = [tenant, order = std::move(order), decided,
                rules = sync::view_rules(tools_.sealer, tools_.providers)](
                   PageTransaction& transaction) -> Result<void> {
        TRIBUTARY_TRY_LET(made, view::decide_link(transaction, tenant, order, rules));
        *decided = std::move(made);
        return {};
    };
    const auto done = co_await tools_.pages.transact(tenant, std::move(job));
    if (!done) {
        co_return problem_of(context.log, done.error());
    }
    co_return json_reply(json::write(decided_object(tenant, *decided, variant)));
}

Task<HttpReply> IdentityRoutes::explain(RequestContext asked) {
    auto resolved = co_await me_resolved(tools_.reads, std::move(asked));
    if (!resolved) {
        co_return std::move(resolved).error();
    }
    const RequestContext context = std::move(*resolved);
    const auto id = domain::parse_uuid(context.id);
    if (!id) {
        co_return no_such_object();
    }
    const auto read = co_await tools_.explanations.explain(context.principal.tenant, *id);
    if (!read) {
        co_return problem_of(context.log, read.error());
    }
    if (read->customer.redirect_to) {
        co_return merged_reply(context, *read->customer.redirect_to, read->customer.moment);
    }
    // Of what was removed there is nothing left to explain.
    if (!read->customer.document || read->customer.document->removed) {
        co_return no_such_object();
    }
    const auto origins = [this](std::string_view provider, std::string_view stream, std::string_view field) {
        const domain::ports::Provider* known = tools_.providers.find(provider);
        return known == nullptr ? std::nullopt : known->field_origin(stream, field);
    };
    const view::Explanation explanation = view::explain(*read, tools_.providers.precedence(), origins);
    HttpReply reply = json_reply(
        explanation_text(context.principal.tenant, *id, explanation, variant_of(context.principal)));
    add_position(reply, read->customer.moment);
    co_return reply;
}

}  // namespace tributary::api
