// Reads the feed of changes.
#pragma once

#include <memory>

#include "adapters/postgres/pool.hpp"
#include "domain/ports/change_store.hpp"

namespace tributary::postgres {

/// In a snapshot. Throws Failure as ChangeStore::changes() says.
domain::ports::ChangePage read_changes(Transaction& tx, const domain::ports::ChangeQuery& query);

/// The pool outlives it.
std::unique_ptr<domain::ports::ChangeStore> make_change_store(Pool& pool);

}  // namespace tributary::postgres
