#include "services/api/action_text.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "domain/document.hpp"
#include "domain/json/write.hpp"
#include "services/api/problem.hpp"
#include "services/api/request_context.hpp"
#include "services/view/masked.hpp"

namespace tributary::api {

using domain::ports::ActionKind;
using domain::ports::ActionView;
using domain::ports::HttpReply;

namespace {

struct Failure {
    int status;
    std::string_view code;
};

/// Why an action failed, and the status that says so.
constexpr std::array failures{
    Failure{422, "action_refused"},    Failure{404, "not_found"},           Failure{409, "conflict"},
    Failure{403, "permission_denied"}, Failure{409, "connection_unusable"}, Failure{503, "action_not_sent"},
    Failure{504, "in_doubt"}};

std::string location_of(const ActionView& action) {
    return "/v1/actions/" + to_text(action.id);
}

json::Value text_or_null(const std::string& text) {
    return text.empty() ? json::Value() : json::Value(text);
}

json::Value time_or_null(const std::optional<domain::Timestamp>& at) {
    return at ? json::Value(domain::to_text(*at)) : json::Value();
}

/// Our own ids are nobody's secret; a provider's may be a number of an account.
std::string shown_object(const ActionView& action, Variant variant) {
    const bool ours = action.kind == ActionKind::create_account_group || action.object_id.empty();
    return ours || variant == Variant::full ? action.object_id : view::masked_provider_id(action.object_id);
}

HttpReply with_action(HttpReply reply, const ActionView& action) {
    reply.body =
        domain::with_member(std::move(reply.body), "action_id", json::write(json::Value(to_text(action.id))));
    return reply;
}

HttpReply failure_reply(const ActionView& action) {
    const auto* found = std::ranges::find(failures, action.error_code, &Failure::code);
    if (found == failures.end()) {
        return with_action(problem(500, "internal_error", "The action failed on our side."), action);
    }
    return with_action(problem(found->status, found->code, action.error_detail), action);
}

}  // namespace

json::Object action_object(const ActionView& action, Variant variant) {
    json::Value error;
    if (!action.error_code.empty()) {
        error = json::Object{{"code", action.error_code}, {"detail", action.error_detail}};
    }
    return {
        {"id", to_text(action.id)},
        {"kind", domain::name_of(action.kind)},
        {"state", action.state},
        {"connection_id", to_text(action.connection_id)},
        {"subject",
         json::Object{{"kind", domain::name_of(action.subject_kind)}, {"id", to_text(action.subject)}}},
        {"object_id", text_or_null(shown_object(action, variant))},
        {"attempts", action.attempts},
        {"error", std::move(error)},
        {"requested_by", action.requested_by},
        {"created_at", domain::to_text(action.created_at)},
        {"updated_at", domain::to_text(action.updated_at)},
        {"ended_at", time_or_null(action.ended_at)},
        {"expires_at", domain::to_text(action.expires_at)},
        {"commit", action.commit ? json::Value(*action.commit) : json::Value()},
    };
}

HttpReply action_reply(const ActionView& action, Variant variant) {
    if (action.state == "failed") {
        return failure_reply(action);
    }
    const bool ended = action.ended_at.has_value();
    HttpReply reply = json_reply(json::write(action_object(action, variant)), ended ? 200 : 202);
    if (!ended) {
        reply.fields.add("Location", location_of(action));
    }
    return reply;
}

HttpReply action_running(const ActionView& action) {
    HttpReply reply = with_action(
        problem(409, "action_running", "What was asked under this key is under way; look at the action."),
        action);
    reply.fields.add("Location", location_of(action));
    reply.fields.add("Retry-After", "1");
    return reply;
}

}  // namespace tributary::api
