#include "tests/simulation/campaign.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace tributary::simulation {

namespace {

constexpr std::size_t most_violations = 10;

bool belongs_to(Fault fault, FaultPlan::Mode mode) {
    return mode == FaultPlan::Mode::everything || fault >= Fault::object_added ||
           fault == Fault::shifted_offset;
}

}  // namespace

std::vector<Fault> CampaignResult::too_rare(FaultPlan::Mode mode) const {
    constexpr std::uint64_t whole = 10'000;
    constexpr std::uint64_t times_in_whole = 20;
    constexpr std::uint64_t smallest = 200;
    const std::uint64_t wanted =
        seeds < smallest ? 0 : std::clamp<std::uint64_t>(times_in_whole * seeds / whole, 1, times_in_whole);
    std::vector<Fault> rare;
    for (std::size_t i = 0; i < fault_count; ++i) {
        const auto fault = static_cast<Fault>(i);
        if (belongs_to(fault, mode) && faults.of(fault) < wanted) {
            rare.push_back(fault);
        }
    }
    return rare;
}

Outcome simulate(std::uint64_t seed, FaultPlan::Mode mode) {
    return World(seed, mode).run();
}

CampaignResult simulate(const Campaign& campaign) {
    CampaignResult result;
    for (std::uint64_t i = 0; i < campaign.seeds && result.violations.size() < most_violations; ++i) {
        Outcome outcome = simulate(campaign.first_seed + i, campaign.mode);
        ++result.seeds;
        result.faults.add(outcome.faults);
        result.transactions += outcome.transactions;
        result.runs += outcome.runs;
        result.tombstones += outcome.tombstones;
        result.virtual_time += outcome.virtual_time;
        if (outcome.violation) {
            result.violations.push_back(std::move(outcome));
        }
    }
    return result;
}

std::string story_of(const Outcome& outcome) {
    std::string story;
    for (const std::string& line : outcome.last_lines) {
        story += line + '\n';
    }
    return story + fmt::format("seed {}: {}: {} (trace {:016x})\n", outcome.seed,
                               outcome.violation ? outcome.violation->invariant : "ok",
                               outcome.violation ? outcome.violation->what : "nothing violated",
                               outcome.hash);
}

}  // namespace tributary::simulation
