// Where in a payload a field came from. Pure.
#pragma once

#include <string>
#include <vector>

#include "domain/json/value.hpp"
#include "domain/ports/provider.hpp"

namespace tributary::view {

/// JSONPaths (RFC 9535) of the places that the payload has: of several that stand in for each other the first
/// with a value, or else the first that is there as null.
std::vector<std::string> json_paths(const json::Value& payload, const domain::ports::FieldOrigin& origin);

}  // namespace tributary::view
