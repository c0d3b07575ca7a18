#include "services/api/link_request.hpp"

#include <algorithm>

namespace tributary::api {

using domain::Errc;
using domain::Error;

namespace {

Error fault(std::string pointer, std::string detail) {
    return {Errc::invalid_input, std::move(detail), std::move(pointer)};
}

std::size_t characters_of(const std::string& text) {
    return static_cast<std::size_t>(
        std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

void read_profiles(const json::Value* value, LinkRequest& request, std::vector<Error>& faults) {
    const json::Array* list = value == nullptr ? nullptr : value->if_array();
    if (list == nullptr || list->size() != 2) {
        faults.push_back(fault("/profile_ids", value == nullptr ? "This member is required."
                                                                : "This must be a list of two profile ids."));
        return;
    }
    std::vector<domain::Uuid> ids;
    for (std::size_t i = 0; i < list->size(); ++i) {
        const std::string* text = (*list)[i].if_string();
        if (const auto id = domain::parse_uuid(text == nullptr ? "" : *text)) {
            ids.push_back(*id);
        } else {
            faults.push_back(fault("/profile_ids/" + std::to_string(i), "This is no id of a profile."));
        }
    }
    if (ids.size() != 2) {
        return;
    }
    if (ids.front() == ids.back()) {
        faults.push_back(fault("/profile_ids/1", "These must be two different profiles."));
        return;
    }
    request.profiles = {ids.front(), ids.back()};
}

void read_reason(const json::Value& value, LinkRequest& request, std::vector<Error>& faults) {
    const std::string* text = value.if_string();
    const bool sound = text != nullptr && text->find('\0') == std::string::npos;
    if (!sound || text->empty() || characters_of(*text) > longest_reason) {
        faults.push_back(fault("/reason", "This must be a text of 1 to 200 characters, without NUL."));
        return;
    }
    request.reason = *text;
}

}  // namespace

std::expected<LinkRequest, std::vector<Error>> read_link_request(const json::Value& body) {
    if (body.if_object() == nullptr) {
        return std::unexpected(std::vector{Error{Errc::invalid_input, "The body must be a JSON object."}});
    }
    LinkRequest request;
    std::vector<Error> faults;
    for (const json::Entry& entry : *body.if_object()) {
        if (entry.key == "reason") {
            read_reason(entry.value, request, faults);
        } else if (entry.key != "profile_ids") {
            faults.push_back(fault(domain::pointer_step("", entry.key),
                                   "This member is not known; a link has profile_ids and a reason."));
        }
    }
    read_profiles(body.find("profile_ids"), request, faults);
    if (!faults.empty()) {
        return std::unexpected(std::move(faults));
    }
    return request;
}

}  // namespace tributary::api
