// Takes what a provider delivers: verifies it, stores its events, and leaves the applying to others.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "domain/ports/clock.hpp"
#include "domain/ports/http.hpp"
#include "domain/ports/webhook_store.hpp"
#include "services/sync/providers.hpp"
#include "services/webhooks/key_ring.hpp"

namespace tributary::webhooks {

/// Borrowed; all outlive the deliveries.
struct DeliveryTools {
    domain::ports::WebhookStore& store;
    const sync::Providers& providers;
    KeyRing& keys;
    const domain::ports::Clock& clock;
    std::shared_ptr<spdlog::logger> log;
    /// How far a delivery's clock may be from ours.
    std::chrono::seconds tolerance{86'400};
    /// Something waits to be applied: whoever applies in this process should look now. Any thread.
    std::function<void()> wake = [] {};
};

/// An event as it is stored; `now` orders what names no time itself.
domain::ports::InboxEvent stored_form(domain::ports::WebhookEvent event, domain::Timestamp now);

/// The same of an event that was sent for somebody else's subscription: poison without its payload, and not
/// under its own id, which an event of ours may bear.
domain::ports::InboxEvent disowned_form(domain::ports::WebhookEvent event, domain::Timestamp now);

/// Where a delivery was sent to, as its path says.
struct DeliveryAddress {
    std::string provider;
    std::string connection;
};

/// Thread-safe.
class Deliveries {
  public:
    explicit Deliveries(DeliveryTools tools) : tools_(std::move(tools)) {}

    /// Whether a request could be a delivery of this provider at all, by its header block alone:
    /// Errc::invalid_input where it could not.
    [[nodiscard]] domain::Result<void> admit(const std::string& provider,
                                             const domain::ports::HttpRequest& head) const;

    /// Ends well once every event is stored. An event of a subscription that is not the connection's has no
    /// effect: providers sign for all their clients alike, and each may name our URL. Besides the store's
    /// errors: Errc::invalid_input as of admit(), Errc::unauthenticated for everything that is not proved, an
    /// unknown connection included: who asks must not learn which it was.
    domain::ports::Task<domain::Result<domain::ports::InboxReceipt>> take(
        DeliveryAddress address, domain::ports::HttpRequest delivery) const;

  private:
    domain::ports::Task<domain::Result<domain::ports::WebhookTarget>> prove(
        const DeliveryAddress& address, const domain::ports::HttpRequest& delivery) const;
    /// The events of a proved delivery as they are to be stored. Errc::unauthenticated where it could not be
    /// found out whose they are: the provider sends them again.
    domain::ports::Task<domain::Result<std::vector<domain::ports::InboxEvent>>> sorted(
        domain::ports::WebhookTarget target, std::vector<domain::ports::WebhookEvent> events) const;

    DeliveryTools tools_;
};

}  // namespace tributary::webhooks
