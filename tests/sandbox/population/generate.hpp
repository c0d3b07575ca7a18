// Makes a population: the same options give the same world, byte for byte.
#pragma once

#include <cstdint>
#include <memory>

#include "tests/sandbox/world/world.hpp"

namespace tributary::sandbox {

struct PopulationOptions {
    std::uint64_t seed = 1;
    /// At least 100.
    std::size_t people = 300;
    std::size_t upvest_groups = 3000;
};

std::unique_ptr<World> generate(const PopulationOptions& options);

}  // namespace tributary::sandbox
