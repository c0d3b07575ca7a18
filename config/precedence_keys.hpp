// The keys under merge.precedence: one for every field of a customer that is merged, and one for all others.
#pragma once

#include <vector>

#include "config/keys.hpp"

namespace tributary::config {

/// In the order of the fields; the usual order comes first.
std::vector<Key> precedence_keys();

}  // namespace tributary::config
