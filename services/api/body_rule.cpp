#include "services/api/body_rule.hpp"

#include <utility>
#include <vector>

#include "domain/http/grammar.hpp"
#include "services/admin/json_body.hpp"
#include "services/api/problem.hpp"

namespace tributary::api {

using domain::Errc;
using domain::ports::HttpFields;
using domain::ports::HttpReply;

namespace {

/// The gate has read the length, and refuses bodies that come without one.
bool has_body(const HttpFields& fields) {
    const auto length = fields.find("Content-Length");
    return length && length->find_first_not_of('0') != std::string_view::npos;
}

HttpReply fault(std::string detail, std::string pointer = {}) {
    return invalid_request({{Errc::invalid_input, std::move(detail), std::move(pointer)}});
}

}  // namespace

BodyRule body_rule(Endpoint endpoint) {
    using enum Endpoint;
    switch (endpoint) {
        case create_connection:
        case repair_connection:
        case batch_customers:
        case batch_accounts:
        case batch_sub_accounts:
        case batch_account_groups:
        case create_key:
        case create_link:
        case put_preferences:
        case put_attribute:
        case create_account_group:
        case close_account_group:
            return BodyRule::json;
        case rotate_key:
            return BodyRule::may_be_json;
        case receive_webhook:
            return BodyRule::delivery;
        default:
            return BodyRule::none;
    }
}

std::optional<HttpReply> refuse_media_type(BodyRule rule, const HttpFields& fields) {
    const bool may_come = rule == BodyRule::none || rule == BodyRule::may_be_json;
    const bool asked_for = rule == BodyRule::json || (may_come && has_body(fields));
    const auto type = fields.find("Content-Type");
    if (!asked_for || (type && http::has_media_type(*type, "application/json"))) {
        return std::nullopt;
    }
    return problem(415, "unsupported_media_type", "Send the body as application/json.");
}

std::optional<HttpReply> refuse_body(BodyRule rule, std::string_view body) {
    if (rule != BodyRule::none || body.empty()) {
        return std::nullopt;
    }
    const auto read = admin::read_json_body(body);
    if (!read) {
        return invalid_request(read.error());
    }
    const json::Object* members = read->if_object();
    if (members == nullptr) {
        return fault("This operation takes no body; send none, or {}.");
    }
    if (members->empty()) {
        return std::nullopt;
    }
    return fault("This member is not known; this operation takes no body.",
                 domain::pointer_step("", members->front().key));
}

}  // namespace tributary::api
