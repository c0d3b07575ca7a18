// Finished documents by key, and how fresh they are.
#pragma once

#include <optional>
#include <span>
#include <unordered_map>
#include <vector>

#include "adapters/postgres/transaction.hpp"
#include "domain/ports/read_store.hpp"

namespace tributary::postgres {

// All throw as moment_of() does, and read in the snapshot of their transaction.
domain::ports::DocumentRead read_document(Transaction& tx, const domain::ports::ReadAt& at,
                                          const domain::ports::DocumentQuery& query);
domain::ports::BatchRead read_batch(Transaction& tx, const domain::ports::ReadAt& at, domain::EntityKind kind,
                                    std::span<const domain::Uuid> ids);
domain::ports::OverviewRead read_overview(Transaction& tx, const domain::ports::ReadAt& at,
                                          const domain::Uuid& customer);
std::optional<domain::Uuid> customer_named(Transaction& tx, const domain::ports::ReadAt& at,
                                           const domain::Uuid& id);
std::vector<domain::Uuid> targets_named(Transaction& tx, const domain::ports::ReadAt& at,
                                        const domain::ports::TargetName& target);
/// Where those of these customers that were merged ended up, however many merges later.
std::unordered_map<domain::Uuid, domain::Uuid> redirects_of(Transaction& tx,
                                                            std::span<const domain::Uuid> customers);
/// Of every connection of the tenant; fetched, where that was later, when the document was read by itself.
std::vector<domain::ports::Freshness> read_freshness(Transaction& tx,
                                                     const std::optional<domain::Uuid>& document);
/// Of these connections, as their runs left it.
std::vector<domain::ports::Freshness> read_freshness_of(Transaction& tx, const ArrayText& connections);

}  // namespace tributary::postgres
