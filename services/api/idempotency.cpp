#include "services/api/idempotency.hpp"

#include <algorithm>

#include "domain/content_hash.hpp"
#include "domain/json/parse.hpp"
#include "domain/json/write.hpp"
#include "services/api/problem.hpp"

namespace tributary::api {

namespace {

constexpr std::size_t longest_key = 255;

/// Not a character of any part, so that no two requests are written alike.
constexpr char between = '\x1f';

}  // namespace

bool needs_idempotency_key(Endpoint endpoint) {
    using enum Endpoint;
    return endpoint == put_preferences || endpoint == put_attribute || endpoint == delete_attribute ||
           endpoint == create_account_group || endpoint == close_account_group;
}

std::optional<domain::ports::HttpReply> refuse_idempotency_key(Endpoint endpoint,
                                                               const domain::ports::HttpFields& fields) {
    if (!needs_idempotency_key(endpoint)) {
        return std::nullopt;
    }
    const auto first = fields.find("Idempotency-Key");
    if (!first) {
        return problem(400, "missing_idempotency_key",
                       "Send an Idempotency-Key, e.g. a UUID, and the same one again if you repeat this.");
    }
    // Several are joined, and then longer than the first.
    const std::string key = fields.joined("Idempotency-Key");
    const bool visible = std::ranges::all_of(key, [](char c) { return c > ' ' && c <= '~'; });
    if (key.empty() || key.size() > longest_key || key.size() != first->size() || !visible) {
        return problem(400, "invalid_idempotency_key",
                       "An Idempotency-Key is one field of 1 to 255 visible ASCII characters.");
    }
    return std::nullopt;
}

std::string idempotency_hash(const domain::ports::Sealer& sealer, const RequestContext& context) {
    return domain::hex_text(sealer.fingerprint("idempotency_key", to_text(context.principal.tenant) +
                                                                      between + context.principal.label +
                                                                      between + context.idempotency_key));
}

std::string request_fingerprint(const domain::ports::Sealer& sealer, const RequestContext& context) {
    const auto body = json::parse(context.body);
    const std::string written = body ? json::write(body->root) : context.body;
    return domain::hex_text(
        sealer.fingerprint("action_request", context.method + between + context.path + between + written));
}

}  // namespace tributary::api
