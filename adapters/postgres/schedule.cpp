#include "adapters/postgres/schedule.hpp"

#include <algorithm>
#include <map>
#include <unordered_map>

#include "adapters/postgres/connection_rows.hpp"
#include "adapters/postgres/failure.hpp"
#include "adapters/postgres/runs.hpp"

namespace tributary::postgres {

using domain::Uuid;
using domain::ports::ClaimedRun;

namespace {

// The sub-select stands in ARRAY(...): as a plain IN (...) it may be run again for every row and claim too
// many.
constexpr auto claim_rows = R"sql(
    UPDATE due_queue
    SET lease_owner = $1::uuid, lease_until = now() + $2::bigint * interval '1 second', fence = fence + 1
    WHERE connection_id = ANY(ARRAY(
        SELECT connection_id FROM due_queue
        WHERE priority = $3::smallint AND due_at <= now() AND (lease_until IS NULL OR lease_until < now())
          AND ($4::uuid IS NULL OR connection_id = $4::uuid)
        ORDER BY due_at
        LIMIT $5::bigint
        FOR UPDATE SKIP LOCKED))
    RETURNING connection_id, tenant_id, fence)sql";

constexpr auto select_open_runs = R"sql(
    SELECT connection_id, run_id, cause, state, counts, resume
    FROM runs
    WHERE tenant_id = $1 AND connection_id = ANY($2::uuid[]) AND state IN ('queued', 'running')
      AND cause <> 'replay')sql";

constexpr auto start_runs = R"sql(
    UPDATE runs SET state = 'running', started_at = $3::timestamptz
    WHERE tenant_id = $1 AND run_id = ANY($2::uuid[]))sql";

constexpr auto insert_running = R"sql(
    INSERT INTO runs (tenant_id, run_id, connection_id, cause, state, requested_at, started_at, counts, resume, report,
                      error_code, error_detail)
    SELECT $1::uuid, run_id, connection_id, cause, 'running', $5::timestamptz, $5::timestamptz, '', '', '', '', ''
    FROM unnest($2::uuid[], $3::uuid[], $4::text[]) AS i(run_id, connection_id, cause))sql";

constexpr auto delete_orphans = "DELETE FROM due_queue WHERE connection_id = ANY($1::uuid[])";

constexpr auto extend_lease = R"sql(
    UPDATE due_queue SET lease_until = now() + $3::bigint * interval '1 second'
    WHERE connection_id = $1 AND fence = $2 AND lease_owner IS NOT NULL
    RETURNING 1)sql";

// Each part is one step into a partial index.
constexpr auto select_next_due = R"sql(
    SELECT ceil(extract(epoch FROM least(
        (SELECT due_at FROM due_queue WHERE priority = 0 AND due_at IS NOT NULL AND lease_until IS NULL
         ORDER BY due_at LIMIT 1),
        (SELECT due_at FROM due_queue WHERE priority = 1 AND due_at IS NOT NULL AND lease_until IS NULL
         ORDER BY due_at LIMIT 1),
        (SELECT lease_until FROM due_queue WHERE lease_until IS NOT NULL AND due_at IS NOT NULL
         ORDER BY lease_until LIMIT 1)) - now()) * 1000)::bigint)sql";

struct Claimed {
    Uuid connection;
    std::int64_t fence = 0;
};

using ByTenant = std::map<Uuid, std::vector<Claimed>>;

/// Returns how many rows it claimed.
std::size_t claim_priority(Transaction& tx, const ClaimRequest& request, int priority, std::size_t limit,
                           ByTenant& claimed) {
    const auto rows =
        tx.exec(claim_rows, request.owner, request.lease.count(), priority, request.only, limit);
    for (const auto& fields : rows) {
        const Row row(fields);
        claimed[row.uuid(1)].push_back({row.uuid(0), row.number(2)});
    }
    return static_cast<std::size_t>(rows.size());
}

/// Collected over a tenant's claimed connections, then written at once.
struct Starts {
    std::vector<Uuid> queued;
    ArrayText new_runs, new_connections, new_causes;
    bool any_new = false;
};

struct OpenRun {
    Uuid id;
    std::string cause;
    bool running = false;
    std::string counts;
    std::string resume;
};

