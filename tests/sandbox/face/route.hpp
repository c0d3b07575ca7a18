// Matching of request paths against templates such as "/users/{id}/account_groups".
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace tributary::sandbox {

/// The decoded values of the template's {parameters}, in order; nothing where the path does not match. A
/// parameter takes one segment that is not empty.
std::optional<std::vector<std::string>> match_route(std::string_view pattern, std::string_view path);

/// The first of the templates that matches, or "(unknown)".
std::string template_of(std::span<const std::string_view> patterns, std::string_view path);

}  // namespace tributary::sandbox
