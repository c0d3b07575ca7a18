// Upvest's account groups and their accounts.
#pragma once

#include <string>

#include "tests/sandbox/population/builder.hpp"

namespace tributary::sandbox {

/// Groups of every type over the client's users; past eight a user, and for every tenth, the users are
/// unknown.
void add_upvest_holdings(Builder& builder, const std::string& client, std::size_t group_count);

}  // namespace tributary::sandbox