std::unordered_map<Uuid, OpenRun> open_runs(Transaction& tx, const ArrayText& connections) {
    std::unordered_map<Uuid, OpenRun> runs;
    for (const auto& fields : tx.exec(select_open_runs, tx.tenant(), connections)) {
        const Row row(fields);
        runs.emplace(row.uuid(0),
                     OpenRun{row.uuid(1), row.text(2), row.view(3) == "running", row.text(4), row.text(5)});
    }
    return runs;
}

/// Joins the connection's open run or makes one.
void give_run(Transaction& tx, domain::ports::Random& random, const ConnectionRow& connection,
              const OpenRun* open, ClaimedRun& claimed, Starts& starts) {
    if (open) {
        claimed.run_id = open->id;
        claimed.run_cause = open->cause;
        claimed.resumed = open->running;
        claimed.counts = open->counts;
        claimed.resume = open->resume;
        if (!open->running) starts.queued.push_back(open->id);
        return;
    }
    claimed.run_id = new_run_id(tx, random);
    claimed.run_cause = connection.removing ? connection_removed : "schedule";
    starts.new_runs.add(claimed.run_id);
    starts.new_connections.add(connection.view.id);
    starts.new_causes.add(claimed.run_cause);
    starts.any_new = true;
}

void claim_of_tenant(Transaction& tx, domain::ports::Random& random, const std::vector<Claimed>& claimed,
                     std::vector<ClaimedRun>& runs) {
    std::vector<Uuid> ids;
    std::ranges::transform(claimed, std::back_inserter(ids), &Claimed::connection);
    std::unordered_map<Uuid, ConnectionRow> connections;
    for (ConnectionRow& row : load_connections(tx, ids)) {
        const Uuid id = row.view.id;
        connections.emplace(id, std::move(row));
    }
    const auto open = open_runs(tx, array_of(ids));

    Starts starts;
    std::vector<Uuid> orphans;
    for (const Claimed& lease : claimed) {
        const auto found = connections.find(lease.connection);
        if (found == connections.end()) {
            orphans.push_back(lease.connection);
            continue;
        }
        ClaimedRun run;
        run.tenant = tx.tenant();
        run.fence = lease.fence;
        const auto of_connection = open.find(lease.connection);
        give_run(tx, random, found->second, of_connection == open.end() ? nullptr : &of_connection->second,
                 run, starts);
        run.health = std::move(found->second.health);
        run.sealed_credentials = std::move(found->second.sealed_credentials);
        run.connection = std::move(found->second.view);
        run.connection.last_run_id = run.run_id;
        runs.push_back(std::move(run));
    }
    if (!starts.queued.empty()) tx.exec(start_runs, tx.tenant(), array_of(starts.queued), tx.now());
    if (starts.any_new) {
        tx.exec(insert_running, tx.tenant(), starts.new_runs, starts.new_connections, starts.new_causes,
                tx.now());
    }
    if (!orphans.empty()) tx.exec(delete_orphans, array_of(orphans));
}

}  // namespace

std::vector<ClaimedRun> claim_due(Transaction& tx, domain::ports::Random& random,
                                  const ClaimRequest& request) {
    ByTenant by_tenant;
    const std::size_t asked = claim_priority(tx, request, 1, request.limit, by_tenant);
    if (asked < request.limit) {
        claim_priority(tx, request, 0, request.limit - asked, by_tenant);
    }
    std::vector<ClaimedRun> runs;
    for (const auto& [tenant, claimed] : by_tenant) {
        tx.use_tenant(tenant);
        claim_of_tenant(tx, random, claimed, runs);
    }
    return runs;
}

void renew_lease(Transaction& tx, const domain::ports::Lease& lease, std::chrono::seconds duration) {
    if (tx.exec(extend_lease, lease.connection_id, lease.fence, duration.count()).empty()) {
        refuse(domain::Errc::stale_owner, "another owner took the connection over");
    }
}

std::optional<std::chrono::milliseconds> next_due(Transaction& tx) {
    const auto rows = tx.script(select_next_due);
    const auto ms = Row(rows[0]).opt_number(0);
    if (!ms) return std::nullopt;
    return std::chrono::milliseconds(std::max<std::int64_t>(0, *ms));
}

}  // namespace tributary::postgres
