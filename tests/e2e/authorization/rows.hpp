// One row for each operation: what its path names, what is sent, and the answer where it may be had.
#pragma once

#include <functional>
#include <optional>
#include <string_view>

#include "tests/e2e/authorization/world.hpp"

namespace tributary::e2e {

struct Row {
    std::string_view operation;
    Subject subject = Subject::nothing;
    /// For whoever may, about an object of their own.
    int success = 200;
    /// Made for the object that the path or the body names; nothing: no body.
    std::function<json::Value(AuthorizationWorld&, const std::string& id)> body = {};
    /// The id stands in the body, not in the path.
    bool id_in_body = false;
    /// What else stands in the path.
    std::string_view file = {};
};

/// nullptr where there is none.
const Row* row_of(std::string_view operation);
/// For who looks for rows without an operation.
std::size_t row_count();

}  // namespace tributary::e2e
