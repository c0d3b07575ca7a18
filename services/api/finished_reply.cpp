#include "services/api/finished_reply.hpp"

#include <string_view>

#include "domain/document.hpp"
#include "domain/json/write.hpp"

namespace tributary::api {

using domain::ports::HttpReply;

namespace {

void add_member(HttpReply& reply, std::string_view key, const json::Value& value) {
    reply.body = domain::with_member(std::move(reply.body), key, json::write(value));
}

void finish_problem(HttpReply& reply, const Exchange& exchange) {
    add_member(reply, "instance", "/requests/" + exchange.request_id);
    add_member(reply, "trace_id", exchange.trace_id);
    if (const auto seconds = reply.fields.find("Retry-After")) {
        // Ours are always in seconds.
        reply.body = domain::with_member(std::move(reply.body), "retry_after_s", *seconds);
    }
}

}  // namespace

HttpReply finished(HttpReply reply, const Exchange& exchange) {
    const bool is_problem = reply.fields.find("Content-Type") == "application/problem+json";
    if (is_problem) {
        finish_problem(reply, exchange);
    }
    if (is_problem || (exchange.lists && reply.status == 200)) {
        reply.fields.add("Link", R"(</openapi.json>; rel="service-desc", </docs>; rel="service-doc")");
    }
    if (exchange.rate) {
        add_rate_fields(reply, *exchange.rate);
    }
    return reply;
}

}  // namespace tributary::api
