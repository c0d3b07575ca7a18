// How a bank's objects look in its answers.
#pragma once

#include "domain/observation.hpp"
#include "tests/simulation/truth.hpp"

namespace tributary::simulation {

/// `stream`: "me" says more of a profile than "users" does.
domain::Observation observation_of(const Truth& truth, const Bank& bank, const Object& object,
                                   const std::string& stream);
/// Virtual time as the banks write it.
domain::Timestamp timestamp_of(Instant at);

}  // namespace tributary::simulation
