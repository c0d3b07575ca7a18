// One replica of the API with copies of what it reads, as the service puts it together, without the sockets.
#pragma once

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <map>
#include <optional>
#include <string>
#include <thread>

#include "adapters/crypto/random.hpp"
#include "adapters/crypto/sealer.hpp"
#include "adapters/postgres/replica_link.hpp"
#include "adapters/postgres/shared_feed_signal.hpp"
#include "adapters/system/system_clock.hpp"
#include "services/api/api.hpp"
#include "services/cache/follower.hpp"
#include "services/cache/told_changes.hpp"
#include "tests/support/store_fixture.hpp"

namespace tributary::tests {

/// An answer, and whether it came from memory.
struct Told {
    int status = 0;
    std::string body;
    std::map<std::string, std::string> fields;
    bool from_memory = false;
};

class Replica {
  public:
    /// `threads`: of its store. Without `linked` it hears nothing of others but what it looks up.
    explicit Replica(std::size_t threads, bool linked = true);
    ~Replica();
    Replica(const Replica&) = delete;
    Replica& operator=(const Replica&) = delete;

    /// A key of the tenant with these scopes. Known to all replicas.
    std::string make_key(const domain::Uuid& tenant, const std::vector<std::string>& scopes);

    /// DELETE of the key, as the API does it.
    void revoke(const domain::Uuid& tenant, const std::string& key);

    /// What one connection of a client does: its requests share a memory.
    class Client {
      public:
        Client(Replica& replica, std::string key) : replica_(replica), key_(std::move(key)) {}

        /// GET with these further fields.
        Told get(const std::string& target, const std::map<std::string, std::string>& fields = {});

      private:
        Replica& replica_;
        std::string key_;
        std::unique_ptr<domain::ports::ConnectionMemory> memory_;
    };

    [[nodiscard]] postgres::Store& store() { return store_; }

    [[nodiscard]] cache::Copies& copies() { return copies_; }

  private:
    [[nodiscard]] postgres::PoolOptions telling(std::size_t threads);

    struct NothingRefreshed final : refresh::Refreshing {
        domain::ports::Task<std::size_t> refresh(refresh::Demand) override { co_return 0; }
    };

    crypto::SystemRandom random_;
    crypto::AesGcmSealer sealer_{crypto::SecretKey(std::array<std::uint8_t, 32>{7}), random_};
    system::SystemClock clock_;
    postgres::SharedFeedSignal signal_{clock_};
    cache::Copies copies_{std::size_t{16} * 1024 * 1024, clock_};
    postgres::Store store_;
    cache::ToldChanges changes_{store_.changes(), copies_};
    sync::Providers providers_;
    sync::Traffic traffic_{.budgets = store_.budgets()};
    std::shared_ptr<spdlog::logger> log_;
    boost::asio::io_context io_;
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> guard_{io_.get_executor()};
    webhooks::KeyRing keys_;
    webhooks::Deliveries deliveries_;
    NothingRefreshed refresher_;
    std::optional<api::Api> api_;
    std::optional<postgres::ReplicaLink> link_;
    std::thread follower_;
};

}  // namespace tributary::tests
