#include "adapters/postgres/store.hpp"

#include "adapters/postgres/action_store.hpp"
#include "adapters/postgres/admin.hpp"
#include "adapters/postgres/budget_store.hpp"
#include "adapters/postgres/changes.hpp"
#include "adapters/postgres/connection_rows.hpp"
#include "adapters/postgres/connections.hpp"
#include "adapters/postgres/explain.hpp"
#include "adapters/postgres/news.hpp"
#include "adapters/postgres/object_read_store.hpp"
#include "adapters/postgres/page_transaction.hpp"
#include "adapters/postgres/proposals.hpp"
#include "adapters/postgres/read_store.hpp"
#include "adapters/postgres/repair.hpp"
#include "adapters/postgres/replays.hpp"
#include "adapters/postgres/retention.hpp"
#include "adapters/postgres/review.hpp"
#include "adapters/postgres/runs.hpp"
#include "adapters/postgres/schedule.hpp"
#include "adapters/postgres/schema.hpp"
#include "adapters/postgres/token_store.hpp"
#include "adapters/postgres/webhook_store.hpp"

namespace tributary::postgres {

namespace {

using namespace domain::ports;
using domain::Result;
using domain::Uuid;

class Pages final : public PageStore {
  public:
    explicit Pages(Pool& pool) : pool_(pool) {}

    Task<Result<void>> transact(Uuid tenant, std::function<Result<void>(PageTransaction&)> job) override {
        // A page of a thousand objects waits for another that touches the same people: slow, and no fault.
        const JobSpec spec{.tenant = tenant,
                           .retry_conflict = true,
                           .allowance = std::chrono::seconds(45),
                           .lock_wait = std::chrono::seconds(20)};
        return pool_.run(spec, [job = std::move(job)](Transaction& tx) { run_page_job(tx, job); });
    }

  private:
    Pool& pool_;
};

std::vector<ConnectionView> views_of(std::vector<ConnectionRow> rows) {
    std::vector<ConnectionView> views;
    for (ConnectionRow& row : rows)
        views.push_back(std::move(row.view));
    return views;
}

class Connections final : public ConnectionStore {
  public:
    Connections(Pool& pool, Random& random) : pool_(pool), random_(random) {}

    Task<Result<ConnectionView>> create_connection(Uuid tenant, NewConnection connection) override {
        return pool_.run({tenant}, [this, connection = std::move(connection)](Transaction& tx) {
            return postgres::create_connection(tx, random_, connection);
        });
    }

    Task<Result<std::vector<ConnectionView>>> connections(Uuid tenant) override {
        return pool_.run({tenant},
                         [](Transaction& tx) { return views_of(load_connections(tx, std::nullopt)); });
    }

    Task<Result<std::vector<ConnectionView>>> connection_page(Uuid tenant, ConnectionQuery query) override {
        return pool_.run({tenant},
                         [query](Transaction& tx) { return views_of(load_connection_page(tx, query)); });
    }

    Task<Result<ConnectionView>> connection(Uuid tenant, Uuid id) override {
        return pool_.run({tenant}, [id](Transaction& tx) { return load_connection(tx, id).view; });
    }

    Task<Result<void>> remove_connection(Uuid tenant, Uuid id) override {
        return pool_.run({tenant},
                         [this, id](Transaction& tx) { postgres::remove_connection(tx, random_, id); });
    }

    Task<Result<void>> forget_connection(Uuid tenant, Lease lease) override {
        // It may have a million rows to delete.
        const JobSpec spec{.tenant = tenant, .allowance = std::chrono::minutes(5)};
        return pool_.run(spec, [lease](Transaction& tx) { postgres::forget_connection(tx, lease); });
    }

    Task<Result<ConnectionView>> repair_connection(Uuid tenant, ConnectionRepair repair) override {
        return pool_.run({tenant}, [this, repair = std::move(repair)](Transaction& tx) {
            return postgres::repair_connection(tx, random_, repair);
        });
    }

    Task<Result<void>> pause_connection(Uuid tenant, Uuid id, bool paused) override {
        return pool_.run({tenant}, [this, id, paused](Transaction& tx) {
            postgres::pause_connection(tx, random_, id, paused);
        });
    }

    Task<Result<RunView>> request_run(Uuid tenant, Uuid connection_id, std::string cause) override {
        return pool_.run({tenant}, [this, connection_id, cause = std::move(cause)](Transaction& tx) {
            return postgres::request_run(tx, random_, connection_id, cause);
        });
    }

