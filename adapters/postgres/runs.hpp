// Runs: requesting, showing and finishing them. The connection's row in due_queue is the lock of its
// schedule.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "adapters/postgres/transaction.hpp"
#include "domain/ports/clock.hpp"
#include "domain/ports/connection_store.hpp"

namespace tributary::postgres {

/// The cause of a run that withdraws what a connection brought.
inline constexpr auto connection_removed = "connection_removed";

/// Locks the schedule of a connection of this tenant. Throws Failure with Errc::not_found.
void lock_schedule(Transaction& tx, const domain::Uuid& connection_id);
/// A version 7 UUID of this moment on PostgreSQL's clock.
domain::Uuid new_run_id(const Transaction& tx, domain::ports::Random& random);
/// Appends a queued run; the caller knows that none is open.
domain::Uuid queue_run(Transaction& tx, domain::ports::Random& random, const domain::Uuid& connection_id,
                       const std::string& cause);
/// The connection's queued or running run.
std::optional<domain::ports::RunView> open_run(Transaction& tx, const domain::Uuid& connection_id);

domain::ports::RunView request_run(Transaction& tx, domain::ports::Random& random,
                                   const domain::Uuid& connection_id, const std::string& cause);
/// Queues a run that is due at once. One under way begins anew in its place: its owner becomes stale.
void begin_anew(Transaction& tx, domain::ports::Random& random, const domain::Uuid& connection_id,
                const std::string& cause);
/// Lets paused streams be walked again by the next run; says whether there were any.
bool resume_streams(Transaction& tx, const domain::Uuid& connection_id);
void write_health(Transaction& tx, const domain::Uuid& connection_id, const domain::Health& health);
/// Throws Failure with Errc::not_found.
domain::ports::RunView read_run(Transaction& tx, const domain::Uuid& id);
std::vector<domain::ports::RunView> read_runs(Transaction& tx, const domain::ports::RunQuery& query);
void finish_run(Transaction& tx, const domain::ports::Lease& lease, const domain::Uuid& run_id,
                const domain::ports::RunOutcome& reported);

}  // namespace tributary::postgres
