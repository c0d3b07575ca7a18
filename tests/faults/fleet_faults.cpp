// Faults of a provider that many connections feel at once: P27, away for an hour and back; P28, a hundred
// times slower.

#include <algorithm>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include "tests/faults/catalogue.hpp"
#include "tests/faults/suffering.hpp"

namespace tributary::faults {

using domain::Result;
using domain::ports::HttpAnswer;
using simulation::Instant;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

namespace {

/// The most requests within any 10 seconds since `from`.
std::size_t busiest(const std::vector<Asked>& log, std::size_t from) {
    std::size_t most = 0;
    for (std::size_t first = from, last = from; last < log.size(); ++last) {
        while (log[last].at - log[first].at > seconds(10)) {
            ++first;
        }
        most = std::max(most, last - first + 1);
    }
    return most;
}

/// How old what is known of connections is at the 99th percentile, looked at every second.
struct Ages {
    std::chrono::milliseconds of_provider;
    std::chrono::milliseconds of_neighbours;
};

std::chrono::milliseconds percentile_99(std::vector<std::chrono::milliseconds> ages) {
    std::ranges::sort(ages);
    return ages.at(ages.size() * 99 / 100);
}

Ages ages_at(Trial& trial, std::chrono::milliseconds latency) {
    StageOptions options{.provider = trial.provider(), .connections = trial.pick<std::size_t>(6, 20)};
    options.concurrent_runs = trial.pick<std::size_t>(4, 16);
    for (const char* other : {"tastytrade", "tdx", "upvest"}) {
        if (other != trial.provider()) {
            options.neighbours.emplace_back(other);
        }
    }
    Stage stage(options);
    stage.work(minutes(3));
    stage.set_latency(trial.provider(), latency);
    std::vector<std::chrono::milliseconds> own;
    std::vector<std::chrono::milliseconds> others;
    stage.work(trial.pick<minutes>(minutes(10), hours(1)), [&] {
        std::ranges::copy(stage.ages(trial.provider()), std::back_inserter(own));
        for (const std::string& neighbour : options.neighbours) {
            std::ranges::copy(stage.ages(neighbour), std::back_inserter(others));
        }
    });
    return {percentile_99(std::move(own)), percentile_99(std::move(others))};
}

}  // namespace

void one_slow(Trial& trial) {
    constexpr std::chrono::milliseconds usual{50};
    const Ages before = ages_at(trial, usual);
    const Ages after = ages_at(trial, 100 * usual);
    if (trial.expect(after.of_provider > 3 * before.of_provider / 2,
                     "the slow provider was not slow enough to fall behind")) {
        trial.struck();
    }
    trial.expect(before.of_neighbours < minutes(2), "the others are not kept fresh at all");
    trial.expect(after.of_neighbours * 100 < before.of_neighbours * 105,
                 "the others' data are " + std::to_string(after.of_neighbours.count()) +
                     " ms old instead of " + std::to_string(before.of_neighbours.count()));
}

void all_down(Trial& trial) {
    constexpr std::int64_t rate = 5;
    constexpr minutes period{1};
    const std::size_t connections = trial.pick<std::size_t>(5, 20);
    Stage stage({.provider = trial.provider(), .terms = {rate, rate}, .connections = connections});
    stage.work(minutes(5));
    trial.expect(stage.fresh_since(seconds(0)) == connections, "not all connections ever ran");
    const std::string truth = stage.contents();
    stage.bend([&trial](const Asked&, const Honest&) -> Result<HttpAnswer> {
        trial.struck();
        return domain::fail(domain::Errc::unavailable, "away");
    });
    const std::size_t asked = stage.log().size();
    stage.work(hours(1));
    // The breaker's probes, one in 30 seconds, and what opened it.
    trial.expect(stage.log().size() - asked <= 130,
                 "asked " + std::to_string(stage.log().size() - asked) + " times while all was down");
    trial.expect(stage.contents() == truth, "what was stored changed while all was down");
    stage.heal();
    const Instant back = stage.now();
    const std::size_t before = stage.log().size();
    // Connections back off for an hour at most, with jitter; then two periods.
    while (stage.fresh_since(back) < connections && stage.now() < back + hours(1) + 2 * period) {
        stage.work(seconds(30));
    }
    trial.expect(stage.fresh_since(back) == connections, "not all connections are fresh again in time");
    trial.expect(busiest(stage.log(), before) <= 12 * rate,
                 std::to_string(busiest(stage.log(), before)) + " requests within 10 s of the recovery");
    trial.expect(stage.contents() == truth, "the truth did not come back");
}

}  // namespace tributary::faults
