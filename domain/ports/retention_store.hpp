// Letting go of the past: what documents said, and the feed, beyond how long they are kept.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

#include "domain/error.hpp"
#include "domain/ports/task.hpp"
#include "domain/uuid.hpp"

namespace tributary::domain::ports {

/// How much is deleted at once.
struct PurgeOrder {
    std::size_t rows = 0;
    /// As the batch before told. Without it rows that are gone already, and that somebody's long look at the
    /// database keeps in its indexes, are passed over again by each batch.
    std::size_t stage = 0;
};

/// What one batch did.
struct PurgedBatch {
    std::size_t rows = 0;
    /// There is more to delete. False also where somebody else deletes for this tenant just now.
    bool more = false;
    /// Where the next batch of the round begins.
    std::size_t stage = 0;
};

class RetentionStore {
  public:
    virtual ~RetentionStore() = default;
    /// From now on no moment before the newest commit that is at least `kept` old can be read; says which is
    /// the oldest one now. It never moves back, and deletes nothing.
    virtual Task<Result<std::int64_t>> move_horizon(Uuid tenant, std::chrono::seconds kept) = 0;
    /// Deletes some of what no moment that can be read needs, in one short transaction. One caller a tenant
    /// at a time.
    virtual Task<Result<PurgedBatch>> purge(Uuid tenant, PurgeOrder order) = 0;
};

}  // namespace tributary::domain::ports
