#include "adapters/postgres/connections.hpp"

#include "adapters/postgres/connection_rows.hpp"
#include "adapters/postgres/failure.hpp"
#include "adapters/postgres/freshness_marks.hpp"
#include "adapters/postgres/lease.hpp"
#include "adapters/postgres/runs.hpp"
#include "adapters/postgres/tokens.hpp"

namespace tributary::postgres {

using domain::ConnectionStatus;
using domain::Errc;
using domain::Uuid;
using domain::ports::ConnectionView;
using domain::ports::NewConnection;

namespace {

constexpr auto insert_connection = R"sql(
    INSERT INTO connections (tenant_id, connection_id, name, provider, environment, base_url, period_seconds, settings,
                             sealed_credentials, lifecycle, health, health_reason, next_step, created_at)
    VALUES ($1::uuid, $2::uuid, $3, $4, $5, $6, $7::bigint, $8, $9, 'enabled', $11, $12, $13, $10::timestamptz)
    ON CONFLICT DO NOTHING
    RETURNING 1)sql";

constexpr auto insert_due = R"sql(
    INSERT INTO due_queue (connection_id, tenant_id, provider, due_at, priority, fence)
    VALUES ($1::uuid, $2::uuid, $3, now(), 1, 0)
    ON CONFLICT DO NOTHING
    RETURNING 1)sql";

constexpr auto select_tenant = "SELECT 1 FROM tenants WHERE tenant_id = $1";

constexpr auto mark_removing = R"sql(
    UPDATE connections SET lifecycle = 'removing', sealed_credentials = NULL
    WHERE tenant_id = $1 AND connection_id = $2 AND lifecycle <> 'removing'
    RETURNING 1)sql";

constexpr auto end_open_run = R"sql(
    UPDATE runs
    SET state = 'failed', finished_at = $3::timestamptz, error_code = 'cancelled',
        error_detail = 'the connection was removed'
    WHERE tenant_id = $1 AND connection_id = $2
      AND (state IN ('queued', 'running') AND cause <> 'replay' OR state = 'running' AND cause = 'replay'))sql";

constexpr auto select_removable = R"sql(
    SELECT c.lifecycle = 'removing',
           EXISTS (SELECT FROM records r WHERE r.tenant_id = c.tenant_id AND r.connection_id = c.connection_id
                   AND r.removed_at IS NULL)
    FROM connections c
    WHERE c.tenant_id = $1 AND c.connection_id = $2)sql";

constexpr const char* owned_by_connection[] = {
    "DELETE FROM access WHERE tenant_id = $1 AND connection_id = $2",
    "DELETE FROM records WHERE tenant_id = $1 AND connection_id = $2",
    "DELETE FROM raw_history WHERE tenant_id = $1 AND connection_id = $2",
    "DELETE FROM raw_payloads WHERE tenant_id = $1 AND connection_id = $2",
    "DELETE FROM quarantine WHERE tenant_id = $1 AND connection_id = $2",
    // Each kind has an index of its own.
    R"sql(DELETE FROM runs
          WHERE tenant_id = $1 AND connection_id = $2
            AND (state NOT IN ('queued', 'running')
                 OR state IN ('queued', 'running') AND cause <> 'replay'
                 OR state = 'running' AND cause = 'replay'))sql",
    "DELETE FROM connections WHERE tenant_id = $1 AND connection_id = $2",  // its stream states go with it
};

constexpr auto delete_webhook_queue = "DELETE FROM webhook_queue WHERE connection_id = $1";
constexpr auto delete_due = "DELETE FROM due_queue WHERE connection_id = $1";

constexpr auto set_lifecycle = R"sql(
    UPDATE connections SET lifecycle = $3
    WHERE tenant_id = $1 AND connection_id = $2 AND lifecycle <> $3)sql";

constexpr auto leave_schedule = R"sql(
    UPDATE due_queue SET due_at = NULL, priority = 0 WHERE connection_id = $1 AND due_at IS NOT NULL)sql";

