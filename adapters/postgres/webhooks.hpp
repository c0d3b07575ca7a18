// Webhook events: stored as they arrive, claimed under the connection's lease, settled with the page that
// they became.
#pragma once

#include <chrono>
#include <optional>
#include <span>
#include <vector>

#include "adapters/postgres/transaction.hpp"
#include "domain/ports/webhook_store.hpp"

namespace tributary::postgres {

/// In a transaction without a tenant. Throws Failure with Errc::not_found.
domain::ports::WebhookTarget read_webhook_target(Transaction& tx, const domain::Uuid& connection);
domain::ports::InboxReceipt receive_events(Transaction& tx, const domain::Uuid& connection,
                                           std::vector<domain::ports::InboxEvent> events);
/// In a transaction without a tenant.
std::optional<domain::ports::ClaimedInbox> claim_inbox(Transaction& tx, const domain::Uuid& owner,
                                                       std::chrono::seconds lease);
std::vector<domain::ports::InboxEvent> read_waiting_events(Transaction& tx, const domain::Uuid& connection,
                                                           std::size_t limit);
void settle_events(Transaction& tx, const domain::Uuid& connection,
                   std::span<const domain::ports::EventOutcome> outcomes);
/// Throws Failure with Errc::stale_owner.
void release_inbox(Transaction& tx, const domain::ports::Lease& lease, std::chrono::seconds pause);
domain::ports::InboxView read_inbox(Transaction& tx, const domain::Uuid& connection);
/// In a transaction without a tenant: all tenants in turn.
std::size_t drop_settled_events(Transaction& tx, std::chrono::seconds retention);
std::size_t drop_settled_of_tenant(Transaction& tx, std::chrono::seconds retention);

}  // namespace tributary::postgres
