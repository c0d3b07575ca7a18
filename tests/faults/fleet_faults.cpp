// P27: a provider that is away for an hour and comes back to many connections at once.

#include <algorithm>

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

}  // namespace

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
