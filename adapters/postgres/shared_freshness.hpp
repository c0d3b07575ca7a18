// How fresh a tenant's data are, read once for all who ask at the same time.
#pragma once

#include <chrono>
#include <memory>
#include <vector>

#include "adapters/postgres/pool.hpp"
#include "domain/ports/read_store.hpp"

namespace tributary::postgres {

/// Thread-safe. Who asks while a tenant's freshness is being read waits for the next reading, with all others
/// who ask by then.
class SharedFreshness {
  public:
    /// `pool` outlives it and every reading. `longest_wait`: for a reading that is under way.
    explicit SharedFreshness(Pool& pool,
                             std::chrono::milliseconds longest_wait = std::chrono::milliseconds(10));

    /// While the loops of those live who still wait; they are told nothing any more.
    ~SharedFreshness();

    SharedFreshness(const SharedFreshness&) = delete;
    SharedFreshness& operator=(const SharedFreshness&) = delete;

    /// As of ReadStore, of a moment after the call. Where a reading fails all its readers are told the same.
    /// Runs on the caller's executor, which one thread runs; a reader that goes away disturbs nobody.
    domain::ports::Task<domain::Result<std::vector<domain::ports::Freshness>>> read(domain::Uuid tenant);

  private:
    struct State;
    std::shared_ptr<State> state_;
};

}  // namespace tributary::postgres
