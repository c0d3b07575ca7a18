// Every problem that this service answers with: what its code means and what the caller does. The only list
// of them; the pages under /problems and the table in openapi/openapi.json say the same.
#pragma once

#include <span>
#include <string_view>

namespace tributary::api {

struct ProblemKind {
    /// snake_case, stable, unique.
    std::string_view code;
    int status;
    /// The same for every problem of this code. Those that the HTTP server answers by itself have the reason
    /// phrase of their status, which is all it knows.
    std::string_view title;
    /// One sentence each.
    std::string_view what_happened;
    std::string_view what_to_do;
};

/// Ordered by status.
std::span<const ProblemKind> problem_catalogue();
/// The problem of this code, or nullptr.
const ProblemKind* find_problem(std::string_view code);

}  // namespace tributary::api
