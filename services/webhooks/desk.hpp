// A session with a connection's provider for calls about webhooks.
#pragma once

#include "domain/ports/webhook_store.hpp"
#include "services/sync/run.hpp"
#include "services/webhooks/key_ring.hpp"

namespace tributary::webhooks {

struct OpenDesk {
    sync::OpenSession opened;
    /// Lives in the session.
    domain::ports::WebhookDesk& desk;
};

/// Errc::conflict where the connection's provider sends no webhooks. The tools outlive it.
domain::Result<OpenDesk> open_desk(const sync::SyncTools& tools, const domain::ports::WebhookTarget& target);

/// Opens a session, asks for the keys that deliveries are signed with and for the subscriptions that are the
/// connection's, and closes it. Both or an error. Errc::unauthenticated, without asking, where the provider
/// refused the credentials already: callers who keep trying are locked out.
domain::ports::Task<domain::Result<Proofs>> fetch_proofs(sync::SyncTools tools,
                                                         domain::ports::WebhookTarget target);

}  // namespace tributary::webhooks
