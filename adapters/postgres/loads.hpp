// Documents of the present with all that an answer tells of them, many at once.
#pragma once

#include <span>
#include <vector>

#include "adapters/postgres/freshness_memory.hpp"
#include "adapters/postgres/transaction.hpp"
#include "domain/ports/read_store.hpp"

namespace tributary::postgres {

struct LoadQuery {
    domain::Uuid id;
    /// Where it went is looked up as well.
    bool is_customer = false;
};

/// One for each query, in their order; of whatever kind it is. In a snapshot. `memory`, the tenant's, saves
/// reading again what is told of connections.
std::vector<domain::ports::DocumentLoad> load_documents(Transaction& tx, std::span<const LoadQuery> queries,
                                                        FreshnessMemory& memory);

}  // namespace tributary::postgres
