// The pages that `type` of a problem names, as HTML. Pure.
#pragma once

#include <string>

#include "services/api/problem_catalogue.hpp"

namespace tributary::api {

/// All problems in one table, as it stands at /problems.
std::string problems_page();
/// One problem, as it stands at /problems/{code}.
std::string problem_page(const ProblemKind& problem);

}  // namespace tributary::api
