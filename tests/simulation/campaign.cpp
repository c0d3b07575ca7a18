#include "tests/simulation/campaign.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <iterator>
#include <thread>

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

void CampaignResult::add(Outcome outcome) {
    ++seeds;
    faults.add(outcome.faults);
    transactions += outcome.transactions;
    runs += outcome.runs;
    tombstones += outcome.tombstones;
    virtual_time += outcome.virtual_time;
    if (outcome.violation) {
        violations.push_back(std::move(outcome));
    }
}

void CampaignResult::add(CampaignResult other) {
    seeds += other.seeds;
    faults.add(other.faults);
    transactions += other.transactions;
    runs += other.runs;
    tombstones += other.tombstones;
    virtual_time += other.virtual_time;
    std::ranges::move(other.violations, std::back_inserter(violations));
}

CampaignResult simulate(const Campaign& campaign) {
    std::atomic<std::uint64_t> next{0};
    std::atomic<std::size_t> violations{0};
    const auto work = [&](CampaignResult& result) {
        for (std::uint64_t i = next++; i < campaign.seeds && violations < most_violations; i = next++) {
            Outcome outcome = simulate(campaign.first_seed + i, campaign.mode);
            violations += outcome.violation ? 1 : 0;
            result.add(std::move(outcome));
        }
    };
    std::vector<CampaignResult> parts(std::max(campaign.jobs, 1U));
    {
        std::vector<std::jthread> threads;
        for (std::size_t i = 1; i < parts.size(); ++i) {
            threads.emplace_back([&work, &part = parts[i]] { work(part); });
        }
        work(parts.front());
    }
    CampaignResult whole;
    for (CampaignResult& part : parts) {
        whole.add(std::move(part));
    }
    std::ranges::sort(whole.violations, {}, &Outcome::seed);
    return whole;
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
