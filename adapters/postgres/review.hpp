// What operators look at and decide about: the ports of drift and quarantine over the pool.
#pragma once

#include "adapters/postgres/pool.hpp"
#include "domain/ports/drift_store.hpp"
#include "domain/ports/quarantine_store.hpp"

namespace tributary::postgres {

/// Borrows the pool.
class DriftTable final : public domain::ports::DriftStore {
  public:
    explicit DriftTable(Pool& pool) : pool_(pool) {}

    domain::ports::Task<domain::Result<std::vector<domain::ports::DriftEntry>>> drift(
        domain::Uuid tenant, domain::ports::DriftQuery query) override;
    domain::ports::Task<domain::Result<domain::ports::DriftEntry>> accept_drift(domain::Uuid tenant,
                                                                                domain::Uuid id,
                                                                                std::string by) override;

  private:
    Pool& pool_;
};

/// Borrows the pool.
class QuarantineTable final : public domain::ports::QuarantineStore {
  public:
    explicit QuarantineTable(Pool& pool) : pool_(pool) {}

    domain::ports::Task<domain::Result<std::vector<domain::ports::QuarantineEntry>>> quarantine(
        domain::Uuid tenant, domain::ports::QuarantineQuery query) override;
    domain::ports::Task<domain::Result<domain::ports::QuarantinedObject>> quarantined_object(
        domain::Uuid tenant, domain::Uuid id) override;
    domain::ports::Task<domain::Result<void>> note_failed_decoding(domain::Uuid tenant, domain::Uuid id,
                                                                   std::string reason) override;

  private:
    Pool& pool_;
};

}  // namespace tributary::postgres
