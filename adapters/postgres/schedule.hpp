// Whose turn it is: claiming due connections under a lease, keeping the lease, and when to look again.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "adapters/postgres/transaction.hpp"
#include "domain/ports/clock.hpp"
#include "domain/ports/connection_store.hpp"

namespace tributary::postgres {

struct Claimant {
    domain::Uuid owner;
    std::chrono::seconds lease{30};
};

/// Of one provider, what somebody asked for before what is due by schedule.
std::vector<domain::ports::ClaimedRun> claim_due(Transaction& tx, domain::ports::Random& random,
                                                 const Claimant& claimant, const std::string& provider,
                                                 std::size_t limit);
/// Empty where it is not due or somebody else has it.
std::vector<domain::ports::ClaimedRun> claim_connection(Transaction& tx, domain::ports::Random& random,
                                                        const Claimant& claimant,
                                                        const domain::Uuid& connection);
/// Throws Failure with Errc::stale_owner.
void renew_lease(Transaction& tx, const domain::ports::Lease& lease, std::chrono::seconds duration);
std::optional<std::chrono::milliseconds> next_due(Transaction& tx, const std::string& provider);

}  // namespace tributary::postgres
