#include "adapters/postgres/webhook_store.hpp"

#include <utility>

#include "adapters/postgres/webhooks.hpp"

namespace tributary::postgres {

using namespace domain::ports;
using domain::Result;
using domain::Uuid;

namespace {

class Webhooks final : public WebhookStore {
  public:
    explicit Webhooks(Pool& pool) : pool_(pool) {}

    Task<Result<WebhookTarget>> webhook_target(Uuid connection) override {
        return pool_.run({}, [connection](Transaction& tx) { return read_webhook_target(tx, connection); });
    }

    Task<Result<InboxReceipt>> receive_events(Uuid tenant, Uuid connection,
                                              std::vector<InboxEvent> events) override {
        return pool_.run({tenant}, [connection, events = std::move(events)](Transaction& tx) {
            return postgres::receive_events(tx, connection, events);
        });
    }

    Task<Result<std::optional<ClaimedInbox>>> claim_inbox(Uuid owner, std::chrono::seconds lease) override {
        return pool_.run({},
                         [owner, lease](Transaction& tx) { return postgres::claim_inbox(tx, owner, lease); });
    }

    Task<Result<std::vector<InboxEvent>>> waiting_events(Uuid tenant, Uuid connection,
                                                         std::size_t limit) override {
        return pool_.run({tenant}, [connection, limit](Transaction& tx) {
            return read_waiting_events(tx, connection, limit);
        });
    }

    Task<Result<void>> release_inbox(Uuid tenant, Lease lease, std::chrono::seconds pause) override {
        return pool_.run({tenant},
                         [lease, pause](Transaction& tx) { postgres::release_inbox(tx, lease, pause); });
    }

    Task<Result<InboxView>> inbox(Uuid tenant, Uuid connection) override {
        return pool_.run({tenant}, [connection](Transaction& tx) { return read_inbox(tx, connection); });
    }

    Task<Result<std::size_t>> drop_settled_events(std::chrono::seconds retention) override {
        const JobSpec spec{.allowance = std::chrono::minutes(2)};
        return pool_.run(
            spec, [retention](Transaction& tx) { return postgres::drop_settled_events(tx, retention); });
    }

  private:
    Pool& pool_;
};

}  // namespace

std::unique_ptr<WebhookStore> make_webhook_store(Pool& pool) {
    return std::make_unique<Webhooks>(pool);
}

}  // namespace tributary::postgres
