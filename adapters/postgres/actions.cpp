#include "adapters/postgres/actions.hpp"

#include <map>
#include <string>

#include "adapters/postgres/action_row.hpp"
#include "adapters/postgres/admin.hpp"
#include "adapters/postgres/connection_rows.hpp"
#include "adapters/postgres/failure.hpp"

namespace tributary::postgres {

using domain::Errc;
using domain::Uuid;
using domain::ports::ActionTarget;
using domain::ports::ActionView;
using domain::ports::StoredAction;

namespace {

const std::string select_by_key = std::string("SELECT ") + action_view_list + R"sql(, a.fingerprint
    FROM actions a
    WHERE a.tenant_id = $1 AND a.key_hash = $2 AND (a.ended_at IS NULL OR a.expires_at > now()))sql";

const std::string select_one = std::string("SELECT ") + action_view_list + R"sql(
    FROM actions a
    WHERE a.tenant_id = $1 AND a.action_id = $2)sql";

const std::string select_page = std::string("SELECT ") + action_view_list + R"sql(
    FROM actions a
    WHERE a.tenant_id = $1 AND ($2::text IS NULL OR a.state = $2) AND ($3::uuid IS NULL OR a.action_id > $3::uuid)
    ORDER BY a.action_id
    LIMIT $4::bigint)sql";

// What is under way keeps its key however old it is: nobody knows yet whether it has been done.
constexpr auto free_key = R"sql(
    DELETE FROM actions
    WHERE tenant_id = $1 AND key_hash = $2 AND ended_at IS NOT NULL AND expires_at <= now())sql";

constexpr auto insert_action = R"sql(
    INSERT INTO actions (tenant_id, action_id, key_hash, fingerprint, kind, connection_id, subject_kind, subject_id,
                         provider_subject, sealed_arguments, requested_by, state, attempts, tries, object_id,
                         error_code, error_detail, created_at, updated_at, expires_at)
    VALUES ($1::uuid, $2::uuid, $3, $4, $5, $6::uuid, $7, $8::uuid, $9, $10, $11, 'queued', 0, 0, '', '', '',
            $12::timestamptz, $12::timestamptz, $12::timestamptz + $13::bigint * interval '1 second')
    ON CONFLICT DO NOTHING
    RETURNING action_id)sql";

constexpr auto insert_queue = R"sql(
    INSERT INTO action_queue (action_id, tenant_id, line, holds_line, next_at, claim)
    VALUES ($1::uuid, $2::uuid, $3::uuid, true, now(), 0))sql";

constexpr auto select_entity = R"sql(
    SELECT provider, environment, provider_id FROM entities
    WHERE tenant_id = $1 AND entity_id = $2 AND kind = $3 AND normalized IS NOT NULL)sql";

constexpr auto select_holders = R"sql(
    SELECT DISTINCT connection_id FROM records
    WHERE tenant_id = $1 AND entity_id = $2 AND founds_entity AND removed_at IS NULL)sql";

constexpr auto select_parts = R"sql(
    SELECT connection_id, normalized FROM records
    WHERE tenant_id = $1 AND entity_id = $2 AND provider_id = $3 AND NOT founds_entity AND removed_at IS NULL
    ORDER BY connection_id, stream)sql";

constexpr auto delete_expired = R"sql(
    DELETE FROM actions WHERE tenant_id = $1 AND ended_at IS NOT NULL AND expires_at <= now())sql";

}  // namespace

ActionView action_view_of(const Row& row) {
    ActionView view;
    view.id = row.uuid(0);
    view.kind = domain::value_named<domain::ports::ActionKind>(row.view(1));
    view.state = row.text(2);
    view.connection_id = row.uuid(3);
    view.subject_kind = domain::value_named<domain::EntityKind>(row.view(4));
    view.subject = row.uuid(5);
    view.object_id = row.text(6);
    view.attempts = row.number(7);
    view.error_code = row.text(8);
    view.error_detail = row.text(9);
    view.requested_by = row.text(10);
    view.created_at = row.time(11);
    view.updated_at = row.time(12);
    view.ended_at = row.opt_time(13);
    view.expires_at = row.time(14);
    view.commit = row.opt_number(15);
    return view;
}

std::optional<StoredAction> read_action_of_key(Transaction& tx, const std::string& key_hash) {
    const auto rows = tx.exec(select_by_key, tx.tenant(), key_hash);
    if (rows.empty()) {
        return std::nullopt;
    }
    const Row row(rows[0]);
    return StoredAction{action_view_of(row), row.text(action_view_columns), false};
}

ActionTarget read_action_target(Transaction& tx, const domain::ports::ActionTargetQuery& query) {
    const auto rows = tx.exec(select_entity, tx.tenant(), query.id, domain::name_of(query.kind));
    if (rows.empty()) {
        refuse(Errc::not_found, "there is no such object");
    }
    const Row entity(rows[0]);
    ActionTarget target{
        entity.text(0), domain::value_named<domain::ProviderEnvironment>(entity.view(1)), entity.text(2), {}};
    std::map<Uuid, std::vector<std::string>> parts;
    if (!query.part.empty()) {
        for (const auto& fields : tx.exec(select_parts, tx.tenant(), query.id, query.part)) {
            parts[Row(fields).uuid(0)].push_back(Row(fields).text(1));
        }
    }
    const auto holders =
        collect(tx.exec(select_holders, tx.tenant(), query.id), [](const Row& row) { return row.uuid(0); });
    for (ConnectionRow& connection : load_claimed(tx, holders)) {
        if (!connection.removing) {
            target.holders.push_back({connection.view, std::move(parts[connection.view.id])});
        }
    }
    return target;
}

StoredAction begin_action(Transaction& tx, const domain::ports::NewAction& action,
                          std::chrono::seconds lasts) {
    tx.exec(free_key, tx.tenant(), action.key_hash);
    // Whoever else is about to store the same key is waited for, and seen by the next statement.
    const bool is_new =
        !tx.exec(insert_action, tx.tenant(), action.id, action.key_hash, action.fingerprint,
                 domain::name_of(action.kind), action.connection, domain::name_of(action.subject_kind),
                 action.subject, action.provider_subject, action.sealed_arguments, action.requested_by,
                 tx.now(), lasts.count())
             .empty();
    if (is_new) {
        tx.exec(insert_queue, action.id, tx.tenant(), action.subject);
    }
    auto stored = read_action_of_key(tx, action.key_hash);
    if (!stored) {
        refuse(Errc::conflict, "the key became free while it was asked for");
    }
    stored->is_new = is_new;
    return std::move(*stored);
}

ActionView read_action(Transaction& tx, const Uuid& id) {
    const auto rows = tx.exec(select_one, tx.tenant(), id);
    if (rows.empty()) {
        refuse(Errc::not_found, "there is no action with this id");
    }
    return action_view_of(Row(rows[0]));
}

std::vector<ActionView> read_actions(Transaction& tx, const domain::ports::ActionQuery& query) {
    return collect(tx.exec(select_page, tx.tenant(), query.state, query.after, query.limit), action_view_of);
}

std::size_t drop_expired_actions(Transaction& tx) {
    std::size_t dropped = 0;
    for (const domain::ports::Tenant& tenant : read_tenants(tx)) {
        tx.use_tenant(tenant.id);
        dropped += drop_expired_of_tenant(tx);
    }
    return dropped;
}

std::size_t drop_expired_of_tenant(Transaction& tx) {
    return static_cast<std::size_t>(tx.exec(delete_expired, tx.tenant()).affected_rows());
}

}  // namespace tributary::postgres
