// By what deliveries prove themselves, as this process knows it, by connection: the provider's public keys
// and the connection's own subscriptions. What is not known is asked for, once for all who wait, and at most
// once a minute a connection: deliveries with made-up keys cost no more than that.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "domain/ports/clock.hpp"
#include "domain/ports/webhook_store.hpp"
#include "domain/ports/webhooks.hpp"

namespace spdlog {
class logger;
}

namespace tributary::webhooks {

/// What a provider answers for one connection.
struct Proofs {
    /// Possibly the same for all of the provider's clients: they prove who sent a delivery, not whom it is
    /// for.
    std::vector<domain::ports::WebhookKey> keys;
    /// Ids of the subscriptions that the connection's credentials own.
    std::set<std::string> subscriptions;
};

/// Thread-safe: request threads look up, one thread asks the providers. Outlives all tasks and both sides'
/// last turn.
class KeyRing {
  public:
    /// Asks a connection's provider.
    using Fetch = std::function<domain::ports::Task<domain::Result<Proofs>>(domain::ports::WebhookTarget)>;

    /// `asking` is where `fetch` runs.
    KeyRing(boost::asio::any_io_executor asking, const domain::ports::Clock& clock, Fetch fetch,
            std::shared_ptr<spdlog::logger> log);

    /// The connection's key of this id. Waits up to five seconds where it has to be asked for. A key that the
    /// provider does not list any more is forgotten within the hour; one that cannot be asked for again
    /// stays.
    domain::ports::Task<std::optional<domain::ports::WebhookKey>> find(domain::ports::WebhookTarget target,
                                                                       std::string key_id);
    /// Whether a subscription is the connection's own; call it after find(), which keeps the ring fresh. One
    /// that is not known is asked for as a key is. Errc::unauthenticated where it is not known and the
    /// provider's last answer, if it ever came, was an error.
    domain::ports::Task<domain::Result<bool>> subscribed(domain::ports::WebhookTarget target,
                                                         std::string subscription);

  private:
    struct Waiter;

    struct Ring {
        std::map<std::string, domain::ports::WebhookKey> keys = {};
        std::set<std::string> subscriptions = {};
        /// Whether the last question was answered.
        bool answered = false;
        std::chrono::steady_clock::time_point fresh_until = {};
        /// The next time the provider may be asked; past before the first.
        std::chrono::steady_clock::time_point ask_after = {};
        bool asking = false;
        std::vector<std::shared_ptr<Waiter>> waiters = {};
    };

    struct Joined {
        /// Nobody where the provider may not be asked again yet.
        std::shared_ptr<Waiter> waiter = nullptr;
        /// True for the one who has to ask.
        bool first = false;
    };

    Joined join(const domain::Uuid& connection, const boost::asio::any_io_executor& executor);
    /// Asks, or waits for whoever asks; at once where the provider may not be asked again yet.
    domain::ports::Task<void> refresh(domain::ports::WebhookTarget target);
    domain::ports::Task<void> ask(domain::ports::WebhookTarget target);
    void land(const domain::Uuid& connection, const domain::Result<Proofs>& answered);
    std::optional<domain::ports::WebhookKey> known(const domain::Uuid& connection, const std::string& key_id,
                                                   bool fresh);
    /// As subscribed(), of what is known now.
    domain::Result<bool> owns(const domain::Uuid& connection, const std::string& subscription);

    boost::asio::any_io_executor asking_;
    const domain::ports::Clock& clock_;
    Fetch fetch_;
    std::shared_ptr<spdlog::logger> log_;
    std::mutex mutex_;
    /// Only of connections that exist.
    std::map<domain::Uuid, Ring> rings_;
};

}  // namespace tributary::webhooks
