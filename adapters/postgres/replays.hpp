// Replays as runs of their own: they hold a connection's lease like any run, and leave its schedule, health
// and freshness alone.
#pragma once

#include <memory>

#include "adapters/postgres/pool.hpp"
#include "adapters/postgres/schedule.hpp"
#include "adapters/postgres/transaction.hpp"
#include "domain/ports/clock.hpp"
#include "domain/ports/replay_store.hpp"

namespace tributary::postgres {

/// Both outlive it.
std::unique_ptr<domain::ports::ReplayStore> make_replay_store(Pool& pool, domain::ports::Random& random);
/// As the port has them.
domain::ports::ReplayClaim begin_replay(Transaction& tx, domain::ports::Random& random,
                                        const Claimant& claimant, const domain::Uuid& connection);
void end_replay(Transaction& tx, const domain::ports::ReplayClaim& claim,
                const domain::ports::ReplayOutcome& outcome);
/// Closes the run of a replay whose process died or whose lease was taken away. For whoever holds the
/// connection's schedule now.
void close_dead_replay(Transaction& tx, const domain::Uuid& connection_id);

}  // namespace tributary::postgres
