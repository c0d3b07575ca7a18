// What is stored behind one customer.
#pragma once

#include "adapters/postgres/pool.hpp"
#include "domain/ports/explain_store.hpp"

namespace tributary::postgres {

domain::ports::ExplainRead read_explained(Transaction& tx, const domain::Uuid& customer);

/// Borrows the pool.
class ExplainTables final : public domain::ports::ExplainStore {
  public:
    explicit ExplainTables(Pool& pool) : pool_(pool) {}

    domain::ports::Task<domain::Result<domain::ports::ExplainRead>> explain(domain::Uuid tenant,
                                                                            domain::Uuid customer) override;

  private:
    Pool& pool_;
};

}  // namespace tributary::postgres