constexpr auto enter_schedule = R"sql(
    UPDATE due_queue SET due_at = now() WHERE connection_id = $1 AND due_at IS NULL)sql";

}  // namespace

ConnectionView create_connection(Transaction& tx, domain::ports::Random& random,
                                 const NewConnection& connection) {
    if (tx.exec(select_tenant, tx.tenant()).empty()) {
        refuse(Errc::not_found, "this tenant does not exist");
    }
    const domain::Health pending = domain::health_by_decision(ConnectionStatus::pending);
    std::optional<std::int64_t> period;
    if (connection.period) period = connection.period->count();
    const auto inserted = tx.exec(insert_connection, tx.tenant(), connection.id, connection.name,
                                  connection.provider, name_of(connection.environment), connection.base_url,
                                  period, connection.settings, connection.sealed_credentials, tx.now(),
                                  domain::name_of(pending.status), pending.reason, pending.next_step);
    if (inserted.empty() || tx.exec(insert_due, connection.id, tx.tenant(), connection.provider).empty()) {
        refuse(Errc::conflict, "a connection of this name exists already; choose another name");
    }
    queue_run(tx, random, connection.id, "first");
    return load_connection(tx, connection.id).view;
}

void remove_connection(Transaction& tx, domain::ports::Random& random, const Uuid& id) {
    lock_schedule(tx, id);
    if (tx.exec(mark_removing, tx.tenant(), id).empty()) return;  // under way already
    destroy_tokens(tx, id);
    break_lease(tx, id);
    tx.exec(end_open_run, tx.tenant(), id, tx.now());
    queue_run(tx, random, id, connection_removed);
    mark_freshness(tx, id);
}

void forget_connection(Transaction& tx, const domain::ports::Lease& lease) {
    lock_schedule(tx, lease.connection_id);
    require_lease(tx, lease);
    const auto rows = tx.exec(select_removable, tx.tenant(), lease.connection_id);
    if (rows.empty()) {
        refuse(Errc::not_found, "there is no connection with this id");
    }
    if (!Row(rows[0]).boolean(0) || Row(rows[0]).boolean(1)) {
        refuse(Errc::conflict,
               "the connection still has records: remove it and let its records be withdrawn first");
    }
    for (const char* statement : owned_by_connection) {
        tx.exec(statement, tx.tenant(), lease.connection_id);
    }
    tx.exec(delete_webhook_queue, lease.connection_id);
    tx.exec(delete_due, lease.connection_id);
    // Documents that were removed before still name it as their source.
    mark_freshness(tx, lease.connection_id);
}

void pause_connection(Transaction& tx, domain::ports::Random& random, const Uuid& id, bool paused) {
    lock_schedule(tx, id);
    const ConnectionRow connection = load_connection(tx, id);
    if (connection.removing) {
        refuse(Errc::conflict, "the connection is being removed");
    }
    tx.exec(set_lifecycle, tx.tenant(), id, paused ? "paused" : "enabled");
    const ConnectionStatus found = connection.health.status;
    const bool walks_again = !paused && resume_streams(tx, id);
    if (paused) {
        // While a run is under way its due time stays, so that somebody takes over should its owner die.
        const auto open = open_run(tx, id);
        if (!open || open->state != "running") tx.exec(leave_schedule, id);
    } else if (found == ConnectionStatus::disabled) {
        // One more try with the present credentials; a refusal disables it again.
        write_health(tx, id,
                     {ConnectionStatus::reauth_required, connection.health.reason,
                      "Nothing: one more try starts.", domain::refusals_allowed - 1});
        request_run(tx, random, id, "resumed");
    } else if (found != ConnectionStatus::reauth_required && walks_again) {
        write_health(tx, id,
                     {ConnectionStatus::pending, "Its paused streams were resumed; the next run walks them.",
                      "Nothing: the run starts by itself.", 0});
        begin_anew(tx, random, id, "resumed");
    } else if (found != ConnectionStatus::reauth_required && (connection.view.period || open_run(tx, id))) {
        tx.exec(enter_schedule, id);
    }
    mark_freshness(tx, id);
}

}  // namespace tributary::postgres
