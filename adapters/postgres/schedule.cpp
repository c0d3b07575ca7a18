#include "adapters/postgres/schedule.hpp"

#include <algorithm>
#include <iterator>
#include <map>
#include <unordered_map>
#include <unordered_set>

#include "adapters/postgres/connection_rows.hpp"
#include "adapters/postgres/failure.hpp"
#include "adapters/postgres/lease.hpp"
#include "adapters/postgres/runs.hpp"

namespace tributary::postgres {

using domain::Uuid;
using domain::ports::ClaimedRun;

namespace {

// The sub-select stands in ARRAY(...): as a plain IN (...) it may be run again for every row and claim too
// many.
std::string claiming(const std::string& chosen) {
    return R"sql(
    UPDATE due_queue
    SET lease_owner = $1::uuid, lease_until = now() + $2::bigint * interval '1 second', fence = )sql" +
           std::string(next_fence) + R"sql(
    WHERE connection_id = ANY(ARRAY()sql" +
           chosen + R"sql())
    RETURNING connection_id, tenant_id, fence)sql";
}

// What is under way keeps its place in the index, so a claim steps over it, which is less than every claim
// writing to all indexes; whose owner died comes first that way.
std::string free_ones(const std::string& which, const std::string& limit) {
    return R"sql(
        SELECT connection_id FROM due_queue
        WHERE )sql" +
           which + R"sql( AND due_at <= now() AND (lease_until IS NULL OR lease_until < now())
        ORDER BY due_at
        LIMIT )sql" +
           limit + R"sql(
        FOR UPDATE SKIP LOCKED)sql";
}

// What somebody asked for comes first.
const Statement claim_of_provider{
    "claim_of_provider",
    claiming("WITH asked AS MATERIALIZED (" + free_ones("provider = $4 AND priority = 1", "$3::bigint") +
             "), scheduled AS MATERIALIZED (" +
             free_ones("provider = $4 AND priority = 0", "$3::bigint - (SELECT count(*) FROM asked)") +
             ") SELECT connection_id FROM asked UNION ALL SELECT connection_id FROM scheduled")};
const std::string claim_named = claiming(free_ones("connection_id = $4::uuid", "$3::bigint"));

// One step into an index for each: left to choose, the planner reads all open runs where it knows little of
// them.
constexpr auto select_open_runs = R"sql(
    SELECT open.connection_id, open.run_id, open.cause, open.state, open.counts, open.resume
    FROM unnest($2::uuid[]) AS wanted(connection_id)
    CROSS JOIN LATERAL (
        SELECT * FROM runs AS r
        WHERE r.tenant_id = $1 AND r.connection_id = wanted.connection_id AND r.state IN ('queued', 'running')
          AND r.cause <> 'replay'
        LIMIT 1) AS open)sql";

constexpr auto start_runs = R"sql(
    UPDATE runs SET state = 'running', started_at = $3::timestamptz
    WHERE tenant_id = $1 AND run_id = ANY($2::uuid[]))sql";

// Leaves out the connections that have an open run.
const Statement insert_running{"insert_running", R"sql(
    INSERT INTO runs (tenant_id, run_id, connection_id, cause, state, requested_at, started_at, counts, resume, report,
                      error_code, error_detail)
    SELECT $1::uuid, run_id, connection_id, cause, 'running', $5::timestamptz, $5::timestamptz, '', '', '', '', ''
    FROM unnest($2::uuid[], $3::uuid[], $4::text[]) AS i(run_id, connection_id, cause)
    ON CONFLICT (tenant_id, connection_id) WHERE state IN ('queued', 'running') AND cause <> 'replay' DO NOTHING
    RETURNING connection_id)sql"};

constexpr auto delete_orphans = "DELETE FROM due_queue WHERE connection_id = ANY($1::uuid[])";

constexpr auto extend_lease = R"sql(
    UPDATE due_queue SET lease_until = now() + $3::bigint * interval '1 second'
    WHERE connection_id = $1 AND fence = $2 AND lease_owner IS NOT NULL
    RETURNING 1)sql";

// Where nothing due is free, all that is due is under way, and that is little. Each part is read in the order
// of an index and limited, so that no estimate makes the planner read the whole queue.
std::string next_due_of(const std::string& priority) {
    const std::string from = " FROM due_queue WHERE provider = $1 AND priority = " + priority;
    return "(SELECT now()" + from +
           " AND due_at <= now() AND lease_until IS NULL ORDER BY due_at LIMIT 1), " + "(SELECT due_at" +
           from + " AND due_at > now() ORDER BY due_at LIMIT 1), " +
           "(SELECT min(lease_until) FROM (SELECT lease_until" + from +
           " AND due_at <= now() ORDER BY due_at LIMIT 10000) AS due)";
}

const std::string select_next_due = "SELECT ceil(extract(epoch FROM least(" + next_due_of("0") + ", " +
                                    next_due_of("1") + ") - now()) * 1000)::bigint";

/// Fence by connection.
using Fences = std::unordered_map<Uuid, std::int64_t>;
using Connections = std::unordered_set<Uuid>;
using ByTenant = std::map<Uuid, Fences>;

ByTenant by_tenant(const pqxx::result& rows) {
    ByTenant claimed;
    for (const auto& fields : rows) {
        const Row row(fields);
        claimed[row.uuid(1)].emplace(row.uuid(0), row.number(2));
    }
    return claimed;
}

std::vector<Uuid> connections_of(const Fences& fences) {
    std::vector<Uuid> ids;
    std::ranges::transform(fences, std::back_inserter(ids), &Fences::value_type::first);
    return ids;
}

struct OpenRun {
    Uuid id;
    std::string cause;
    bool running = false;
    std::string counts;
    std::string resume;
};

