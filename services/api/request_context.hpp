// A request that was admitted: who asks, for what, with which parameters.
#pragma once

#include <algorithm>
#include <string>

#include "domain/http/target.hpp"
#include "domain/ports/admin_store.hpp"
#include "domain/ports/http.hpp"
#include "services/api/conditional.hpp"
#include "services/api/finished_reply.hpp"
#include "services/api/moment_fields.hpp"
#include "services/api/problem.hpp"
#include "services/api/router.hpp"

namespace tributary::api {

struct RequestContext {
    RequestLog log;
    /// For the answer.
    Exchange exchange = {};
    /// Nobody where the route asks for no key.
    domain::ports::Principal principal;
    /// Whose data, and as they were when.
    domain::ports::ReadAt at = {};
    Endpoint endpoint = Endpoint::customers;
    /// As it was sent.
    std::string method;
    /// Only of operations that need one: 1 to 255 visible ASCII characters.
    std::string idempotency_key;
    std::string id;
    /// The texts in the places of "{provider}" and "{number}".
    std::string provider;
    std::string number;
    /// Encoded path, for Link fields.
    std::string path;
    http::Query query;
    /// The query as it was sent, without '?', for a Location field.
    std::string raw_query;
    /// What the reader has already.
    EntityTags held;
    /// Of a route that has both: server-sent events are wanted, and what Last-Event-ID says.
    bool events = false;
    std::string last_event_id;
    /// The Authorization field, for what outlives the request's own check of it.
    std::string credentials;
    std::string body;
};

/// Personal data are for those who have their scope.
inline Variant variant_of(const domain::ports::Principal& principal) {
    const bool personal = std::ranges::find(principal.scopes, "personal") != principal.scopes.end();
    return personal ? Variant::full : Variant::masked;
}

/// A 200 with a finished JSON body that may be kept by the caller alone.
inline domain::ports::HttpReply json_reply(std::string body, int status = 200) {
    domain::ports::HttpReply reply;
    reply.status = status;
    reply.fields.add("Content-Type", "application/json");
    reply.fields.add("Cache-Control", "private, no-cache");
    reply.fields.add("Vary", "Authorization, Accept");
    reply.body = std::move(body);
    return reply;
}

/// The reader has it already.
inline domain::ports::HttpReply not_modified() {
    domain::ports::HttpReply reply;
    reply.status = 304;
    reply.fields.add("Cache-Control", "private, no-cache");
    reply.fields.add("Vary", "Authorization, Accept");
    return reply;
}

}  // namespace tributary::api
