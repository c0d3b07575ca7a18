#include "adapters/postgres/lease.hpp"

#include "adapters/postgres/failure.hpp"

namespace tributary::postgres {

namespace {

constexpr auto select_fence = R"sql(
    SELECT clock_timestamp() FROM due_queue
    WHERE connection_id = $1 AND tenant_id = $2 AND fence = $3 AND lease_owner IS NOT NULL
    FOR SHARE)sql";

}  // namespace

domain::Timestamp require_lease(Transaction& tx, const domain::ports::Lease& lease) {
    const auto rows = tx.exec(select_fence, lease.connection_id, tx.tenant(), lease.fence);
    if (rows.empty()) {
        refuse(domain::Errc::stale_owner, "another owner took the connection over; nothing was written");
    }
    return Row(rows[0]).time(0);
}

}  // namespace tributary::postgres