    Task<Result<RunView>> run(Uuid tenant, Uuid id) override {
        return pool_.run({tenant}, [id](Transaction& tx) { return read_run(tx, id); });
    }

    Task<Result<std::vector<RunView>>> runs(Uuid tenant, RunQuery query) override {
        return pool_.run({tenant}, [query](Transaction& tx) { return read_runs(tx, query); });
    }

    Task<Result<ProposalView>> proposal(Uuid tenant, Uuid run) override {
        return pool_.run({tenant}, [run](Transaction& tx) { return read_proposal(tx, run); });
    }

    Task<Result<ProposalView>> decide_proposal(Uuid tenant, ProposalDecision decision) override {
        return pool_.run({tenant}, [this, decision = std::move(decision)](Transaction& tx) {
            return postgres::decide_proposal(tx, random_, decision);
        });
    }

    Task<Result<std::vector<ClaimedRun>>> claim_due(Uuid owner, std::string provider, std::size_t limit,
                                                    std::chrono::seconds lease) override {
        // Undone it is as if never made: whoever had it is refused from then on.
        return pool_.run({.durable = false}, [this, claimant = Claimant{owner, lease},
                                              provider = std::move(provider), limit](Transaction& tx) {
            return postgres::claim_due(tx, random_, claimant, provider, limit);
        });
    }

    Task<Result<std::vector<ClaimedRun>>> claim_connection(Uuid owner, Uuid connection,
                                                           std::chrono::seconds lease) override {
        return pool_.run({}, [this, claimant = Claimant{owner, lease}, connection](Transaction& tx) {
            return postgres::claim_connection(tx, random_, claimant, connection);
        });
    }

    Task<Result<void>> renew_lease(Lease lease, std::chrono::seconds duration) override {
        return pool_.run({},
                         [lease, duration](Transaction& tx) { postgres::renew_lease(tx, lease, duration); });
    }

    Task<Result<void>> finish_run(Uuid tenant, Lease lease, Uuid run_id, RunOutcome outcome) override {
        return pool_.run({tenant}, [lease, run_id, outcome = std::move(outcome)](Transaction& tx) {
            postgres::finish_run(tx, lease, run_id, outcome);
        });
    }

    Task<Result<std::optional<std::chrono::milliseconds>>> next_due(std::string provider) override {
        return pool_.run({}, [provider = std::move(provider)](Transaction& tx) {
            return postgres::next_due(tx, provider);
        });
    }

  private:
    Pool& pool_;
    Random& random_;
};

class Admin final : public AdminStore {
  public:
    explicit Admin(Pool& pool) : pool_(pool) {}

    Task<Result<Tenant>> create_tenant(Uuid id, std::string name) override {
        return pool_.run(
            {id}, [name = std::move(name)](Transaction& tx) { return postgres::create_tenant(tx, name); });
    }

    Task<Result<std::vector<Tenant>>> tenants() override {
        return pool_.run({}, [](Transaction& tx) { return read_tenants(tx); });
    }

    Task<Result<Tenant>> tenant_named(std::string name) override {
        return pool_.run({},
                         [name = std::move(name)](Transaction& tx) { return read_tenant_named(tx, name); });
    }

    Task<Result<Tenant>> tenant(Uuid id) override {
        return pool_.run({}, [id](Transaction& tx) { return read_tenant(tx, id); });
    }

    Task<Result<ApiKey>> create_key(ApiKey key, std::string key_hash) override {
        const JobSpec spec{.tenant = key.tenant};
        return pool_.run(spec, [key = std::move(key), hash = std::move(key_hash)](Transaction& tx) {
            return postgres::create_key(tx, key, hash);
        });
    }

    Task<Result<std::vector<ApiKey>>> keys(Uuid tenant) override {
        return pool_.run({tenant}, [tenant](Transaction& tx) { return read_keys(tx, tenant); });
    }

    Task<Result<std::vector<ApiKey>>> key_page(Uuid tenant, KeyQuery query) override {
        return pool_.run({tenant},
                         [tenant, query](Transaction& tx) { return read_key_page(tx, tenant, query); });
    }

    Task<Result<ApiKey>> key(Uuid tenant, Uuid id) override {
        return pool_.run({tenant}, [tenant, id](Transaction& tx) { return read_key(tx, tenant, id); });
    }

