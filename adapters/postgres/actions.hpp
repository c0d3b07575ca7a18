// Actions: what callers asked for, under which key, and what it is about.
#pragma once

#include <chrono>
#include <optional>
#include <vector>

#include "adapters/postgres/transaction.hpp"
#include "domain/ports/action_store.hpp"

namespace tributary::postgres {

std::optional<domain::ports::StoredAction> read_action_of_key(Transaction& tx, const std::string& key_hash);
/// Throws Failure with Errc::not_found.
domain::ports::ActionTarget read_action_target(Transaction& tx,
                                               const domain::ports::ActionTargetQuery& query);
domain::ports::StoredAction begin_action(Transaction& tx, const domain::ports::NewAction& action,
                                         std::chrono::seconds lasts);
/// Throws Failure with Errc::not_found.
domain::ports::ActionView read_action(Transaction& tx, const domain::Uuid& id);
std::vector<domain::ports::ActionView> read_actions(Transaction& tx, const domain::ports::ActionQuery& query);
/// In a transaction without a tenant: all tenants in turn.
std::size_t drop_expired_actions(Transaction& tx);
std::size_t drop_expired_of_tenant(Transaction& tx);

}  // namespace tributary::postgres