using OpenRuns = std::unordered_map<Uuid, OpenRun>;

OpenRuns open_runs(Transaction& tx, const std::vector<Uuid>& connections) {
    OpenRuns runs;
    for (const auto& fields : tx.exec(select_open_runs, tx.tenant(), array_of(connections))) {
        const Row row(fields);
        runs.emplace(row.uuid(0),
                     OpenRun{row.uuid(1), row.text(2), row.view(3) == "running", row.text(4), row.text(5)});
    }
    return runs;
}

/// Gives each connection a run of its own. Returns those that have an open one instead.
Connections begin_runs(Transaction& tx, domain::ports::Random& random, std::vector<ClaimedRun>& runs) {
    ArrayText ids, connections, causes;
    Connections without;
    for (ClaimedRun& run : runs) {
        run.run_id = new_run_id(tx, random);
        ids.add(run.run_id);
        connections.add(run.connection.id);
        causes.add(run.run_cause);
        without.insert(run.connection.id);
    }
    for (const auto& fields : tx.exec(insert_running, tx.tenant(), ids, connections, causes, tx.now())) {
        without.erase(Row(fields).uuid(0));
    }
    return without;
}

/// A run that was asked for starts; one whose owner died goes on.
void join_open_runs(Transaction& tx, const Connections& joining, std::vector<ClaimedRun>& runs) {
    if (joining.empty()) return;
    OpenRuns open = open_runs(tx, {joining.begin(), joining.end()});
    std::vector<Uuid> queued;
    for (ClaimedRun& run : runs) {
        if (!joining.contains(run.connection.id)) continue;
        const auto found = open.find(run.connection.id);
        if (found == open.end()) {
            refuse(domain::Errc::internal,
                   "connection " + to_text(run.connection.id) + " got no run and has none that is open");
        }
        OpenRun& joined = found->second;
        run.run_id = joined.id;
        run.run_cause = std::move(joined.cause);
        run.resumed = joined.running;
        run.counts = std::move(joined.counts);
        run.resume = std::move(joined.resume);
        if (!joined.running) queued.push_back(joined.id);
    }
    if (!queued.empty()) tx.exec(start_runs, tx.tenant(), array_of(queued), tx.now());
}

ClaimedRun claimed_run(const Transaction& tx, ConnectionRow row, std::int64_t fence) {
    ClaimedRun run;
    run.tenant = tx.tenant();
    run.fence = fence;
    run.run_cause = row.removing ? connection_removed : "schedule";
    run.health = std::move(row.health);
    run.sealed_credentials = std::move(row.sealed_credentials);
    run.connection = std::move(row.view);
    return run;
}

std::vector<ClaimedRun> claim_of_tenant(Transaction& tx, domain::ports::Random& random, Fences fences) {
    std::vector<ClaimedRun> runs;
    for (ConnectionRow& row : load_claimed(tx, connections_of(fences))) {
        const auto fence = fences.extract(row.view.id);
        runs.push_back(claimed_run(tx, std::move(row), fence.mapped()));
    }
    // What is left has lost its connection.
    if (!fences.empty()) tx.exec(delete_orphans, array_of(connections_of(fences)));
    if (runs.empty()) return runs;
    join_open_runs(tx, begin_runs(tx, random, runs), runs);
    for (ClaimedRun& run : runs)
        run.connection.last_run_id = run.run_id;
    return runs;
}

/// Whether each fence is the time of this transaction. One that is not could come again after a crash that
/// undid it, where the clock stands behind.
bool fenced_by_time(const Transaction& tx, const ByTenant& claimed) {
    return std::ranges::all_of(claimed, [now = tx.now().time_since_epoch().count()](const auto& of_tenant) {
        return std::ranges::all_of(of_tenant.second,
                                   [now](const auto& fence) { return fence.second == now; });
    });
}

std::vector<ClaimedRun> start_claimed(Transaction& tx, domain::ports::Random& random,
                                      const ByTenant& claimed) {
    std::vector<ClaimedRun> runs;
    for (const auto& [tenant, fences] : claimed) {
        tx.use_tenant(tenant);
        std::ranges::move(claim_of_tenant(tx, random, fences), std::back_inserter(runs));
    }
    return runs;
}

}  // namespace

std::vector<ClaimedRun> claim_due(Transaction& tx, domain::ports::Random& random, const Claimant& claimant,
                                  const std::string& provider, std::size_t limit) {
    const ByTenant claimed =
        by_tenant(tx.exec(claim_of_provider, claimant.owner, claimant.lease.count(), limit, provider));
    if (!fenced_by_time(tx, claimed)) tx.wait_for_disk();
    return start_claimed(tx, random, claimed);
}

std::vector<ClaimedRun> claim_connection(Transaction& tx, domain::ports::Random& random,
                                         const Claimant& claimant, const Uuid& connection) {
    const auto rows = tx.exec(claim_named, claimant.owner, claimant.lease.count(), 1, connection);
    return start_claimed(tx, random, by_tenant(rows));
}

void renew_lease(Transaction& tx, const domain::ports::Lease& lease, std::chrono::seconds duration) {
    if (tx.exec(extend_lease, lease.connection_id, lease.fence, duration.count()).empty()) {
        refuse(domain::Errc::stale_owner, "another owner took the connection over");
    }
}

std::optional<std::chrono::milliseconds> next_due(Transaction& tx, const std::string& provider) {
    const auto rows = tx.exec(select_next_due, provider);
    const auto ms = Row(rows[0]).opt_number(0);
    if (!ms) return std::nullopt;
    return std::chrono::milliseconds(std::max<std::int64_t>(0, *ms));
}

}  // namespace tributary::postgres
