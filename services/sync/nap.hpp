// A sleep on the injected clock that can be cut short.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <chrono>

#include "domain/ports/clock.hpp"

namespace tributary::sync {

/// One sleeper at a time. Used on the executor's thread only.
class Nap {
  public:
    /// The clock outlives the nap.
    Nap(boost::asio::any_io_executor executor, domain::ports::Clock& clock)
        : executor_(std::move(executor)), clock_(clock) {}

    /// Until `duration` has passed or wake() is called; at once where it was called since the last sleep.
    domain::ports::Task<void> sleep(std::chrono::steady_clock::duration duration);
    void wake();

  private:
    boost::asio::any_io_executor executor_;
    domain::ports::Clock& clock_;
    boost::asio::cancellation_signal signal_;
    bool woken_ = false;
};

}  // namespace tributary::sync
