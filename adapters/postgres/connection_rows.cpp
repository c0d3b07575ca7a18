#include "adapters/postgres/connection_rows.hpp"

#include <algorithm>
#include <iterator>

#include "adapters/postgres/failure.hpp"

namespace tributary::postgres {

using domain::Uuid;
using domain::ports::ConnectionStatus;
using domain::ports::ConnectionView;

namespace {

const Statement select_connections{"select_connections", R"sql(
    SELECT c.connection_id, c.name, c.provider, c.environment, c.base_url, c.period_seconds, c.settings,
           c.lifecycle, c.health, c.health_reason, c.next_step, c.failures,
           c.self_profile, c.self_account, c.created_at, c.sealed_credentials
    FROM connections c
    WHERE c.tenant_id = $1 AND ($2::uuid[] IS NULL OR c.connection_id = ANY($2::uuid[]))
    ORDER BY c.connection_id)sql"};

constexpr auto select_page = R"sql(
    SELECT connection_id FROM connections
    WHERE tenant_id = $1 AND ($2::uuid IS NULL OR connection_id > $2::uuid)
    ORDER BY connection_id
    LIMIT $3::bigint)sql";

// A statement of its own: the queue has no tenant and may live elsewhere than the tenant's rows.
constexpr auto select_due = R"sql(
    SELECT connection_id, due_at FROM due_queue WHERE connection_id = ANY($1::uuid[]) AND due_at IS NOT NULL)sql";

// One step into each of two indexes for each connection. One that is under way comes before those that ended.
constexpr auto select_last_runs = R"sql(
    SELECT wanted.connection_id, coalesce(open.run_id, ended.run_id)
    FROM unnest($2::uuid[]) AS wanted(connection_id)
    LEFT JOIN LATERAL (
        SELECT r.run_id FROM runs AS r
        WHERE r.tenant_id = $1 AND r.connection_id = wanted.connection_id AND r.state IN ('queued', 'running')
          AND r.cause <> 'replay'
        LIMIT 1) AS open ON true
    LEFT JOIN LATERAL (
        SELECT r.run_id FROM runs AS r
        WHERE r.tenant_id = $1 AND r.connection_id = wanted.connection_id AND r.state NOT IN ('queued', 'running')
          AND r.cause <> 'replay'
        ORDER BY r.run_id DESC LIMIT 1) AS ended ON true
    WHERE coalesce(open.run_id, ended.run_id) IS NOT NULL)sql";

const Statement select_streams{"select_streams", R"sql(
    SELECT connection_id, stream, fetched_at, verified_complete_at, verdict, reason, evidence, changed_at
    FROM stream_states
    WHERE tenant_id = $1 AND connection_id = ANY($2::uuid[])
    ORDER BY connection_id, stream)sql"};

domain::Health health_of(const Row& row) {
    return {domain::value_named<ConnectionStatus>(row.view(8)), row.text(9), row.text(10),
            static_cast<int>(row.number(11))};
}

ConnectionRow connection_of(const Row& row) {
    ConnectionRow connection;
    ConnectionView& view = connection.view;
    view.id = row.uuid(0);
    view.name = row.text(1);
    view.provider = row.text(2);
    view.environment = domain::value_named<domain::ProviderEnvironment>(row.view(3));
    view.base_url = row.text(4);
    if (const auto seconds = row.opt_number(5)) view.period = std::chrono::seconds(*seconds);
    view.settings = row.text(6);
    const std::string_view lifecycle = row.view(7);
    connection.removing = lifecycle == "removing";
    connection.health = health_of(row);
    const domain::Health shown = shown_health(lifecycle, connection.health);
    view.status = shown.status;
    view.status_reason = shown.reason;
    view.next_step = shown.next_step;
    view.self = {row.opt_text(12), row.opt_text(13)};
    view.created_at = row.time(14);
    connection.sealed_credentials = row.text(15);
    return connection;
}

std::vector<Uuid> ids_of(const std::vector<ConnectionRow>& connections) {
    std::vector<Uuid> ids;
    std::ranges::transform(connections, std::back_inserter(ids),
                           [](const ConnectionRow& row) { return row.view.id; });
    return ids;
}

std::unordered_map<Uuid, ConnectionView*> views_by_id(std::vector<ConnectionRow>& connections) {
    std::unordered_map<Uuid, ConnectionView*> views;
    for (ConnectionRow& connection : connections) {
        views.emplace(connection.view.id, &connection.view);
    }
    return views;
}

std::vector<ConnectionRow> rows_with_streams(Transaction& tx, const std::optional<ArrayText>& wanted) {
    auto connections = collect(tx.exec(select_connections, tx.tenant(), wanted), connection_of);
    if (connections.empty()) return connections;
    const auto views = views_by_id(connections);
    for (const auto& fields : tx.exec(select_streams, tx.tenant(), array_of(ids_of(connections)))) {
        const Row row(fields);
        views.at(row.uuid(0))
            ->streams.push_back({row.text(1), row.opt_time(2), row.opt_time(3), row.text(4), row.text(5),
                                 row.text(6), row.opt_time(7)});
    }
    return connections;
}

}  // namespace

std::unordered_map<Uuid, domain::Timestamp> due_times(Transaction& tx, const std::vector<Uuid>& ids) {
    std::unordered_map<Uuid, domain::Timestamp> due;
    for (const auto& fields : tx.exec(select_due, array_of(ids))) {
        due.emplace(Row(fields).uuid(0), Row(fields).time(1));
    }
    return due;
}

domain::Health shown_health(std::string_view lifecycle, domain::Health stored) {
    return lifecycle == "enabled"
               ? std::move(stored)
               : domain::health_by_decision(domain::value_named<ConnectionStatus>(lifecycle));
}

std::vector<ConnectionRow> load_claimed(Transaction& tx, const std::vector<Uuid>& ids) {
    return rows_with_streams(tx, array_of(ids));
}

std::vector<ConnectionRow> load_connections(Transaction& tx, const std::optional<std::vector<Uuid>>& ids) {
    std::optional<ArrayText> wanted;
    if (ids) wanted = array_of(*ids);
    auto connections = rows_with_streams(tx, wanted);
    if (connections.empty()) return connections;

    const auto views = views_by_id(connections);
    const std::vector<Uuid> found = ids_of(connections);
    for (const auto& [id, due_at] : due_times(tx, found)) {
        views.at(id)->next_due_at = due_at;
    }
    for (const auto& fields : tx.exec(select_last_runs, tx.tenant(), array_of(found))) {
        views.at(Row(fields).uuid(0))->last_run_id = Row(fields).uuid(1);
    }
    return connections;
}

std::vector<ConnectionRow> load_connection_page(Transaction& tx,
                                                const domain::ports::ConnectionQuery& query) {
    const auto page = tx.exec(select_page, tx.tenant(), query.after, query.limit);
    return load_connections(tx, collect(page, [](const Row& row) { return row.uuid(0); }));
}

ConnectionRow load_connection(Transaction& tx, const Uuid& id) {
    auto found = load_connections(tx, std::vector{id});
    if (found.empty()) {
        refuse(domain::Errc::not_found, "there is no connection with this id");
    }
    return std::move(found.front());
}

}  // namespace tributary::postgres
