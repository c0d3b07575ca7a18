#include "domain/json/slices.hpp"

#include <algorithm>

namespace tributary::json {

namespace {

constexpr auto npos = std::string_view::npos;

/// Behind the string that begins at `at`, or npos.
std::size_t end_of_string(std::string_view text, std::size_t at) {
    ++at;
    while (at < text.size()) {
        if (text[at] == '"') return at + 1;
        at += text[at] == '\\' ? 2U : 1U;  // what is escaped ends nothing
    }
    return npos;
}

/// Behind the value that begins at `at`, or npos. White space is not expected anywhere.
std::size_t end_of_value(std::string_view text, std::size_t at) {
    std::size_t depth = 0;
    while (at < text.size()) {
        const char c = text[at];
        if (c == '"') {
            at = end_of_string(text, at);
            if (at == npos) return npos;
        } else if (c == '{' || c == '[') {
            ++depth;
            ++at;
        } else if (c == '}' || c == ']') {
            if (depth == 0) return at;
            --depth;
            ++at;
        } else if (c == ',' && depth == 0) {
            return at;
        } else if (c <= ' ') {
            return npos;
        } else {
            ++at;
        }
        if (depth == 0 && at < text.size() && (text[at] == ',' || text[at] == '}')) return at;
    }
    return npos;
}

}  // namespace

std::optional<std::vector<Slice>> members_of(std::string_view text) {
    std::vector<Slice> members;
    if (text == "{}") return members;
    if (text.empty() || text.front() != '{') return std::nullopt;
    for (std::size_t at = 0; text[at] == '{' || text[at] == ',';) {
        const std::size_t key = at + 1;
        if (key >= text.size() || text[key] != '"') return std::nullopt;
        const std::size_t colon = end_of_string(text, key);
        if (colon == npos || colon >= text.size() || text[colon] != ':') return std::nullopt;
        const std::size_t end = end_of_value(text, colon + 1);
        if (end == npos || end == colon + 1) return std::nullopt;
        members.push_back({text.substr(key + 1, colon - key - 2), text.substr(colon + 1, end - colon - 1)});
        if (text[end] == '}') {
            return end + 1 == text.size() ? std::optional(std::move(members)) : std::nullopt;
        }
        at = end;
    }
    return std::nullopt;
}

std::optional<std::string_view> member_of(std::string_view text, std::string_view key) {
    const auto members = members_of(text);
    if (!members) return std::nullopt;
    const auto found = std::ranges::find(*members, key, &Slice::key);
    return found == members->end() ? std::nullopt : std::optional(found->value);
}

}  // namespace tributary::json
