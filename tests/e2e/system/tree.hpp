// Reading JSON trees in tests: paths with dots, and what is missing reads as empty.
#pragma once

#include <string>
#include <string_view>

#include "domain/json/value.hpp"

namespace tributary::e2e {

/// Parses; throws std::runtime_error where the text is no JSON.
json::Value tree_of(std::string_view text);

/// The value at "a.b.c", or nullptr.
const json::Value* find(const json::Value& tree, std::string_view path);

/// The string at the path; "" where there is none.
std::string text(const json::Value& tree, std::string_view path);

/// The number at the path; -1 where there is none.
std::int64_t number(const json::Value& tree, std::string_view path);

/// The array at the path; an empty one where there is none.
const json::Array& array(const json::Value& tree, std::string_view path);

/// The object at the path; an empty one where there is none.
const json::Object& object(const json::Value& tree, std::string_view path);

}  // namespace tributary::e2e
