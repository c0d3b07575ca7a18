#include <doctest/doctest.h>

#include <thread>

#include "tests/simulation/campaign.hpp"

using namespace tributary::simulation;

namespace {

void check(Campaign campaign) {
    campaign.jobs = std::thread::hardware_concurrency();
    const CampaignResult result = simulate(campaign);
    for (const Outcome& outcome : result.violations) {
        FAIL_CHECK(story_of(outcome));
    }
    CHECK(result.seeds == campaign.seeds);
    for (const Fault fault : result.too_rare(campaign.mode)) {
        FAIL_CHECK("struck too rarely to prove anything: " << name_of(fault));
    }
}

}  // namespace

TEST_CASE("engine keeps its invariants and ends equal to the truth under every fault") {
    check({.first_seed = 1, .seeds = 200});
}

TEST_CASE(
    "engine removes nothing that is there and is right within two runs where offsets shift under a walk") {
    check({.first_seed = 1, .seeds = 20, .mode = FaultPlan::Mode::shifting_offsets});
}

TEST_CASE("a seed replays identically") {
    for (const std::uint64_t seed : {3U, 5U, 8U}) {
        const Outcome once = simulate(seed, FaultPlan::Mode::everything);
        const Outcome again = simulate(seed, FaultPlan::Mode::everything);
        CHECK(once.hash == again.hash);
        CHECK(once.transactions > 0);
        CHECK(once.hash != simulate(seed + 1, FaultPlan::Mode::everything).hash);
    }
}
