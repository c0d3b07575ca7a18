#include "services/sync/run_clock.hpp"

#include <algorithm>
#include <utility>

namespace tributary::sync {

namespace {

/// How late a sleeper may notice that it is to stop.
constexpr std::chrono::steady_clock::duration longest_nap = std::chrono::milliseconds(500);

}  // namespace

RunClock::RunClock(domain::ports::Clock& clock, std::function<bool()> keep_going)
    : clock_(clock), keep_going_(std::move(keep_going)) {}

domain::ports::Task<domain::Result<void>> RunClock::sleep(std::chrono::steady_clock::duration duration) {
    for (auto left = duration; left.count() > 0; left -= longest_nap) {
        if (!keep_going_()) {
            break;
        }
        domain::Result<void> slept = co_await clock_.sleep(std::min(left, longest_nap));
        if (!slept) {
            co_return slept;
        }
    }
    if (!keep_going_()) {
        co_return domain::fail(domain::Errc::cancelled, "The run is to stop; the next owner goes on.");
    }
    co_return domain::Result<void>();
}

}  // namespace tributary::sync
