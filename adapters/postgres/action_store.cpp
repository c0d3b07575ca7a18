#include "adapters/postgres/action_store.hpp"

#include <utility>

#include "adapters/postgres/action_queue.hpp"
#include "adapters/postgres/actions.hpp"

namespace tributary::postgres {

using namespace domain::ports;
using domain::Result;
using domain::Uuid;

namespace {

class Actions final : public ActionStore {
  public:
    explicit Actions(Pool& pool) : pool_(pool) {}

    Task<Result<std::optional<StoredAction>>> action_of_key(Uuid tenant, std::string key_hash) override {
        return pool_.run({tenant}, [key_hash = std::move(key_hash)](Transaction& tx) {
            return read_action_of_key(tx, key_hash);
        });
    }

    Task<Result<ActionTarget>> action_target(Uuid tenant, ActionTargetQuery query) override {
        return pool_.run(
            {tenant}, [query = std::move(query)](Transaction& tx) { return read_action_target(tx, query); });
    }

    Task<Result<StoredAction>> begin_action(Uuid tenant, NewAction action,
                                            std::chrono::seconds lasts) override {
        const JobSpec spec{.tenant = tenant, .retry_conflict = true};
        return pool_.run(spec, [action = std::move(action), lasts](Transaction& tx) {
            return postgres::begin_action(tx, action, lasts);
        });
    }

    Task<Result<ActionView>> action(Uuid tenant, Uuid id) override {
        return pool_.run({tenant}, [id](Transaction& tx) { return read_action(tx, id); });
    }

    Task<Result<std::vector<ActionView>>> actions(Uuid tenant, ActionQuery query) override {
        return pool_.run({tenant},
                         [query = std::move(query)](Transaction& tx) { return read_actions(tx, query); });
    }

    Task<Result<std::optional<ClaimedAction>>> claim_action(Uuid owner, std::chrono::seconds lease) override {
        return pool_.run(
            {}, [owner, lease](Transaction& tx) { return postgres::claim_action(tx, owner, lease); });
    }

    Task<Result<void>> renew_action(Uuid tenant, ActionLease lease, std::chrono::seconds lasts) override {
        return pool_.run({tenant},
                         [lease, lasts](Transaction& tx) { postgres::renew_action(tx, lease, lasts); });
    }

    Task<Result<void>> begin_sending(Uuid tenant, ActionLease lease) override {
        return pool_.run({tenant}, [lease](Transaction& tx) { postgres::begin_sending(tx, lease); });
    }

    Task<Result<void>> put_off_action(Uuid tenant, ActionLease lease, std::optional<std::string> state,
                                      std::chrono::seconds pause) override {
        return pool_.run({tenant}, [lease, state = std::move(state), pause](Transaction& tx) {
            postgres::put_off_action(tx, lease, state, pause);
        });
    }

    Task<Result<void>> finish_action(Uuid tenant, ActionLease lease) override {
        return pool_.run({tenant}, [lease](Transaction& tx) { postgres::finish_action(tx, lease); });
    }

    Task<Result<std::size_t>> drop_expired_actions() override {
        const JobSpec spec{.allowance = std::chrono::minutes(2)};
        return pool_.run(spec, [](Transaction& tx) { return postgres::drop_expired_actions(tx); });
    }

  private:
    Pool& pool_;
};

}  // namespace

std::unique_ptr<ActionStore> make_action_store(Pool& pool) {
    return std::make_unique<Actions>(pool);
}

}  // namespace tributary::postgres
