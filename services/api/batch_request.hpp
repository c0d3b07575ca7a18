// The body of a request for several objects: {"ids": [...]}. Pure.
#pragma once

#include <expected>
#include <string_view>
#include <vector>

#include "domain/error.hpp"
#include "domain/uuid.hpp"

namespace tributary::api {

inline constexpr std::size_t most_in_batch = 1'000;

/// In the order asked, as often as asked. Every fault with its pointer: no list of ids, none or too many of
/// them, one that is no id, members that are not known.
std::expected<std::vector<domain::Uuid>, std::vector<domain::Error>> read_batch_request(
    std::string_view body);

}  // namespace tributary::api
