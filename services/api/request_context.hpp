// A request that was admitted: who asks, for what, with which parameters.
#pragma once

#include <string>

#include "domain/http/target.hpp"
#include "domain/ports/admin_store.hpp"
#include "domain/ports/http.hpp"
#include "services/api/problem.hpp"
#include "services/api/router.hpp"

namespace tributary::api {

struct RequestContext {
    RequestLog log;
    /// Nobody where the route asks for no key.
    domain::ports::Principal principal;
    Endpoint endpoint = Endpoint::customers;
    std::string id;
    /// The text in the place of "{provider}".
    std::string provider;
    /// Encoded path, for Link fields.
    std::string path;
    http::Query query;
    /// The query as it was sent, without '?', for a Location field.
    std::string raw_query;
    std::string body;
};

/// A 200 with a finished JSON body that may be kept by the caller alone.
inline domain::ports::HttpReply json_reply(std::string body, int status = 200) {
    domain::ports::HttpReply reply;
    reply.status = status;
    reply.fields.add("Content-Type", "application/json");
    reply.fields.add("Cache-Control", "private, no-cache");
    reply.fields.add("Vary", "Authorization");
    reply.body = std::move(body);
    return reply;
}

}  // namespace tributary::api
