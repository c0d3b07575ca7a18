// Upvest users who look like somebody else and are not.
#pragma once

#include "tests/sandbox/population/builder.hpp"

namespace tributary::sandbox {

/// Needs the tastytrade cast and Upvest's own users.
void add_upvest_look_alikes(Builder& builder);

}  // namespace tributary::sandbox
