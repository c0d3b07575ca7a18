// The fence: whether the owner named by a lease still holds its connection.
#pragma once

#include "adapters/postgres/transaction.hpp"
#include "domain/ports/page_store.hpp"

namespace tributary::postgres {

/// SQL of the fence with which a row of due_queue changes hands: the time in microseconds, or one more than
/// the last where that is later. What a crash of the server undid does not come again, unless its clock was
/// set back.
inline constexpr auto next_fence =
    "greatest(fence + 1, (SELECT (extract(epoch FROM now()) * 1000000)::bigint))";

/// Throws Failure with Errc::stale_owner where the lease was taken over or given back. The row stays
/// shared-locked until the transaction ends, so that nobody can take over before it has committed. Returns
/// PostgreSQL's clock.
domain::Timestamp require_lease(Transaction& tx, const domain::ports::Lease& lease);
/// Takes the lease away and makes the connection due at once: a present owner is stale, its next commit
/// fails.
void break_lease(Transaction& tx, const domain::Uuid& connection_id);

/// Locks the schedule of a connection on which no run is under way, so that none begins before the
/// transaction ends. Throws Failure with Errc::conflict where one is, Errc::not_found where there is no such
/// connection.
void hold_idle_schedule(Transaction& tx, const domain::Uuid& connection_id);

/// The same for work that began when the connection's fence was `fence`. Throws Failure with
/// Errc::stale_owner where somebody else had or has the lease since.
void hold_schedule_since(Transaction& tx, const domain::Uuid& connection_id, std::int64_t fence);

}  // namespace tributary::postgres
