// What a reader wants fresher than it is, and who brings it up to date.
#pragma once

#include <chrono>
#include <cstddef>
#include <vector>

#include "domain/ports/task.hpp"
#include "services/refresh/plan.hpp"

namespace tributary::refresh {

/// What one reader waits for.
struct Demand {
    domain::Uuid tenant;
    /// Of connections that may be asked.
    std::vector<Want> wants;
    /// From when on a source is fresh enough.
    domain::Timestamp not_before;
    /// How long the reader waits, on the steady clock.
    std::chrono::steady_clock::time_point until;
};

/// Has sources brought up to date. Thread-safe.
class Refreshing {
  public:
    virtual ~Refreshing() = default;
    /// Begins what is not under way yet, and waits until all of it ended or the reader's time is up. Returns
    /// how much of it ended while the reader waited, well or not: where nothing did, looking again shows
    /// nothing new.
    virtual domain::ports::Task<std::size_t> refresh(Demand demand) = 0;
};

}  // namespace tributary::refresh
