// Events that providers sent us: stored before they are answered, applied afterwards under the connection's
// lease.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "domain/error.hpp"
#include "domain/ports/connection_store.hpp"
#include "domain/ports/task.hpp"
#include "domain/time.hpp"
#include "domain/uuid.hpp"

namespace tributary::domain::ports {

/// The connection that a delivery names, with what it takes to ask its provider.
struct WebhookTarget {
    Uuid tenant;
    ConnectionView connection;
    std::string sealed_credentials;
};

/// An event as it is stored.
struct InboxEvent {
    /// The provider's own; of an event without one, a hash of it.
    std::string id;
    /// Of the payload: the same id with another content is another event, and one that we do not trust.
    std::string content_hash;
    std::string type;
    /// Empty where it bears on no stream of ours.
    std::string stream;
    std::string object_id;
    /// What orders the applying: the object's update time, else the event's, else its arrival.
    Timestamp happened_at;
    std::optional<Timestamp> created_at;
    /// waiting (to be applied), ignored, hint or poison.
    std::string state = "waiting";
    std::string reason;
    /// JSON text.
    std::string payload;
};

struct InboxReceipt {
    std::size_t stored = 0;
    /// Known already; without effect.
    std::size_t repeated = 0;
    /// Known by id with another content: kept as poison.
    std::size_t contradicted = 0;
};

/// A connection whose events this process may apply, until the lease ends.
struct ClaimedInbox {
    Uuid tenant;
    ConnectionView connection;
    Lease lease;
};

/// What has arrived at a connection and what became of it.
struct InboxView {
    struct Poison {
        std::string event_id;
        std::string type;
        std::string reason;
        Timestamp received_at;
    };

    std::int64_t waiting = 0;
    std::int64_t applied = 0;
    std::int64_t stale = 0;
    std::int64_t ignored = 0;
    std::int64_t hints = 0;
    std::int64_t poison = 0;
    std::optional<Timestamp> last_received_at;
    std::optional<Timestamp> oldest_waiting_at;
    /// The newest 50.
    std::vector<Poison> poisoned;
};

class WebhookStore {
  public:
    virtual ~WebhookStore() = default;

    /// Errc::not_found where there is no such connection, or one that is being removed.
    virtual Task<Result<WebhookTarget>> webhook_target(Uuid connection) = 0;
    /// Stores what is new, and makes the connection's inbox due where something waits. A hint asks for a run.
    virtual Task<Result<InboxReceipt>> receive_events(Uuid tenant, Uuid connection,
                                                      std::vector<InboxEvent> events) = 0;
    /// Takes the lease of one connection that has events waiting, is not paused, and whose lease is free:
    /// never while a run is under way. Nothing where there is none.
    virtual Task<Result<std::optional<ClaimedInbox>>> claim_inbox(Uuid owner, std::chrono::seconds lease) = 0;
    /// Up to `limit` events that wait, in the order of applying.
    virtual Task<Result<std::vector<InboxEvent>>> waiting_events(Uuid tenant, Uuid connection,
                                                                 std::size_t limit) = 0;
    /// Gives the lease back. The inbox is due again where something still waits: at once, or after `pause`.
    virtual Task<Result<void>> release_inbox(Uuid tenant, Lease lease, std::chrono::seconds pause) = 0;
    virtual Task<Result<InboxView>> inbox(Uuid tenant, Uuid connection) = 0;
    /// Deletes what was settled longer than `retention` ago; returns how many there were.
    virtual Task<Result<std::size_t>> drop_settled_events(std::chrono::seconds retention) = 0;
};

}  // namespace tributary::domain::ports
