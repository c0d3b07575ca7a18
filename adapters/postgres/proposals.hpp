// Removals that wait for an operator, and what was decided about earlier ones.
#pragma once

#include <span>
#include <string>

#include "adapters/postgres/transaction.hpp"
#include "domain/ports/clock.hpp"
#include "domain/ports/connection_store.hpp"
#include "domain/ports/page_store.hpp"

namespace tributary::postgres {

domain::ports::RemovalDecisions read_removal_decisions(Transaction& tx,
                                                       const domain::ports::StreamRef& stream);
domain::Uuid propose_removal(Transaction& tx, const domain::Uuid& run_id,
                             const domain::ports::RemovalProposal& proposal);
void withdraw_proposal(Transaction& tx, const domain::ports::StreamRef& stream);
void settle_removals(Transaction& tx, const domain::ports::StreamRef& stream,
                     std::span<const std::string> keys);

/// The run whose proposal waits, of any stream of the connection.
std::optional<domain::Uuid> waiting_proposal(Transaction& tx, const domain::Uuid& connection_id);
/// Whether removals were approved since the run started that it has not made.
bool approved_since(Transaction& tx, const domain::Uuid& connection_id, const domain::Uuid& run_id);

/// Throws Failure with Errc::not_found where the run proposes nothing.
domain::ports::ProposalView read_proposal(Transaction& tx, const domain::Uuid& run_id);
domain::ports::ProposalView decide_proposal(Transaction& tx, domain::ports::Random& random,
                                            const domain::ports::ProposalDecision& decision);

}  // namespace tributary::postgres
