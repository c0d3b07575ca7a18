// JSON of tokens and key sets: whatever two readers could understand in two ways is refused. Pure.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "domain/json/value.hpp"

namespace tributary::jwt {

/// Nothing where the text is no object, holds a member twice at any depth, or more than `max_values` values.
std::optional<json::Object> strict_object(std::string_view text, std::size_t max_values = 1'000);

/// The text of a member; nullptr where there is none or it is no string.
const std::string* text_in(const json::Object& object, std::string_view name);

}  // namespace tributary::jwt
