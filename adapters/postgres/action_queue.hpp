// Carrying actions out: whose turn it is, how far each has come, and what its effect is committed with.
#pragma once

#include <chrono>
#include <optional>
#include <span>
#include <string>

#include "adapters/postgres/transaction.hpp"
#include "domain/ports/action_store.hpp"

namespace tributary::postgres {

/// In a transaction without a tenant.
std::optional<domain::ports::ClaimedAction> claim_action(Transaction& tx, const domain::Uuid& owner,
                                                         std::chrono::seconds lease);
// Throw Failure with Errc::stale_owner.
void renew_action(Transaction& tx, const domain::ports::ActionLease& lease, std::chrono::seconds lasts);
void begin_sending(Transaction& tx, const domain::ports::ActionLease& lease);
void put_off_action(Transaction& tx, const domain::ports::ActionLease& lease,
                    const std::optional<std::string>& state, std::chrono::seconds pause);
void finish_action(Transaction& tx, const domain::ports::ActionLease& lease);
/// Locks the action and, where its effect is to be committed, the schedule's row; says whether it may be.
bool settle_action(Transaction& tx, const domain::ports::ActionEnd& end);
void note_action_commit(Transaction& tx, const domain::Uuid& action);

/// Actions that the provider accepted and that concern one of these documents are due at once: it may say
/// what they wait for. Not the action whose effect this is, if it is one's.
void look_after_actions(Transaction& tx, std::span<const domain::ports::DocumentWrite> documents,
                        const domain::Uuid& own);

}  // namespace tributary::postgres
