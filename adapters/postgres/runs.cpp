#include "adapters/postgres/runs.hpp"

#include <algorithm>
#include <array>

#include "adapters/postgres/connection_rows.hpp"
#include "adapters/postgres/db_text.hpp"
#include "adapters/postgres/drift.hpp"
#include "adapters/postgres/failure.hpp"
#include "adapters/postgres/freshness_marks.hpp"
#include "adapters/postgres/lease.hpp"
#include "adapters/postgres/proposals.hpp"
#include "adapters/postgres/replays.hpp"

namespace tributary::postgres {

using domain::Errc;
using domain::Uuid;
using domain::ports::RunOutcome;
using domain::ports::RunQuery;
using domain::ports::RunView;
using domain::ports::StreamState;

namespace {

constexpr auto lock_due_row =
    "SELECT 1 FROM due_queue WHERE connection_id = $1 AND tenant_id = $2 FOR UPDATE";

constexpr auto lock_own_lease = R"sql(
    SELECT 1 FROM due_queue
    WHERE connection_id = $1 AND tenant_id = $2 AND fence = $3 AND lease_owner IS NOT NULL
    FOR UPDATE)sql";

constexpr auto insert_run = R"sql(
    INSERT INTO runs (tenant_id, run_id, connection_id, cause, state, requested_at, counts, resume, report, error_code,
                      error_detail)
    VALUES ($1::uuid, $2::uuid, $3::uuid, $4, 'queued', $5::timestamptz, '', '', '', '', ''))sql";

// A run under way shows its counts so far.
constexpr auto select_open_run = R"sql(
    SELECT run_id, connection_id, cause, state, requested_at, started_at, finished_at, counts, error_code, error_detail
    FROM runs
    WHERE tenant_id = $1 AND connection_id = $2 AND state IN ('queued', 'running') AND cause <> 'replay')sql";

constexpr auto select_run = R"sql(
    SELECT run_id, connection_id, cause, state, requested_at, started_at, finished_at,
           CASE WHEN report = '' THEN counts ELSE report END, error_code, error_detail
    FROM runs
    WHERE tenant_id = $1 AND run_id = $2)sql";

constexpr auto select_runs = R"sql(
    SELECT run_id, connection_id, cause, state, requested_at, started_at, finished_at,
           CASE WHEN report = '' THEN counts ELSE report END, error_code, error_detail
    FROM runs
    WHERE tenant_id = $1 AND ($2::uuid IS NULL OR run_id < $2::uuid)
    ORDER BY run_id DESC
    LIMIT $3::bigint)sql";

// An index for the ended ones, and one for each of the two that may be under way.
constexpr auto select_runs_of_connection = R"sql(
    SELECT run_id, connection_id, cause, state, requested_at, started_at, finished_at,
           CASE WHEN report = '' THEN counts ELSE report END, error_code, error_detail
    FROM ((SELECT * FROM runs
           WHERE tenant_id = $1 AND connection_id = $4 AND state NOT IN ('queued', 'running')
             AND ($2::uuid IS NULL OR run_id < $2::uuid)
           ORDER BY run_id DESC
           LIMIT $3::bigint)
          UNION ALL
          SELECT * FROM runs
          WHERE tenant_id = $1 AND connection_id = $4 AND state IN ('queued', 'running') AND cause <> 'replay'
            AND ($2::uuid IS NULL OR run_id < $2::uuid)
          UNION ALL
          SELECT * FROM runs
          WHERE tenant_id = $1 AND connection_id = $4 AND state = 'running' AND cause = 'replay'
            AND ($2::uuid IS NULL OR run_id < $2::uuid)) AS of_connection
    ORDER BY run_id DESC
    LIMIT $3::bigint)sql";

constexpr auto make_due = R"sql(
    UPDATE due_queue SET due_at = least(due_at, now()), priority = 1
    WHERE connection_id = $1 AND (due_at IS NULL OR due_at > now() OR priority = 0))sql";

constexpr auto close_run = R"sql(
    UPDATE runs
    SET state = $3, finished_at = $4::timestamptz, report = $5, error_code = $6, error_detail = $7
    WHERE tenant_id = $1 AND run_id = $2 AND connection_id = $8 AND state = 'running'
    RETURNING 1)sql";

constexpr auto update_health = R"sql(
    UPDATE connections SET health = $3, health_reason = $4, next_step = $5, failures = $6::integer
    WHERE tenant_id = $1 AND connection_id = $2
      AND (health, health_reason, next_step, failures) IS DISTINCT FROM ($3, $4, $5, $6::integer))sql";

