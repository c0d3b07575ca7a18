#include "services/admin/key_request.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <utility>

#include "services/admin/api_key.hpp"

namespace tributary::admin {

using domain::Errc;
using domain::Error;
using std::chrono::seconds;

namespace {

template <class Number>
bool whole_number(std::string_view text, Number& out) {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
    return error == std::errc{} && end == text.data() + text.size() && !text.empty();
}

Error fault(std::string pointer, std::string detail) {
    return {Errc::invalid_input, std::move(detail), std::move(pointer)};
}

std::vector<Error> no_object() {
    return {{Errc::invalid_input, "The body must be a JSON object."}};
}

void read_scopes(const json::Value* value, KeyRequest& request, std::vector<Error>& faults) {
    const json::Array* list = value == nullptr ? nullptr : value->if_array();
    if (list == nullptr || list->empty()) {
        faults.push_back(fault("/scopes", value == nullptr ? "This member is required."
                                                           : "This must be a list with at least one scope."));
        return;
    }
    for (std::size_t i = 0; i < list->size(); ++i) {
        const std::string* scope = (*list)[i].if_string();
        if (scope == nullptr || !is_scope(*scope)) {
            faults.push_back(fault("/scopes/" + std::to_string(i),
                                   "This is no scope; there are " + std::string(scope_names) + "."));
        } else if (std::ranges::find(request.scopes, *scope) == request.scopes.end()) {
            request.scopes.push_back(*scope);
        }
    }
}

void read_life(const json::Value& value, KeyRequest& request, std::vector<Error>& faults) {
    std::int64_t days = 0;
    const json::Number* number = value.if_number();
    if (number == nullptr || !whole_number(number->lexeme, days) || days < 1 ||
        days > longest_key_life.count()) {
        faults.push_back(fault("/expires_in_days",
                               "This must be a whole number of days from 1 to 36500; without it a key never "
                               "expires."));
        return;
    }
    request.life = std::chrono::days(days);
}

}  // namespace

std::expected<KeyRequest, std::vector<Error>> read_key_request(const json::Value& body) {
    if (body.if_object() == nullptr) {
        return std::unexpected(no_object());
    }
    KeyRequest request;
    std::vector<Error> faults;
    for (const json::Entry& entry : *body.if_object()) {
        if (entry.key == "expires_in_days") {
            read_life(entry.value, request, faults);
        } else if (entry.key != "scopes") {
            faults.push_back(fault(domain::pointer_step("", entry.key),
                                   "This member is not known; a key has scopes and expires_in_days."));
        }
    }
    read_scopes(body.find("scopes"), request, faults);
    if (!faults.empty()) {
        return std::unexpected(std::move(faults));
    }
    return request;
}

std::expected<seconds, std::vector<Error>> read_rotate_request(const json::Value& body) {
    if (body.if_object() == nullptr) {
        return std::unexpected(no_object());
    }
    seconds grace = usual_grace;
    std::vector<Error> faults;
    for (const json::Entry& entry : *body.if_object()) {
        const std::string* text = entry.value.if_string();
        if (entry.key != "grace") {
            faults.push_back(fault(domain::pointer_step("", entry.key),
                                   "This member is not known; a rotation has a grace."));
        } else if (const auto parsed = parse_grace(text == nullptr ? "" : *text)) {
            grace = *parsed;
        } else {
            faults.push_back(fault("/grace", parsed.error().detail));
        }
    }
    if (!faults.empty()) {
        return std::unexpected(std::move(faults));
    }
    return grace;
}

domain::Result<seconds> parse_grace(std::string_view text) {
    const char unit = text.empty() ? '\0' : text.back();
    const std::int64_t factor = unit == 's' ? 1 : unit == 'm' ? 60 : unit == 'h' ? 3'600 : 0;
    std::int64_t number = 0;
    const bool plain = factor != 0 && whole_number(text.substr(0, text.size() - 1), number) && number >= 0 &&
                       text.front() != '-';
    if (!plain || number > seconds(longest_grace).count() / factor) {
        return domain::fail(Errc::invalid_input, "A grace is a time from 0s to 720h, e.g. '30m' or '24h'.");
    }
    return seconds(number * factor);
}

}  // namespace tributary::admin
