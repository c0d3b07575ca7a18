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
// many. What is under way keeps its place in the index, so a claim steps over it, which is less than every
// claim writing to all indexes; whose owner died comes first that way.
std::string claiming(const std::string& choice) {
    return R"sql(
    UPDATE due_queue
    SET lease_owner = $1::uuid, lease_until = now() + $2::bigint * interval '1 second', fence = fence + 1
    WHERE connection_id = ANY(ARRAY(
        SELECT connection_id FROM due_queue
        WHERE )sql" +
           choice + R"sql( AND due_at <= now() AND (lease_until IS NULL OR lease_until < now())
        ORDER BY due_at
        LIMIT $3::bigint
        FOR UPDATE SKIP LOCKED))
    RETURNING connection_id, tenant_id, fence)sql";
}

const std::string claim_asked = claiming("provider = $4 AND priority = 1");
const std::string claim_scheduled = claiming("provider = $4 AND priority = 0");
const std::string claim_named = claiming("connection_id = $4::uuid");

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

struct Claimed {
    Uuid connection;
    std::int64_t fence = 0;
};

using ByTenant = std::map<Uuid, std::vector<Claimed>>;

/// Returns how many.
std::size_t add_claimed(const pqxx::result& rows, ByTenant& claimed) {
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
    for (ConnectionRow& row : load_claimed(tx, ids)) {
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

std::vector<ClaimedRun> start_claimed(Transaction& tx, domain::ports::Random& random,
                                      const ByTenant& claimed) {
    std::vector<ClaimedRun> runs;
    for (const auto& [tenant, connections] : claimed) {
        tx.use_tenant(tenant);
        claim_of_tenant(tx, random, connections, runs);
    }
    return runs;
}

}  // namespace

std::vector<ClaimedRun> claim_due(Transaction& tx, domain::ports::Random& random, const Claimant& claimant,
                                  const std::string& provider, std::size_t limit) {
    ByTenant claimed;
    std::size_t free = limit;
    for (const std::string* choice : {&claim_asked, &claim_scheduled}) {
        if (free == 0) break;
        free -=
            add_claimed(tx.exec(*choice, claimant.owner, claimant.lease.count(), free, provider), claimed);
    }
    return start_claimed(tx, random, claimed);
}

std::vector<ClaimedRun> claim_connection(Transaction& tx, domain::ports::Random& random,
                                         const Claimant& claimant, const Uuid& connection) {
    ByTenant claimed;
    add_claimed(tx.exec(claim_named, claimant.owner, claimant.lease.count(), 1, connection), claimed);
    return start_claimed(tx, random, claimed);
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
