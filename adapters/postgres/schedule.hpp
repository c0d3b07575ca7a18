// Whose turn it is: claiming due connections under a lease, keeping the lease, and when to look again.
#pragma once

#include <chrono>
#include <optional>
#include <vector>

#include "adapters/postgres/transaction.hpp"
#include "domain/ports/clock.hpp"
#include "domain/ports/connection_store.hpp"

namespace tributary::postgres {

struct ClaimRequest {
    domain::Uuid owner;
    std::size_t limit = 1;
    std::chrono::seconds lease{30};
    std::optional<domain::Uuid> only;
};

std::vector<domain::ports::ClaimedRun> claim_due(Transaction& tx, domain::ports::Random& random,
                                                 const ClaimRequest& request);
/// Throws Failure with Errc::stale_owner.
void renew_lease(Transaction& tx, const domain::ports::Lease& lease, std::chrono::seconds duration);
std::optional<std::chrono::milliseconds> next_due(Transaction& tx);

}  // namespace tributary::postgres
