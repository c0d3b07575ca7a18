#include "services/api/key_routes.hpp"

#include <algorithm>
#include <utility>

#include "domain/json/write.hpp"
#include "domain/try.hpp"
#include "services/admin/api_key.hpp"
#include "services/admin/json_body.hpp"
#include "services/admin/key_request.hpp"
#include "services/admin/key_text.hpp"
#include "services/api/list_parameters.hpp"
#include "services/api/problem.hpp"
#include "services/api/row_list.hpp"

namespace tributary::api {

using domain::Result;
using domain::ports::ApiKey;
using domain::ports::HttpReply;
using domain::ports::KeyQuery;
using domain::ports::KeyRotation;
using domain::ports::Principal;
using domain::ports::Task;

namespace {

Result<KeyQuery> read_query(const RequestContext& context, const domain::ports::Sealer& sealer) {
    KeyQuery query;
    TRIBUTARY_TRY_LET(size, page_size_of(context.query));
    query.limit = size;
    TRIBUTARY_TRY_LET(after, last_seen(context, sealer, question_of(context, "keys", "")));
    query.after = after;
    return query;
}

/// Refuses to hand on what the caller may not do.
std::optional<HttpReply> refusal_to_grant(const Principal& caller, const std::vector<std::string>& scopes) {
    for (const std::string& scope : scopes) {
        if (std::ranges::find(caller.scopes, scope) == caller.scopes.end()) {
            return problem(403, "missing_scope",
                           "Nobody grants a scope that they lack; this one is '" + scope + "'.");
        }
    }
    return std::nullopt;
}

/// The only answer that ever holds the key, and so nobody keeps it.
HttpReply made_reply(const ApiKey& key, const std::string& text) {
    json::Object body = admin::key_object(key);
    json::set(body, "key", text);
    HttpReply reply;
    reply.status = 201;
    reply.fields.add("Content-Type", "application/json");
    reply.fields.add("Cache-Control", "no-store");
    reply.body = json::write(body);
    return reply;
}

}  // namespace

KeyRoutes::KeyRoutes(KeyTools tools) : tools_(std::move(tools)) {}

Task<HttpReply> KeyRoutes::list(RequestContext context) {
    auto query = read_query(context, tools_.sealer);
    if (!query) {
        co_return problem_of(context.log, query.error());
    }
    const ListQuestion asked{context.path, query->limit};
    ++query->limit;
    const auto now = tools_.clock.now();
    auto found = co_await tools_.store.key_page(context.principal.tenant, *query);
    if (!found) {
        co_return problem_of(context.log, found.error());
    }
    co_return page_of(std::move(*found), asked, now, tools_.sealer, question_of(context, "keys", ""),
                      admin::key_object);
}

Task<HttpReply> KeyRoutes::create(RequestContext context) {
    const auto body = admin::read_json_body(context.body);
    if (!body) {
        co_return invalid_request(body.error());
    }
    const auto request = admin::read_key_request(*body);
    if (!request) {
        co_return invalid_request(request.error());
    }
    if (auto refusal = refusal_to_grant(context.principal, request->scopes)) {
        co_return std::move(*refusal);
    }
    const std::string text = admin::make_api_key(tools_.random);
    ApiKey key;
    key.id = tools_.new_id();
    key.tenant = context.principal.tenant;
    key.prefix = admin::api_key_prefix(text);
    key.scopes = request->scopes;
    if (request->life) {
        key.expires_at = tools_.clock.now() + *request->life;
    }
    const auto stored =
        co_await tools_.store.create_key(std::move(key), admin::api_key_hash(tools_.sealer, text));
    if (!stored) {
        co_return problem_of(context.log, stored.error());
    }
    co_return made_reply(*stored, text);
}

Task<HttpReply> KeyRoutes::rotate(RequestContext context) {
    const auto id = domain::parse_uuid(context.id);
    if (!id) {
        co_return no_such_object();
    }
    // Without a body as with an empty object.
    const auto body = admin::read_json_body(context.body.empty() ? "{}" : context.body);
    if (!body) {
        co_return invalid_request(body.error());
    }
    const auto grace = admin::read_rotate_request(*body);
    if (!grace) {
        co_return invalid_request(grace.error());
    }
    const auto old = co_await tools_.store.key(context.principal.tenant, *id);
    if (!old) {
        co_return problem_of(context.log, old.error());
    }
    // A key's scopes never change, so that nobody is ahead of this look.
    if (auto refusal = refusal_to_grant(context.principal, old->scopes)) {
        co_return std::move(*refusal);
    }
    const std::string text = admin::make_api_key(tools_.random);
    KeyRotation rotation{context.principal.tenant, *id, tools_.new_id(), admin::api_key_prefix(text), *grace};
    const auto made =
        co_await tools_.store.rotate_key(std::move(rotation), admin::api_key_hash(tools_.sealer, text));
    if (!made) {
        co_return problem_of(context.log, made.error());
    }
    tools_.forget(*id);
    co_return made_reply(*made, text);
}

Task<HttpReply> KeyRoutes::revoke(RequestContext context) {
    const auto id = domain::parse_uuid(context.id);
    if (!id) {
        co_return no_such_object();
    }
    const auto revoked = co_await tools_.store.revoke_key(context.principal.tenant, *id);
    if (!revoked) {
        co_return problem_of(context.log, revoked.error());
    }
    tools_.forget(*id);
    const auto key = co_await tools_.store.key(context.principal.tenant, *id);
    if (!key) {
        co_return problem_of(context.log, key.error());
    }
    co_return json_reply(json::write(admin::key_object(*key)));
}

}  // namespace tributary::api
