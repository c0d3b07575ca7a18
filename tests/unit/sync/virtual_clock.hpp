// Time that passes only when nothing else is left to do, so that an hour of waiting is over at once.
#pragma once

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <map>
#include <memory>

#include "domain/ports/clock.hpp"

namespace tributary::tests {

class VirtualClock final : public domain::ports::Clock {
  public:
    explicit VirtualClock(boost::asio::io_context& io) : io_(io) {}

    [[nodiscard]] domain::Timestamp now() const override {
        return domain::Timestamp(std::chrono::seconds(1'790'000'000)) +
               std::chrono::duration_cast<std::chrono::microseconds>(steady_.time_since_epoch());
    }

    [[nodiscard]] std::chrono::steady_clock::time_point steady_now() const override { return steady_; }

    domain::ports::Task<domain::Result<void>> sleep(std::chrono::steady_clock::duration duration) override {
        const auto sleeper =
            std::make_shared<boost::asio::steady_timer>(io_, boost::asio::steady_timer::time_point::max());
        sleepers_.emplace(steady_ + duration, sleeper);
        co_await sleeper->async_wait(boost::asio::as_tuple(boost::asio::deferred));
        co_return domain::Result<void>{};
    }

    /// Until so many sleepers have been woken.
    void run_steps(int steps) {
        for (int step = 0;; ++step) {
            io_.restart();
            io_.poll();
            if (step == steps || sleepers_.empty()) {
                return;
            }
            wake_first();
        }
    }

    /// Whoever sleeps is never woken, as in a process that was killed.
    void forget_sleepers() { forgotten_.merge(sleepers_); }

    /// Until nobody has anything left to do.
    void run() {
        for (;;) {
            io_.restart();
            io_.poll();
            if (sleepers_.empty()) {
                return;
            }
            wake_first();
        }
    }

  private:
    void wake_first() {
        const auto first = sleepers_.begin();
        steady_ = std::max(steady_, first->first);
        first->second->cancel();
        sleepers_.erase(first);
    }

    boost::asio::io_context& io_;
    std::chrono::steady_clock::time_point steady_{std::chrono::hours(1)};
    std::multimap<std::chrono::steady_clock::time_point, std::shared_ptr<boost::asio::steady_timer>>
        sleepers_;
    /// Kept, so that their coroutines stay where they are until the io_context goes.
    std::multimap<std::chrono::steady_clock::time_point, std::shared_ptr<boost::asio::steady_timer>>
        forgotten_;
};

}  // namespace tributary::tests
