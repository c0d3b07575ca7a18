// Finished documents by key and by page, and how fresh they are.
#pragma once

#include <vector>

#include "adapters/postgres/transaction.hpp"
#include "domain/ports/read_store.hpp"

namespace tributary::postgres {

domain::ports::DocumentRead read_document(Transaction& tx, domain::EntityKind kind, const domain::Uuid& id);
/// The customer filter is that of the present moment, also for an earlier commit. Throws Failure: not_found
/// for an unknown tenant, invalid_input for a commit that is not there yet.
domain::ports::DocumentPage list_documents(Transaction& tx, const domain::ports::ListQuery& query);
domain::ports::OverviewRead read_overview(Transaction& tx, const domain::Uuid& customer);
std::vector<domain::ports::Freshness> read_freshness(Transaction& tx,
                                                     const std::optional<domain::Uuid>& document);

}  // namespace tributary::postgres
