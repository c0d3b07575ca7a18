// What differs between two versions of a document, field by field.
#pragma once

#include "domain/json/value.hpp"

namespace tributary::domain {

/// [{"path": "/tax/number", "before": ..., "after": ...}]: `path` is a JSON pointer
/// (RFC 6901); objects are compared member by member, lists as a whole; `before` or `after` is missing where
/// the field was absent.
json::Array difference(const json::Value& before, const json::Value& after);

}  // namespace tributary::domain
