// Many seeds, summed up.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "tests/simulation/world.hpp"

namespace tributary::simulation {

struct Campaign {
    std::uint64_t first_seed = 1;
    std::uint64_t seeds = 1;
    FaultPlan::Mode mode = FaultPlan::Mode::everything;
    /// Threads; each seed runs on one.
    unsigned jobs = 1;
};

struct CampaignResult {
    std::uint64_t seeds = 0;
    std::vector<Outcome> violations;
    FaultCounts faults;
    std::uint64_t transactions = 0;
    std::uint64_t runs = 0;
    std::uint64_t tombstones = 0;
    std::chrono::duration<double> virtual_time{0};

    /// Faults that struck less often than a campaign of this size must show: 20 times in 10,000 seeds, in
    /// proportion below, and at least once from 200 seeds on.
    [[nodiscard]] std::vector<Fault> too_rare(FaultPlan::Mode mode) const;
    void add(Outcome outcome);
    void add(CampaignResult other);
};

Outcome simulate(std::uint64_t seed, FaultPlan::Mode mode);
/// Stops after the tenth violation.
CampaignResult simulate(const Campaign& campaign);
/// Seed, invariant, and the last lines of what happened.
std::string story_of(const Outcome& outcome);

}  // namespace tributary::simulation
