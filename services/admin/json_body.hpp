// A JSON text that somebody wrote for us.
#pragma once

#include <expected>
#include <string_view>
#include <vector>

#include "domain/error.hpp"
#include "domain/json/value.hpp"

namespace tributary::admin {

/// The text as a tree, or every reason why it is none. A member given twice is a fault: nobody knows which
/// value was meant.
std::expected<json::Value, std::vector<domain::Error>> read_json_body(std::string_view text);

}  // namespace tributary::admin
