// Virtual time. Everything that waits stands in one list, ordered by when it goes on; the world takes the
// first and time jumps there.
#pragma once

#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/error_code.hpp>
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <utility>
#include <vector>

#include "domain/ports/task.hpp"

namespace tributary::simulation {

/// Since the start of the simulation; never jumps.
using Instant = std::chrono::nanoseconds;
/// One life of a process: a restarted one has another number. Zero is the world itself.
using ProcessId = int;

class Timeline {
  public:
    /// Somebody who waits. Destroying it destroys the coroutines behind it, as a killed process loses them.
    class Waiter {
      public:
        virtual ~Waiter() = default;
        virtual void go_on(boost::system::error_code error) = 0;
    };

    struct Event {
        ProcessId process = 0;
        std::unique_ptr<Waiter> waiter;
        /// The world's own events have this instead of a waiter.
        std::function<void()> action;
    };

    [[nodiscard]] Instant now() const { return now_; }

    [[nodiscard]] bool empty() const { return events_.empty(); }

    /// When the first event is due; only where there is one.
    [[nodiscard]] Instant next_at() const { return events_.begin()->first.first; }

    /// Takes the first event and moves the clock to it.
    Event pop();
    /// Passes time in which nothing happens.
    void pass_until(Instant at);
    void at(Instant when, std::function<void()> action);
    /// Gives back an event that cannot happen yet (its process is stopped).
    void put_back(Instant when, Event event);
    /// Everything that a killed process was waiting for.
    std::vector<Event> drop(ProcessId process);

    /// Ends after `duration`, or with operation_aborted where it is cancelled.
    domain::ports::Task<void> wait(ProcessId process, Instant duration);

  private:
    using Key = std::pair<Instant, std::uint64_t>;
    template <class Handler>
    class HandlerWaiter;

    void cancel(std::uint64_t sequence);

    Instant now_{0};
    std::uint64_t sequence_ = 0;
    std::map<Key, Event> events_;
};

}  // namespace tributary::simulation
