// What this process knows of the providers' hosts: whether one is in trouble, how many requests to it may be
// second attempts, and how many are under way. A host in trouble costs its own connections alone.
// Thread-safe: the API reads what the sync thread writes.
#pragma once

#include <expected>
#include <map>
#include <mutex>
#include <string>
#include <utility>

#include "domain/breaker.hpp"
#include "domain/retry_budget.hpp"

namespace tributary::sync {

class Hosts {
  public:
    using Time = domain::CircuitBreaker::Time;

    /// Requests to one origin at a time: what the HTTP client sends at once, so that none waits there.
    static constexpr std::size_t requests_at_once = 8;

    enum class Refusal {
        in_trouble,  ///< the breaker keeps requests away
        full,        ///< too many are under way
        no_retry,    ///< a second attempt that first ones did not earn
    };

    /// The right to send one request; goes with the object.
    class Turn {
      public:
        Turn(Hosts& hosts, std::string origin) : hosts_(&hosts), origin_(std::move(origin)) {}

        Turn(Turn&& other) noexcept
            : hosts_(std::exchange(other.hosts_, nullptr)), origin_(std::move(other.origin_)) {}

        Turn& operator=(Turn&&) = delete;

        ~Turn() {
            if (hosts_ != nullptr) hosts_->leave(origin_);
        }

      private:
        Hosts* hosts_;
        std::string origin_;
    };

    /// How long the host's breaker keeps requests away; zero where it does not.
    [[nodiscard]] domain::CircuitBreaker::Wait wait(const std::string& origin, Time now) const;
    /// A first attempt earns, a second one (`again`) pays for itself. The probe of a host in trouble is free:
    /// it is how we learn that the trouble is over.
    std::expected<Turn, Refusal> enter(const std::string& origin, bool again, Time now);
    void succeeded(const std::string& origin);
    void failed(const std::string& origin, Time now);
    [[nodiscard]] domain::BreakerState breaker(const std::string& origin) const;

  private:
    struct Host {
        domain::CircuitBreaker breaker;
        domain::RetryBudget retries;
        std::size_t under_way = 0;
    };

    void leave(const std::string& origin);

    mutable std::mutex mutex_;
    /// By origin. Origins come from an allow-list, so that they are few.
    std::map<std::string, Host> hosts_;
};

}  // namespace tributary::sync
