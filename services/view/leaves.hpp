// A JSON object as its leaves: whatever is no object, by its path ("tax.number").
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "domain/json/value.hpp"

namespace tributary::view {

using Leaves = std::vector<std::pair<std::string, json::Value>>;

/// In the order of the object. An empty object has none; a list is a leaf as a whole.
Leaves leaves_of(const json::Object& object);
/// The value at the path, or nullptr.
const json::Value* leaf(const Leaves& leaves, std::string_view path);

}  // namespace tributary::view
