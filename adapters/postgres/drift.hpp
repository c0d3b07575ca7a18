// Drift entries: written with the run that saw them, looked at and accepted by operators.
#pragma once

#include <span>
#include <vector>

#include "adapters/postgres/transaction.hpp"
#include "domain/ports/connection_store.hpp"
#include "domain/ports/drift_store.hpp"

namespace tributary::postgres {

/// What a run of this connection saw: one row a fingerprint. Of a stream that has too many entries already
/// new ones are summed in one.
void write_drift(Transaction& tx, const domain::Uuid& connection_id, const domain::Uuid& run_id,
                 std::span<const domain::DriftSighting> seen);
std::vector<domain::ports::DriftEntry> read_drift(Transaction& tx, const domain::ports::DriftQuery& query);
/// Throws Failure with Errc::not_found.
domain::ports::DriftEntry accept_drift(Transaction& tx, const domain::Uuid& id, const std::string& by);

}  // namespace tributary::postgres
