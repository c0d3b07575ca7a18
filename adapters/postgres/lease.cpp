#include "adapters/postgres/lease.hpp"

#include <string>

#include "adapters/postgres/failure.hpp"

namespace tributary::postgres {

namespace {

constexpr auto select_fence = R"sql(
    SELECT clock_timestamp() FROM due_queue
    WHERE connection_id = $1 AND tenant_id = $2 AND fence = $3 AND lease_owner IS NOT NULL
    FOR SHARE)sql";

const std::string take_lease_away =
    "UPDATE due_queue SET lease_owner = NULL, lease_until = NULL, due_at = now(), priority = 1, fence = " +
    std::string(next_fence) + " WHERE connection_id = $1";

constexpr auto lock_schedule_row = R"sql(
    SELECT lease_until IS NOT NULL AND lease_until >= clock_timestamp() FROM due_queue
    WHERE connection_id = $1 AND tenant_id = $2
    FOR UPDATE)sql";

constexpr auto lock_schedule_of_fence = R"sql(
    SELECT 1 FROM due_queue
    WHERE connection_id = $1 AND tenant_id = $2 AND fence = $3
      AND (lease_until IS NULL OR lease_until < clock_timestamp())
    FOR UPDATE)sql";

// An owner whose lease ran out may still be at work: as after a claim, nothing of it counts any more.
const std::string outdate_owner =
    "UPDATE due_queue SET lease_owner = NULL, lease_until = NULL, fence = " + std::string(next_fence) +
    " WHERE connection_id = $1 AND lease_owner IS NOT NULL";

}  // namespace

domain::Timestamp require_lease(Transaction& tx, const domain::ports::Lease& lease) {
    const auto rows = tx.exec(select_fence, lease.connection_id, tx.tenant(), lease.fence);
    if (rows.empty()) {
        refuse(domain::Errc::stale_owner, "another owner took the connection over; nothing was written");
    }
    return Row(rows[0]).time(0);
}

void break_lease(Transaction& tx, const domain::Uuid& connection_id) {
    tx.exec(take_lease_away, connection_id);
}

void hold_idle_schedule(Transaction& tx, const domain::Uuid& connection_id) {
    const auto rows = tx.exec(lock_schedule_row, connection_id, tx.tenant());
    if (rows.empty()) {
        refuse(domain::Errc::not_found, "there is no connection with this id");
    }
    if (Row(rows[0]).boolean(0)) {
        refuse(domain::Errc::conflict, "A run of the connection is under way; try again when it has ended.");
    }
    tx.exec(outdate_owner, connection_id);
}

void hold_schedule_since(Transaction& tx, const domain::Uuid& connection_id, std::int64_t fence) {
    if (tx.exec(lock_schedule_of_fence, connection_id, tx.tenant(), fence).empty()) {
        refuse(domain::Errc::stale_owner,
               "somebody took the connection's lease since the work began; nothing was written");
    }
    tx.exec(outdate_owner, connection_id);
}

}  // namespace tributary::postgres
