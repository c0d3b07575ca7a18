// Who in this process waits for changes, and who of them is to look now.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>

#include "domain/ports/clock.hpp"
#include "domain/ports/feed_signal.hpp"

namespace tributary::postgres {

/// Thread-safe. Keeps a row for each waiter and a fixed number of late announcements, nothing else. Waiting
/// coroutines may outlive it.
class FeedWaiters {
  public:
    /// `clock` (monotonic time only) outlives it. Each wait ends after `look_after` by itself.
    FeedWaiters(const domain::ports::Clock& clock, std::chrono::milliseconds look_after);
    ~FeedWaiters();
    FeedWaiters(const FeedWaiters&) = delete;
    FeedWaiters& operator=(const FeedWaiters&) = delete;

    /// Wakes the tenant's waiters that have not seen this commit, each on its own executor. Remembered for
    /// `look_after`: who read before it and waits after it does not miss it.
    void announced(const domain::Uuid& tenant, std::int64_t commit);
    /// Announcements may have been missed: everybody looks once.
    void wake_all();
    /// See FeedSignal.
    domain::ports::Task<domain::Result<void>> wait(domain::Uuid tenant, std::int64_t seen,
                                                   std::chrono::milliseconds longest);
    void stop();

    [[nodiscard]] std::size_t waiting() const;

  private:
    struct Waiter;
    struct State;
    struct Place;

    std::shared_ptr<State> state_;
};

}  // namespace tributary::postgres