// What a run did not fetch or prove, an earlier one did: the times are those of the last that did. The newest
// change that was ever seen stays, also where its object is gone.
constexpr auto upsert_streams = R"sql(
    INSERT INTO stream_states (tenant_id, connection_id, stream, fetched_at, verified_complete_at, verdict, reason,
                               evidence, changed_at)
    SELECT DISTINCT ON (stream) $1::uuid, $2::uuid, stream, fetched_at, verified_complete_at, verdict, reason, evidence,
           changed_at
    FROM unnest($3::text[], $4::timestamptz[], $5::timestamptz[], $6::text[], $7::text[], $8::text[], $9::timestamptz[])
        WITH ORDINALITY
        AS i(stream, fetched_at, verified_complete_at, verdict, reason, evidence, changed_at, ordinal)
    ORDER BY stream, ordinal DESC
    ON CONFLICT (tenant_id, connection_id, stream) DO UPDATE SET
        fetched_at = coalesce(excluded.fetched_at, stream_states.fetched_at),
        verified_complete_at = coalesce(excluded.verified_complete_at, stream_states.verified_complete_at),
        verdict = excluded.verdict, reason = excluded.reason, evidence = excluded.evidence,
        changed_at = greatest(stream_states.changed_at, excluded.changed_at)
    WHERE (stream_states.fetched_at, stream_states.verified_complete_at, stream_states.verdict, stream_states.reason,
           stream_states.evidence, stream_states.changed_at)
          IS DISTINCT FROM (excluded.fetched_at, excluded.verified_complete_at, excluded.verdict, excluded.reason,
                            excluded.evidence, greatest(stream_states.changed_at, excluded.changed_at)))sql";

constexpr auto forget_start = R"sql(
    UPDATE runs SET state = 'queued', started_at = NULL, counts = '', resume = ''
    WHERE tenant_id = $1 AND connection_id = $2 AND state = 'running' AND cause <> 'replay')sql";

constexpr auto unpause_streams = R"sql(
    UPDATE stream_states
    SET verdict = 'partial', reason = 'The stream was paused and then resumed; the next run walks it.'
    WHERE tenant_id = $1 AND connection_id = $2 AND verdict = 'paused'
    RETURNING 1)sql";

constexpr auto select_lifecycle =
    "SELECT lifecycle FROM connections WHERE tenant_id = $1 AND connection_id = $2";

constexpr auto give_back = R"sql(
    UPDATE due_queue
    SET lease_owner = NULL, lease_until = NULL, priority = 0, due_at = now() + $2::bigint * interval '1 millisecond'
    WHERE connection_id = $1)sql";

RunView run_of(const Row& row) {
    return {row.uuid(0),     row.uuid(1),     row.text(2), row.text(3), row.time(4),
            row.opt_time(5), row.opt_time(6), row.text(7), row.text(8), row.text(9)};
}

bool can_be_stored(const StreamState& state) {
    return is_db_text(state.stream) && is_db_text(state.verdict) && is_db_text(state.reason) &&
           is_db_text(state.evidence);
}

/// A run that could not be closed would be under way for ever: where a text of the outcome cannot be stored,
/// the run ends without its report and says so.
RunOutcome storable(RunOutcome outcome) {
    const bool whole = is_db_text(outcome.report) && is_db_text(outcome.error_code) &&
                       is_db_text(outcome.error_detail) && is_db_text(outcome.health.reason) &&
                       std::ranges::all_of(outcome.streams, can_be_stored);
    if (whole) {
        return outcome;
    }
    outcome.report.clear();
    outcome.error_code = domain::name_of(Errc::internal);
    outcome.error_detail = "The run's report holds a text that cannot be stored, so it was left out.";
    if (!is_db_text(outcome.health.reason)) {
        outcome.health.reason.clear();
    }
    std::erase_if(outcome.streams, [](const StreamState& state) { return !can_be_stored(state); });
    return outcome;
}

/// A paused connection leaves the schedule; one being removed keeps trying until it is gone.
std::optional<std::int64_t> next_due_ms(Transaction& tx, const Uuid& connection_id, const Uuid& run_id,
                                        const RunOutcome& outcome) {
    constexpr std::int64_t removal_retry_ms = 60'000;
    const auto rows = tx.exec(select_lifecycle, tx.tenant(), connection_id);
    const std::string lifecycle = rows.empty() ? std::string() : Row(rows[0]).text(0);
    if (lifecycle == "paused") return std::nullopt;
    // What was approved while the run was under way may have come too late for it. Whoever refused us or
    // asked for a pause is not asked sooner for that.
    using enum domain::ConnectionStatus;
    const auto status = outcome.health.status;
    const bool welcome = status == active || status == held || status == degraded;
    if (welcome && approved_since(tx, connection_id, run_id)) return 0;
    if (outcome.next_due_in) return outcome.next_due_in->count();
    return lifecycle == "removing" ? std::optional(removal_retry_ms) : std::nullopt;
}

}  // namespace

void lock_schedule(Transaction& tx, const Uuid& connection_id) {
    if (tx.exec(lock_due_row, connection_id, tx.tenant()).empty()) {
        refuse(Errc::not_found, "there is no connection with this id");
    }
}

