// Entities and what bears on them.
#pragma once

#include <span>
#include <vector>

#include "adapters/postgres/transaction.hpp"
#include "domain/ports/page_store.hpp"

namespace tributary::postgres {

std::vector<domain::Uuid> create_entities(Transaction& tx,
                                          std::span<const domain::ports::NewEntity> entities);
std::vector<domain::ports::EntityState> lock_entities(Transaction& tx,
                                                      std::span<const domain::ports::EntityAnchor> anchors);
std::vector<domain::ports::EntityState> lock_existing_entities(Transaction& tx,
                                                               std::span<const domain::Uuid> ids);
std::vector<domain::ports::EntityState> read_entities(Transaction& tx, std::span<const domain::Uuid> ids);
std::vector<domain::ports::EntityState> read_children(Transaction& tx, std::span<const domain::Uuid> parents);
std::vector<domain::ports::Contribution> read_contributions(Transaction& tx,
                                                            std::span<const domain::Uuid> ids);
std::vector<domain::ports::EntitySource> read_sources(Transaction& tx, std::span<const domain::Uuid> ids);
void write_entities(Transaction& tx, std::span<const domain::ports::EntityWrite> entities);
std::vector<domain::ports::AccessRow> read_access_of_profiles(Transaction& tx,
                                                              std::span<const domain::Uuid> profiles);
std::vector<domain::ports::AccessRow> read_access_of_targets(Transaction& tx,
                                                             std::span<const domain::Uuid> targets);

}  // namespace tributary::postgres
