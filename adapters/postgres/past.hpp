// Documents and former ids as they were at a commit.
#pragma once

#include <span>
#include <unordered_map>
#include <vector>

#include "adapters/postgres/transaction.hpp"
#include "domain/ports/read_store.hpp"

namespace tributary::postgres {

/// Those of these documents that there were, of whatever kind, removed ones too, by id.
std::vector<domain::ports::StoredDocument> documents_then(Transaction& tx, std::int64_t commit,
                                                          std::span<const domain::Uuid> ids);
/// Where the ids of those of these customers that were merged led to: one step.
std::unordered_map<domain::Uuid, domain::Uuid> redirects_then(Transaction& tx, std::int64_t commit,
                                                              std::span<const domain::Uuid> customers);

}  // namespace tributary::postgres
