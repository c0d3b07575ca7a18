#include "services/sync/nap.hpp"

#include <doctest/doctest.h>

#include <boost/asio/deferred.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>

#include "tests/support/run_task.hpp"

using namespace tributary;
using domain::Result;
using domain::ports::Task;
using std::chrono::hours;
using std::chrono::milliseconds;

namespace {

class TimerClock final : public domain::ports::Clock {
  public:
    [[nodiscard]] domain::Timestamp now() const override { return {}; }

    [[nodiscard]] std::chrono::steady_clock::time_point steady_now() const override { return {}; }

    Task<Result<void>> sleep(std::chrono::steady_clock::duration duration) override {
        ++sleeps;
        boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor, duration);
        co_await timer.async_wait(boost::asio::deferred);
        ++ended_by_itself;
        co_return Result<void>();
    }

    int sleeps = 0;
    int ended_by_itself = 0;
};

Task<bool> slept(sync::Nap& nap, std::chrono::steady_clock::duration duration) {
    co_await nap.sleep(duration);
    co_return true;
}

}  // namespace

TEST_CASE("a nap ends by itself when its time has passed") {
    boost::asio::io_context io;
    TimerClock clock;
    sync::Nap nap(io.get_executor(), clock);
    CHECK(tests::run_task(io, slept(nap, milliseconds(1))));
    CHECK(clock.ended_by_itself == 1);
}

TEST_CASE("a nap that is woken ends long before its time, and the next one is a whole one again") {
    boost::asio::io_context io;
    TimerClock clock;
    sync::Nap nap(io.get_executor(), clock);
    // After the nap has begun, which is itself posted.
    boost::asio::post(io, [&io, &nap] { boost::asio::post(io, [&nap] { nap.wake(); }); });
    CHECK(tests::run_task(io, slept(nap, hours(1))));
    CHECK(clock.sleeps == 1);
    CHECK(clock.ended_by_itself == 0);
    CHECK(tests::run_task(io, slept(nap, milliseconds(1))));
    CHECK(clock.ended_by_itself == 1);
}

TEST_CASE("a wake-up that comes before the nap is not lost") {
    boost::asio::io_context io;
    TimerClock clock;
    sync::Nap nap(io.get_executor(), clock);
    nap.wake();
    CHECK(tests::run_task(io, slept(nap, hours(1))));
    CHECK(clock.sleeps == 0);
}
