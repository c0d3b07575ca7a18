#include "adapters/postgres/feed_waiters.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

using namespace tributary;
using namespace std::chrono_literals;
using domain::Result;
using domain::Uuid;
using domain::ports::Task;
using postgres::FeedWaiters;

namespace {

class ManualClock final : public domain::ports::Clock {
  public:
    [[nodiscard]] domain::Timestamp now() const override { return {}; }

    [[nodiscard]] std::chrono::steady_clock::time_point steady_now() const override { return at; }

    Task<Result<void>> sleep(std::chrono::steady_clock::duration) override { co_return Result<void>(); }

    std::chrono::steady_clock::time_point at{1h};
};

const Uuid ours = domain::named_uuid({}, "ours");
const Uuid theirs = domain::named_uuid({}, "theirs");

/// Waits on one loop, run by hand; by themselves they would look in a day.
struct Waits {
    ManualClock clock;
    std::optional<FeedWaiters> waiters{std::in_place, clock, 24h};
    /// One a wait, since each has one listener only.
    std::deque<boost::asio::cancellation_signal> cancels;
    boost::asio::io_context io;

    /// What became of the wait, "" while it lasts.
    std::shared_ptr<std::string> wait(const Uuid& tenant, std::int64_t seen,
                                      std::chrono::milliseconds longest = 24h) {
        auto outcome = std::make_shared<std::string>();
        boost::asio::co_spawn(
            io, waiters->wait(tenant, seen, longest),
            boost::asio::bind_cancellation_slot(
                cancels.emplace_back().slot(), [outcome](const std::exception_ptr&, Result<void> ended) {
                    *outcome = ended ? "look" : std::string(name_of(ended.error().code));
                }));
        settle();
        return outcome;
    }

    /// Runs what can run without waiting.
    void settle() {
        io.restart();
        io.poll();
    }
};

}  // namespace

TEST_CASE_FIXTURE(Waits, "a commit wakes those of its tenant who have not seen it, and nobody else") {
    const auto behind = wait(ours, 6);
    const auto also_behind = wait(ours, 0);
    const auto ahead = wait(ours, 7);
    const auto other = wait(theirs, 0);
    CHECK(waiters->waiting() == 4);
    waiters->announced(ours, 7);
    settle();
    CHECK(*behind == "look");
    CHECK(*also_behind == "look");
    CHECK(*ahead == "");
    CHECK(*other == "");
    CHECK(waiters->waiting() == 2);
    waiters->announced(ours, 8);
    settle();
    CHECK(*ahead == "look");
}

TEST_CASE_FIXTURE(Waits, "a commit announced between a reader's look and its wait is not missed") {
    waiters->announced(ours, 7);
    CHECK(*wait(ours, 6) == "look");
    CHECK(waiters->waiting() == 0);
    CHECK(*wait(ours, 7) == "");
    CHECK(*wait(theirs, 0) == "");
}

TEST_CASE_FIXTURE(Waits, "announcements that overtake each other leave the last commit remembered") {
    waiters->announced(ours, 8);
    waiters->announced(ours, 7);
    CHECK(*wait(ours, 7) == "look");
}

TEST_CASE_FIXTURE(
    Waits, "an announcement is forgotten after a while, so that nobody looks for ever after a restore") {
    waiters->announced(ours, 700);
    clock.at += 23h;
    CHECK(*wait(ours, 5) == "look");
    clock.at += 2h;
    const auto after_restore = wait(ours, 5);
    CHECK(*after_restore == "");
    waiters->announced(ours, 6);
    settle();
    CHECK(*after_restore == "look");
    CHECK(*wait(ours, 6) == "");
}

TEST_CASE_FIXTURE(Waits, "where announcements were missed everybody looks once") {
    const auto one = wait(ours, 5);
    const auto other = wait(theirs, 5);
    waiters->wake_all();
    settle();
    CHECK(*one == "look");
    CHECK(*other == "look");
    CHECK(*wait(ours, 5) == "");
}

TEST_CASE_FIXTURE(Waits, "a wait ends by itself after its longest time") {
    const auto impatient = wait(ours, 5, 0ms);
    io.restart();
    io.run();
    CHECK(*impatient == "look");
}

TEST_CASE("a wait that nothing wakes ends by itself, however long it may last") {
    Waits quick;
    quick.waiters.emplace(quick.clock, 1ms);
    const auto patient = quick.wait(ours, 5);
    quick.io.restart();
    quick.io.run();
    CHECK(*patient == "look");
}

TEST_CASE_FIXTURE(Waits, "a stop ends all waiting, also that which begins later") {
    const auto before = wait(ours, 5);
    waiters->stop();
    settle();
    CHECK(*before == "cancelled");
    CHECK(*wait(theirs, 5) == "cancelled");
    CHECK(waiters->waiting() == 0);
}

TEST_CASE_FIXTURE(Waits, "a wait whose coroutine is cancelled leaves nothing behind") {
    const auto cancelled = wait(ours, 5);
    cancels.back().emit(boost::asio::cancellation_type::terminal);
    settle();
    CHECK(*cancelled == "cancelled");
    CHECK(waiters->waiting() == 0);
}

TEST_CASE("a waiter's loop may be destroyed before and after the waiters") {
    ManualClock clock;
    FeedWaiters outliving(clock, 24h);
    {
        boost::asio::io_context io;
        boost::asio::co_spawn(io, outliving.wait(ours, 5, 24h),
                              [](const std::exception_ptr&, Result<void>) {});
        io.poll();
        CHECK(outliving.waiting() == 1);
        outliving.announced(ours, 6);
    }
    CHECK(outliving.waiting() == 0);
    boost::asio::io_context io;
    std::optional<FeedWaiters> gone(std::in_place, clock, 24h);
    boost::asio::co_spawn(io, gone->wait(ours, 5, 24h), [](const std::exception_ptr&, Result<void>) {});
    io.poll();
    gone.reset();
}

TEST_CASE("waiters on several threads are each woken on their own, whoever announces") {
    ManualClock clock;
    FeedWaiters waiters(clock, 24h);
    std::vector<std::thread> threads;
    std::atomic<int> looked = 0;
    for (int i = 0; i < 4; ++i) {
        threads.emplace_back([&waiters, &looked] {
            boost::asio::io_context io;
            const auto home = std::this_thread::get_id();
            for (int n = 0; n < 50; ++n) {
                boost::asio::co_spawn(io, waiters.wait(ours, 5, 24h),
                                      [&looked, home](const std::exception_ptr&, Result<void> ended) {
                                          if (ended && std::this_thread::get_id() == home) ++looked;
                                      });
            }
            io.run();
        });
    }
    // Some wait already, some come later and find it remembered.
    waiters.announced(ours, 6);
    for (std::thread& thread : threads) {
        thread.join();
    }
    CHECK(looked == 200);
    CHECK(waiters.waiting() == 0);
}
