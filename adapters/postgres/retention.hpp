// Moves the horizon of a tenant's past, and deletes what lies beyond it.
#pragma once

#include <chrono>
#include <memory>

#include "adapters/postgres/pool.hpp"
#include "adapters/postgres/transaction.hpp"
#include "domain/ports/retention_store.hpp"

namespace tributary::postgres {

// Both as domain/ports/retention_store.hpp says; in transactions of their own, so that whoever sees that a
// row is gone sees the horizon too.
std::int64_t move_horizon(Transaction& tx, std::chrono::seconds kept);
domain::ports::PurgedBatch purge(Transaction& tx, const domain::ports::PurgeOrder& order);

/// `pool` must outlive it.
std::unique_ptr<domain::ports::RetentionStore> make_retention_store(Pool& pool);

}  // namespace tributary::postgres