Uuid new_run_id(const Transaction& tx, domain::ports::Random& random) {
    std::array<std::uint8_t, 10> bytes{};
    random.fill(bytes);
    const auto ms = std::chrono::floor<std::chrono::milliseconds>(tx.now().time_since_epoch()).count();
    return domain::time_ordered_uuid(static_cast<std::uint64_t>(ms), bytes);
}

Uuid queue_run(Transaction& tx, domain::ports::Random& random, const Uuid& connection_id,
               const std::string& cause) {
    const Uuid id = new_run_id(tx, random);
    tx.exec(insert_run, tx.tenant(), id, connection_id, cause, tx.now());
    return id;
}

std::optional<RunView> open_run(Transaction& tx, const Uuid& connection_id) {
    const auto rows = tx.exec(select_open_run, tx.tenant(), connection_id);
    return rows.empty() ? std::nullopt : std::optional(run_of(Row(rows[0])));
}

RunView request_run(Transaction& tx, domain::ports::Random& random, const Uuid& connection_id,
                    const std::string& cause) {
    lock_schedule(tx, connection_id);
    const ConnectionRow connection = load_connection(tx, connection_id);
    if (connection.removing) {
        refuse(Errc::conflict, "the connection is being removed");
    }
    if (connection.health.status == domain::ConnectionStatus::disabled) {
        refuse(Errc::conflict,
               "The connection is disabled because its credentials were refused again and again: repair it "
               "first.");
    }
    if (const auto open = open_run(tx, connection_id); open && open->state == "running") {
        return *open;
    } else if (!open) {
        queue_run(tx, random, connection_id, cause);
    }
    tx.exec(make_due, connection_id);
    mark_freshness(tx, connection_id);
    return *open_run(tx, connection_id);
}

void begin_anew(Transaction& tx, domain::ports::Random& random, const Uuid& connection_id,
                const std::string& cause) {
    tx.exec(forget_start, tx.tenant(), connection_id);
    // Nobody but whom it was called by goes on with a replay.
    close_dead_replay(tx, connection_id);
    if (!open_run(tx, connection_id)) {
        queue_run(tx, random, connection_id, cause);
    }
    break_lease(tx, connection_id);
    mark_freshness(tx, connection_id);
}

bool resume_streams(Transaction& tx, const Uuid& connection_id) {
    return !tx.exec(unpause_streams, tx.tenant(), connection_id).empty();
}

void write_health(Transaction& tx, const Uuid& connection_id, const domain::Health& health) {
    tx.exec(update_health, tx.tenant(), connection_id, domain::name_of(health.status), health.reason,
            health.next_step, health.failures);
}

RunView read_run(Transaction& tx, const Uuid& id) {
    const auto rows = tx.exec(select_run, tx.tenant(), id);
    if (rows.empty()) {
        refuse(Errc::not_found, "there is no run with this id");
    }
    return run_of(Row(rows[0]));
}

std::vector<RunView> read_runs(Transaction& tx, const RunQuery& query) {
    return collect(query.connection_id ? tx.exec(select_runs_of_connection, tx.tenant(), query.before,
                                                 query.limit, *query.connection_id)
                                       : tx.exec(select_runs, tx.tenant(), query.before, query.limit),
                   run_of);
}

void finish_run(Transaction& tx, const domain::ports::Lease& lease, const Uuid& run_id,
                const RunOutcome& reported) {
    const RunOutcome outcome = storable(reported);
    const Uuid& connection = lease.connection_id;
    if (tx.exec(lock_own_lease, connection, tx.tenant(), lease.fence).empty()) {
        refuse(Errc::stale_owner, "another owner took the connection over; nothing was written");
    }
    const auto closed = tx.exec(close_run, tx.tenant(), run_id, outcome.state, tx.now(), outcome.report,
                                outcome.error_code, outcome.error_detail, connection);
    if (closed.empty()) {
        refuse(Errc::not_found, "this connection has no such run under way");
    }
    close_dead_replay(tx, connection);
    // A walk that did not get so far leaves the proposal of an earlier run waiting.
    const auto waiting = outcome.health.status == domain::ConnectionStatus::active
                             ? waiting_proposal(tx, connection)
                             : std::nullopt;
    write_health(tx, connection, waiting ? domain::health_held(*waiting) : outcome.health);
    if (!outcome.streams.empty()) {
        tx.exec(upsert_streams, tx.tenant(), connection, array_of(outcome.streams, &StreamState::stream),
                array_of(outcome.streams, &StreamState::fetched_at),
                array_of(outcome.streams, &StreamState::verified_complete_at),
                array_of(outcome.streams, &StreamState::verdict),
                array_of(outcome.streams, &StreamState::reason),
                array_of(outcome.streams, &StreamState::evidence),
                array_of(outcome.streams, &StreamState::changed_at));
    }
    write_drift(tx, connection, run_id, outcome.drift);
    tx.exec(give_back, connection, next_due_ms(tx, connection, run_id, outcome));
    mark_freshness(tx, connection);
}

}  // namespace tributary::postgres
