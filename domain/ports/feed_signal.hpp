// Tells who waits for changes that there may be some, so that nobody has to ask again and again.
#pragma once

#include <chrono>
#include <cstdint>

#include "domain/error.hpp"
#include "domain/ports/task.hpp"
#include "domain/uuid.hpp"

namespace tributary::domain::ports {

/// A signal is only a reason to look: it may come without a change, and it may be lost. Thread-safe.
class FeedSignal {
  public:
    virtual ~FeedSignal() = default;
    /// A commit with this number exists for the tenant.
    virtual void announce(const Uuid& tenant, std::int64_t commit) = 0;
    /// Ends when a commit beyond `seen` may exist, by itself after a second or so because a signal may be
    /// lost, and after `longest`, whichever is first. Whoever finds nothing new then waits again. Runs on the
    /// caller's executor, which one thread runs. Errc::cancelled once stop() was called, or where the waiting
    /// coroutine is cancelled.
    virtual Task<Result<void>> wait(Uuid tenant, std::int64_t seen, std::chrono::milliseconds longest) = 0;
    /// Ends all waiting; nobody waits from now on.
    virtual void stop() = 0;
};

}  // namespace tributary::domain::ports
