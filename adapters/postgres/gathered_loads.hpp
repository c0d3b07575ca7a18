// Gathers what readers want at the same time: one statement for all of them instead of one each.
#pragma once

#include <chrono>
#include <memory>

#include "adapters/postgres/pool.hpp"
#include "domain/ports/read_store.hpp"

namespace tributary::postgres {

/// Thread-safe. What a turn of an event loop wants of a tenant leaves together at its end, while fewer than
/// `most_under_way` such batches are with the database; else it goes on gathering until one comes back.
class GatheredLoads {
  public:
    static constexpr std::size_t most_under_way = 4;
    /// While a batch of their tenant is under way fewer documents wait for its return, for a while.
    static constexpr std::size_t worth_their_own = 16;
    /// Documents in one batch.
    static constexpr std::size_t most_together = 256;

    /// `pool` outlives it and every load. `longest_wait`: of a few documents for the return of others.
    explicit GatheredLoads(Pool& pool,
                           std::chrono::milliseconds longest_wait = std::chrono::milliseconds(10));

    /// While the loops of those live who still wait; they are told nothing any more.
    ~GatheredLoads();

    GatheredLoads(const GatheredLoads&) = delete;
    GatheredLoads& operator=(const GatheredLoads&) = delete;

    /// As of ReadStore. What is read is of a moment after the call. Readers of one document share its load;
    /// where a batch fails all its readers are told the same. Runs on the caller's executor, which one thread
    /// runs; a reader that goes away disturbs nobody.
    domain::ports::Task<domain::Result<domain::ports::DocumentLoad>> load(domain::Uuid tenant,
                                                                          domain::EntityKind kind,
                                                                          domain::Uuid id);

  private:
    struct State;
    std::shared_ptr<State> state_;
};

}  // namespace tributary::postgres
