// Upvest's errors: application/problem+json with a type URL that ends in a slug.
#pragma once

#include <string_view>

#include "tests/sandbox/face/face.hpp"

namespace tributary::sandbox {

HttpReply upvest_problem(const HttpRequest& request, int status, std::string_view slug,
                         std::string_view detail);

}  // namespace tributary::sandbox
