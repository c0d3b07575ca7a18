// simulate: runs the sync engine through many seeds, or one again.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <cstdio>
#include <exception>
#include <thread>

#include "tests/simulation/campaign.hpp"

namespace {

using namespace tributary::simulation;

int replay(std::uint64_t seed, FaultPlan::Mode mode) {
    const Outcome outcome = simulate(seed, mode);
    fmt::print("{}", story_of(outcome));
    return outcome.violation ? 1 : 0;
}

int run_campaign(const Campaign& campaign) {
    const auto started = std::chrono::steady_clock::now();
    const CampaignResult result = simulate(campaign);
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - started;
    for (const Outcome& outcome : result.violations) {
        fmt::print("{}\n", story_of(outcome));
    }
    for (std::size_t i = 0; i < fault_count; ++i) {
        const auto fault = static_cast<Fault>(i);
        fmt::print("{:22} {}\n", name_of(fault), result.faults.of(fault));
    }
    const std::vector<Fault> rare = result.too_rare(campaign.mode);
    for (const Fault fault : rare) {
        fmt::print("struck too rarely to prove anything: {}\n", name_of(fault));
    }
    fmt::print(
        "{} seeds, {} violations, {} fault classes too rare; {} runs, {} transactions, {} tombstones, "
        "{:.0f} virtual hours in {:.1f} s ({:.0f} seeds/s)\n",
        result.seeds, result.violations.size(), rare.size(), result.runs, result.transactions,
        result.tombstones, result.virtual_time.count() / 3600, took.count(),
        static_cast<double>(result.seeds) / took.count());
    return result.violations.empty() && rare.empty() ? 0 : 1;
}

int run_program(int argc, char** argv) {
    CLI::App app("Runs the sync engine against a simulated world; the same seed gives the same events.",
                 "simulate");
    Campaign campaign{.seeds = 10'000, .jobs = std::thread::hardware_concurrency()};
    std::uint64_t seed = 0;
    bool shifting = false;
    app.add_option("--seeds", campaign.seeds, "how many seeds to run")->check(CLI::PositiveNumber);
    app.add_option("--from", campaign.first_seed, "the first of them");
    const auto* one = app.add_option("--seed", seed, "run this one alone and print its last events");
    app.add_option("--jobs", campaign.jobs, "how many at once; one a core");
    app.add_flag("--shifting", shifting, "no faults but lists that change while they are read");
    CLI11_PARSE(app, argc, argv);
    campaign.mode = shifting ? FaultPlan::Mode::shifting_offsets : FaultPlan::Mode::everything;
    return one->count() > 0 ? replay(seed, campaign.mode) : run_campaign(campaign);
}

}  // namespace

int main(int argc, char** argv) {
    try {
        return run_program(argc, argv);
    } catch (const std::exception& thrown) {
        std::fputs(thrown.what(), stderr);
        return 2;
    }
}
