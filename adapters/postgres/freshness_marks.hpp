// Marks of what is told about freshness: set by whoever changes it, seen by whoever keeps finished answers.
#pragma once

#include "adapters/postgres/transaction.hpp"

namespace tributary::postgres {

/// What is told of this connection's freshness (times, health, when it is due), or of this document's own,
/// changes with this transaction.
void mark_freshness(Transaction& tx, const domain::Uuid& subject);

}  // namespace tributary::postgres
