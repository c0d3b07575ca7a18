#include "adapters/postgres/lease.hpp"

#include "adapters/postgres/failure.hpp"

namespace tributary::postgres {

namespace {

constexpr auto select_fence = R"sql(
    SELECT clock_timestamp() FROM due_queue
    WHERE connection_id = $1 AND tenant_id = $2 AND fence = $3 AND lease_owner IS NOT NULL
    FOR SHARE)sql";

constexpr auto take_lease_away = R"sql(
    UPDATE due_queue
    SET lease_owner = NULL, lease_until = NULL, fence = fence + 1, due_at = now(), priority = 1
    WHERE connection_id = $1)sql";

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

}  // namespace tributary::postgres
