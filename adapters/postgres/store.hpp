// The store: every port of the domain that PostgreSQL fills, over one pool.
#pragma once

#include <memory>

#include "adapters/postgres/pool.hpp"
#include "domain/ports/action_store.hpp"
#include "domain/ports/admin_store.hpp"
#include "domain/ports/budget_store.hpp"
#include "domain/ports/change_store.hpp"
#include "domain/ports/clock.hpp"
#include "domain/ports/connection_store.hpp"
#include "domain/ports/drift_store.hpp"
#include "domain/ports/explain_store.hpp"
#include "domain/ports/news_store.hpp"
#include "domain/ports/object_read_store.hpp"
#include "domain/ports/page_store.hpp"
#include "domain/ports/quarantine_store.hpp"
#include "domain/ports/read_store.hpp"
#include "domain/ports/replay_store.hpp"
#include "domain/ports/retention_store.hpp"
#include "domain/ports/token_store.hpp"
#include "domain/ports/webhook_store.hpp"

namespace tributary::postgres {

/// Owns the pool; the ports live as long as it does. `random` (ids of runs) must outlive it.
class Store {
  public:
    Store(PoolOptions options, domain::ports::Random& random);
    ~Store();
    Store(const Store&) = delete;
    Store& operator=(const Store&) = delete;

    [[nodiscard]] domain::ports::PageStore& pages();
    [[nodiscard]] domain::ports::ConnectionStore& connections();
    [[nodiscard]] domain::ports::ReadStore& reads();
    [[nodiscard]] domain::ports::ChangeStore& changes();
    [[nodiscard]] domain::ports::AdminStore& admin();
    [[nodiscard]] domain::ports::BudgetStore& budgets();
    [[nodiscard]] domain::ports::DriftStore& drift();
    [[nodiscard]] domain::ports::QuarantineStore& quarantine();
    [[nodiscard]] domain::ports::ReplayStore& replays();
    [[nodiscard]] domain::ports::WebhookStore& webhooks();
    [[nodiscard]] domain::ports::TokenStore& tokens();
    [[nodiscard]] domain::ports::ObjectReadStore& object_reads();
    [[nodiscard]] domain::ports::ExplainStore& explanations();
    [[nodiscard]] domain::ports::ActionStore& actions();
    [[nodiscard]] domain::ports::RetentionStore& retention();
    [[nodiscard]] domain::ports::NewsStore& news();
    /// For jobs of this folder's tests and tools.
    [[nodiscard]] Pool& pool();

  private:
    class Ports;
    std::unique_ptr<Ports> ports_;
};

}  // namespace tributary::postgres
