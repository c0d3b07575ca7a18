#include "tests/sandbox/face/route.hpp"

#include "tests/sandbox/face/form.hpp"

namespace tributary::sandbox {

namespace {

std::string_view take_segment(std::string_view& rest) {
    const std::size_t end = rest.find('/');
    const std::string_view segment = rest.substr(0, end);
    rest = end == std::string_view::npos ? std::string_view{} : rest.substr(end);
    return segment;
}

}  // namespace

std::optional<std::vector<std::string>> match_route(std::string_view pattern, std::string_view path) {
    std::vector<std::string> values;
    while (!pattern.empty() && !path.empty()) {
        if (pattern.front() != '/' || path.front() != '/') return std::nullopt;
        pattern.remove_prefix(1);
        path.remove_prefix(1);
        const std::string_view expected = take_segment(pattern);
        const std::string_view found = take_segment(path);
        if (expected.starts_with('{')) {
            auto value = percent_decode(found, Plus::literal);
            if (found.empty() || !value) return std::nullopt;
            values.push_back(std::move(*value));
        } else if (expected != found) {
            return std::nullopt;
        }
    }
    if (!pattern.empty() || !path.empty()) return std::nullopt;
    return values;
}

std::string template_of(std::span<const std::string_view> patterns, std::string_view path) {
    for (const std::string_view pattern : patterns) {
        if (match_route(pattern, path)) {
            return std::string(pattern);
        }
    }
    return "(unknown)";
}

}  // namespace tributary::sandbox
