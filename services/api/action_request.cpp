#include "services/api/action_request.hpp"

#include <algorithm>
#include <utility>

#include "services/admin/json_body.hpp"

namespace tributary::api {

using domain::EntityKind;
using domain::Errc;
using domain::ports::ActionKind;
using domain::ports::HttpReply;

namespace {

constexpr std::size_t longest_number = 1'024;

ActionKind kind_of(Endpoint endpoint) {
    using enum Endpoint;
    switch (endpoint) {
        case put_preferences:
            return ActionKind::put_preferences;
        case put_attribute:
            return ActionKind::put_attribute;
        case delete_attribute:
            return ActionKind::delete_attribute;
        case create_account_group:
            return ActionKind::create_account_group;
        case close_account_group:
            return ActionKind::close_account_group;
        default:
            return ActionKind::other;
    }
}

/// A provider's ids are printable; others name nothing.
bool may_be_a_number(const std::string& text) {
    return text.size() <= longest_number &&
           std::ranges::all_of(text, [](char c) { return c >= ' ' && c <= '~'; });
}

HttpReply fault(std::string detail, std::string pointer = {}) {
    return invalid_request({{Errc::invalid_input, std::move(detail), std::move(pointer)}});
}

/// Takes the member out of the arguments: it says what they are about.
std::expected<domain::Uuid, HttpReply> take_profile(json::Object& arguments) {
    const json::Value* member = json::find(arguments, "profile_id");
    if (member == nullptr) {
        return std::unexpected(fault("This member is required.", "/profile_id"));
    }
    const std::string* text = member->if_string();
    const auto id = text == nullptr ? std::nullopt : domain::parse_uuid(*text);
    if (!id) {
        return std::unexpected(fault("This must be the id of a profile.", "/profile_id"));
    }
    std::erase_if(arguments, [](const json::Entry& entry) { return entry.key == "profile_id"; });
    return *id;
}

}  // namespace

std::expected<ActionRequest, HttpReply> read_action_request(const RequestContext& context) {
    ActionRequest request;
    request.kind = kind_of(context.endpoint);
    const bool about_group = request.kind == ActionKind::close_account_group;
    request.subject.kind = about_group ? EntityKind::account_group : EntityKind::profile;
    const auto id = domain::parse_uuid(context.id);
    const bool creates = request.kind == ActionKind::create_account_group;
    if ((!creates && !id) || !may_be_a_number(context.number)) {
        return std::unexpected(no_such_object());
    }
    request.subject.part = context.number;
    if (request.kind == ActionKind::delete_attribute) {
        request.subject.id = *id;
        return request;
    }
    const auto body = admin::read_json_body(context.body);
    if (!body) {
        return std::unexpected(invalid_request(body.error()));
    }
    if (body->if_object() == nullptr) {
        return std::unexpected(fault("The body must be a JSON object."));
    }
    request.arguments = *body->if_object();
    if (!creates) {
        request.subject.id = *id;
        return request;
    }
    const auto profile = take_profile(request.arguments);
    if (!profile) {
        return std::unexpected(profile.error());
    }
    request.subject.id = *profile;
    return request;
}

}  // namespace tributary::api
