// The issuer's keys as this process knows them. What is not known is asked for, once for all who wait, and at
// most once a minute: tokens with made-up key ids cost no more than that.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "adapters/jwt/key_set.hpp"
#include "domain/error.hpp"
#include "domain/ports/clock.hpp"
#include "domain/ports/task.hpp"

namespace spdlog {
class logger;
}

namespace tributary::jwt {

/// Thread-safe: request threads look up, one thread fetches. Outlives all tasks and both sides' last turn.
class KeyCache {
  public:
    /// The text of a key set, from wherever it is kept.
    using Fetch = std::function<domain::ports::Task<domain::Result<std::string>>()>;
    /// Keeps its whole set alive.
    using Key = std::shared_ptr<const crypto::TokenKey>;

    static constexpr std::chrono::hours fresh_for{1};
    static constexpr std::chrono::minutes between_fetches{1};
    static constexpr std::chrono::seconds longest_wait{5};

    /// `fetching` is where `fetch` runs.
    KeyCache(boost::asio::any_io_executor fetching, const domain::ports::Clock& clock, Fetch fetch,
             std::shared_ptr<spdlog::logger> log);

    /// Waits up to five seconds where the key has to be asked for. A key that is not listed any more is
    /// forgotten within the hour; where the set cannot be fetched again the old one stays, and nobody waits
    /// for the next attempt. Errc::unauthenticated where the set does not have the key, Errc::unavailable
    /// where there never was a set.
    domain::ports::Task<domain::Result<Key>> find(std::string key_id, crypto::TokenAlgorithm algorithm);

  private:
    struct Waiter;

    struct Look {
        Key key = nullptr;
        /// Whether the key may be used without asking again.
        bool fresh = false;
        /// Whether asking again is worth waiting for.
        bool wait = true;
    };

    struct Joined {
        /// Nobody where the set may not be fetched again yet.
        std::shared_ptr<Waiter> waiter = nullptr;
        /// True for the one who has to fetch.
        bool first = false;
    };

    Look look(const std::string& key_id, crypto::TokenAlgorithm algorithm);
    Joined join(const boost::asio::any_io_executor& executor);
    domain::ports::Task<void> fetch_set();
    void land(domain::Result<KeySet> fetched);

    boost::asio::any_io_executor fetching_on_;
    const domain::ports::Clock& clock_;
    Fetch fetch_;
    std::shared_ptr<spdlog::logger> log_;
    std::mutex mutex_;
    std::shared_ptr<const KeySet> set_;
    std::chrono::steady_clock::time_point fresh_until_;
    /// The next time the set may be fetched; meaningless before the first.
    std::chrono::steady_clock::time_point fetch_after_;
    bool fetched_before_ = false;
    bool fetching_ = false;
    bool last_failed_ = false;
    std::vector<std::shared_ptr<Waiter>> waiters_;
};

}  // namespace tributary::jwt
