// The providers' public keys as this process knows them, by connection. A key that is not known is asked for,
// once for all who wait, and at most once a minute a connection: deliveries with made-up keys cost no more
// than that.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "domain/ports/clock.hpp"
#include "domain/ports/webhook_store.hpp"
#include "domain/ports/webhooks.hpp"

namespace spdlog {
class logger;
}

namespace tributary::webhooks {

/// Thread-safe: request threads look up, one thread asks the providers. Outlives all tasks and both sides'
/// last turn.
class KeyRing {
  public:
    /// Asks a connection's provider for its keys.
    using Fetch = std::function<domain::ports::Task<domain::Result<std::vector<domain::ports::WebhookKey>>>(
        domain::ports::WebhookTarget)>;

    /// `asking` is where `fetch` runs.
    KeyRing(boost::asio::any_io_executor asking, const domain::ports::Clock& clock, Fetch fetch,
            std::shared_ptr<spdlog::logger> log);

    /// The connection's key of this id. Waits up to five seconds where it has to be asked for. A key that the
    /// provider does not list any more is forgotten within the hour; one that cannot be asked for again
    /// stays.
    domain::ports::Task<std::optional<domain::ports::WebhookKey>> find(domain::ports::WebhookTarget target,
                                                                       std::string key_id);

  private:
    struct Waiter;

    struct Ring {
        std::map<std::string, domain::ports::WebhookKey> keys = {};
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
    domain::ports::Task<void> ask(domain::ports::WebhookTarget target);
    void land(const domain::Uuid& connection,
              const domain::Result<std::vector<domain::ports::WebhookKey>>& answered);
    std::optional<domain::ports::WebhookKey> known(const domain::Uuid& connection, const std::string& key_id,
                                                   bool fresh);

    boost::asio::any_io_executor asking_;
    const domain::ports::Clock& clock_;
    Fetch fetch_;
    std::shared_ptr<spdlog::logger> log_;
    std::mutex mutex_;
    /// Only of connections that exist.
    std::map<domain::Uuid, Ring> rings_;
};

}  // namespace tributary::webhooks
