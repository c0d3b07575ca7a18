// What differs between two versions of a document, field by field.
#pragma once

#include <string>
#include <string_view>

#include "domain/json/value.hpp"

namespace tributary::domain {

/// [{"path": "/tax/number", "before": ..., "after": ...}]: `path` is a JSON pointer
/// (RFC 6901); objects are compared member by member, lists as a whole; `before` or `after` is missing where
/// the field was absent.
json::Array difference(const json::Value& before, const json::Value& after);
/// The same as text, of two texts of ours; only what differs is looked into.
std::string difference_text(std::string_view before, std::string_view after);

}  // namespace tributary::domain