    Task<Result<ApiKey>> rotate_key(KeyRotation rotation, std::string key_hash) override {
        const JobSpec spec{.tenant = rotation.tenant};
        return pool_.run(spec, [rotation = std::move(rotation), hash = std::move(key_hash)](Transaction& tx) {
            return postgres::rotate_key(tx, rotation, hash);
        });
    }

    Task<Result<void>> revoke_key(Uuid tenant, Uuid id) override {
        return pool_.run({tenant}, [tenant, id](Transaction& tx) { postgres::revoke_key(tx, tenant, id); });
    }

    Task<Result<Principal>> principal_of(std::string key_hash) override {
        return pool_.run({},
                         [hash = std::move(key_hash)](Transaction& tx) { return read_principal(tx, hash); });
    }

    Task<Result<void>> ready() override {
        // Whoever asks gives up after a few seconds, and would take no answer for a dead process.
        return pool_.run({.allowance = std::chrono::milliseconds(1'500)}, [](Transaction& tx) {
            require_writable(tx);
            require_schema(tx, embedded_migrations());
        });
    }

  private:
    Pool& pool_;
};

class FeedNews final : public NewsStore {
  public:
    explicit FeedNews(Pool& pool) : pool_(pool) {}

    Task<Result<News>> news(Uuid tenant, NewsQuery query) override {
        return pool_.run({.tenant = tenant, .snapshot = true},
                         [query](Transaction& tx) { return read_news(tx, query); });
    }

  private:
    Pool& pool_;
};

}  // namespace

class Store::Ports {
  public:
    Ports(PoolOptions options, Random& random)
        : pool(std::move(options)),
          pages(pool),
          connections(pool, random),
          reads(make_read_store(pool)),
          changes(make_change_store(pool)),
          admin(pool),
          budgets(make_budget_store(pool)),
          drift(pool),
          quarantine(pool),
          replays(make_replay_store(pool, random)),
          webhooks(make_webhook_store(pool)),
          tokens(make_token_store(pool)),
          object_reads(make_object_read_store(pool)),
          explanations(pool),
          actions(make_action_store(pool)),
          retention(make_retention_store(pool)),
          news(pool) {}

    Pool pool;
    Pages pages;
    Connections connections;
    std::unique_ptr<ReadStore> reads;
    std::unique_ptr<ChangeStore> changes;
    Admin admin;
    std::unique_ptr<BudgetStore> budgets;
    DriftTable drift;
    QuarantineTable quarantine;
    std::unique_ptr<ReplayStore> replays;
    std::unique_ptr<WebhookStore> webhooks;
    std::unique_ptr<TokenStore> tokens;
    std::unique_ptr<ObjectReadStore> object_reads;
    ExplainTables explanations;
    std::unique_ptr<ActionStore> actions;
    std::unique_ptr<RetentionStore> retention;
    FeedNews news;
};

Store::Store(PoolOptions options, Random& random)
    : ports_(std::make_unique<Ports>(std::move(options), random)) {}

Store::~Store() = default;

PageStore& Store::pages() {
    return ports_->pages;
}

ConnectionStore& Store::connections() {
    return ports_->connections;
}

ReadStore& Store::reads() {
    return *ports_->reads;
}

ChangeStore& Store::changes() {
    return *ports_->changes;
}

AdminStore& Store::admin() {
    return ports_->admin;
}

BudgetStore& Store::budgets() {
    return *ports_->budgets;
}

DriftStore& Store::drift() {
    return ports_->drift;
}

QuarantineStore& Store::quarantine() {
    return ports_->quarantine;
}

ReplayStore& Store::replays() {
    return *ports_->replays;
}

WebhookStore& Store::webhooks() {
    return *ports_->webhooks;
}

TokenStore& Store::tokens() {
    return *ports_->tokens;
}

ExplainStore& Store::explanations() {
    return ports_->explanations;
}

ObjectReadStore& Store::object_reads() {
    return *ports_->object_reads;
}

ActionStore& Store::actions() {
    return *ports_->actions;
}

RetentionStore& Store::retention() {
    return *ports_->retention;
}

NewsStore& Store::news() {
    return ports_->news;
}

Pool& Store::pool() {
    return ports_->pool;
}

}  // namespace tributary::postgres
