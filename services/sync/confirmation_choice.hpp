// Which missing objects a run asks the provider for, one by one, where there are more than it may. Pure.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "domain/uuid.hpp"

namespace tributary::sync {

/// At most `limit` of the candidates, and other ones each run: by a hash of run and key, so that objects that
/// are still there at every look cannot keep the others from ever being asked for.
std::vector<std::string> chosen_for_confirmation(std::vector<std::string> candidates, const domain::Uuid& run,
                                                 std::size_t limit);

}  // namespace tributary::sync
