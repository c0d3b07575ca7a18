#include "services/sync/run_clock.hpp"

#include <doctest/doctest.h>

#include <vector>

#include "tests/support/run_task.hpp"

using namespace tributary;
using namespace std::chrono_literals;
using domain::Errc;
using domain::Result;
using domain::ports::Task;
using std::chrono::steady_clock;

namespace {

/// Time passes only in sleeps; after so much of it the run is to stop.
class FakeClock final : public domain::ports::Clock {
  public:
    [[nodiscard]] domain::Timestamp now() const override { return {}; }

    [[nodiscard]] steady_clock::time_point steady_now() const override {
        return steady_clock::time_point(passed);
    }

    Task<Result<void>> sleep(steady_clock::duration duration) override {
        passed += duration;
        co_return Result<void>();
    }

    steady_clock::duration passed{};
};

}  // namespace

TEST_CASE("a sleep of a run that goes on lasts exactly as long as asked") {
    for (const steady_clock::duration asked : {0ms, 1ms, 500ms, 501ms, 29'999ms}) {
        FakeClock clock;
        sync::RunClock own(clock, [] { return true; });
        CHECK(tests::run_task(own.sleep(asked)));
        CHECK(clock.passed == asked);
    }
}

TEST_CASE("a sleep ends as cancelled soon after its run is to stop, however long it was to be") {
    FakeClock clock;
    sync::RunClock own(clock, [&clock] { return clock.passed < 3s; });
    const Result<void> slept = tests::run_task(own.sleep(30s));
    REQUIRE_FALSE(slept);
    CHECK(slept.error().code == Errc::cancelled);
    CHECK(clock.passed <= 4s);
}

TEST_CASE("a run that is to stop does not begin to sleep") {
    FakeClock clock;
    sync::RunClock own(clock, [] { return false; });
    CHECK(tests::run_task(own.sleep(30s)).error().code == Errc::cancelled);
    CHECK(tests::run_task(own.sleep(0s)).error().code == Errc::cancelled);
    CHECK(clock.passed == 0s);
}
