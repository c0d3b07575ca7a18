#include "adapters/postgres/action_queue.hpp"

#include "adapters/postgres/action_row.hpp"
#include "adapters/postgres/connection_rows.hpp"
#include "adapters/postgres/failure.hpp"
#include "adapters/postgres/lease.hpp"
#include "domain/facet.hpp"

namespace tributary::postgres {

using domain::Errc;
using domain::Uuid;
using domain::ports::ActionEnd;
using domain::ports::ActionLease;
using domain::ports::ClaimedAction;

namespace {

// In a line, whoever was begun comes before those that were not, and then the older one.
constexpr auto claim_row = R"sql(
    UPDATE action_queue
    SET lease_owner = $1::uuid, lease_until = now() + $2::bigint * interval '1 second', claim = claim + 1
    WHERE action_id = ANY(ARRAY(
        SELECT q.action_id
        FROM action_queue q
        WHERE q.next_at <= now() AND (q.lease_until IS NULL OR q.lease_until < now())
          AND NOT (q.holds_line AND EXISTS (
              SELECT FROM action_queue o
              WHERE o.line = q.line AND o.holds_line
                AND (o.claim = 0, o.action_id) < (q.claim = 0, q.action_id)))
        ORDER BY q.next_at, q.action_id
        LIMIT 1
        FOR UPDATE OF q SKIP LOCKED))
    RETURNING action_id, tenant_id, claim)sql";

const std::string select_action = std::string("SELECT ") + action_view_list + R"sql(,
           a.provider_subject, coalesce(a.sealed_arguments, ''), a.tries,
           floor(extract(epoch FROM now() - a.created_at))::bigint,
           floor(extract(epoch FROM now() - a.sent_at))::bigint
    FROM actions a
    WHERE a.tenant_id = $1 AND a.action_id = $2)sql";

constexpr auto select_fence = R"sql(
    SELECT fence FROM due_queue
    WHERE connection_id = $1 AND tenant_id = $2 AND (lease_until IS NULL OR lease_until < clock_timestamp()))sql";

constexpr auto select_closed = R"sql(
    SELECT 1 FROM documents WHERE tenant_id = $1 AND document_id = $2 AND $3 = ANY(facets))sql";

constexpr auto lock_own = R"sql(
    SELECT 1 FROM action_queue
    WHERE action_id = $1 AND tenant_id = $2 AND claim = $3::bigint AND lease_owner IS NOT NULL
    FOR UPDATE)sql";

constexpr auto prolong = R"sql(
    UPDATE action_queue SET lease_until = now() + $2::bigint * interval '1 second' WHERE action_id = $1)sql";

constexpr auto mark_sending = R"sql(
    UPDATE actions
    SET state = 'sending', attempts = attempts + 1, sent_at = clock_timestamp(), updated_at = clock_timestamp()
    WHERE tenant_id = $1 AND action_id = $2)sql";

// What was sent just now was answered by nothing: from now on it is waited for.
constexpr auto mark_put_off = R"sql(
    UPDATE actions
    SET sent_at = CASE WHEN state = 'sending' THEN clock_timestamp() ELSE sent_at END, state = coalesce($3, state),
        tries = tries + 1, updated_at = clock_timestamp()
    WHERE tenant_id = $1 AND action_id = $2)sql";

constexpr auto give_back = R"sql(
    UPDATE action_queue
    SET lease_owner = NULL, lease_until = NULL, next_at = now() + $2::bigint * interval '1 second',
        holds_line = holds_line AND $3::boolean
    WHERE action_id = $1)sql";

constexpr auto leave_queue = "DELETE FROM action_queue WHERE action_id = $1";

// The first look at what was accepted comes soon, whatever came before. Who asks again under its key is told
// of the end for as long as a key lasts.
constexpr auto mark_settled = R"sql(
    UPDATE actions
    SET tries = CASE WHEN state = 'accepted' THEN tries + 1 ELSE 0 END, state = $3, error_code = $4,
        error_detail = $5, object_id = CASE WHEN $6 = '' THEN object_id ELSE $6 END,
        updated_at = clock_timestamp(), ended_at = CASE WHEN $7::boolean THEN clock_timestamp() END,
        expires_at = CASE WHEN $7::boolean THEN greatest(expires_at, clock_timestamp() + $8::bigint * interval '1 second')
                          ELSE expires_at END,
        sealed_arguments = CASE WHEN $7::boolean THEN NULL ELSE sealed_arguments END
    WHERE tenant_id = $1 AND action_id = $2)sql";

constexpr auto mark_commit = R"sql(
    UPDATE actions a SET commit_no = h.commit_no
    FROM feed_head h
    WHERE a.tenant_id = $1 AND a.action_id = $2 AND h.tenant_id = $1)sql";

// One that somebody has is being looked at already.
constexpr auto bring_forward = R"sql(
    UPDATE action_queue SET next_at = now()
    WHERE action_id = ANY(ARRAY(
        SELECT action_id FROM action_queue
        WHERE line = ANY($1::uuid[]) AND NOT holds_line AND lease_owner IS NULL AND action_id <> $2
        ORDER BY action_id
        FOR UPDATE SKIP LOCKED)))sql";

void require_own(Transaction& tx, const ActionLease& lease) {
    if (tx.exec(lock_own, lease.action, tx.tenant(), lease.claim).empty()) {
        refuse(Errc::stale_owner, "another owner took the action over; nothing was written");
    }
}

/// False where somebody had the connection's lease since, and nothing is written then.
bool holds_schedule(Transaction& tx, const domain::ports::Lease& since) {
    try {
        hold_schedule_since(tx, since.connection_id, since.fence);
        return true;
    } catch (const Failure& failure) {
        if (failure.error.code != Errc::stale_owner) throw;
        return false;
    }
}

/// Everything of it but who has it. Nothing where it is kept no more.
std::optional<ClaimedAction> load_action(Transaction& tx, const Uuid& id) {
    const auto rows = tx.exec(select_action, tx.tenant(), id);
    if (rows.empty()) {
        return std::nullopt;
    }
    const Row row(rows[0]);
    ClaimedAction action;
    action.tenant = tx.tenant();
    action.view = action_view_of(row);
    action.provider_subject = row.text(action_view_columns);
    action.sealed_arguments = row.text(action_view_columns + 1);
    action.tries = row.number(action_view_columns + 2);
    action.age = std::chrono::seconds(row.number(action_view_columns + 3));
    if (const auto since = row.opt_number(action_view_columns + 4)) {
        action.since_sent = std::chrono::seconds(*since);
    }
    return action;
}

}  // namespace

std::optional<ClaimedAction> claim_action(Transaction& tx, const Uuid& owner, std::chrono::seconds lease) {
    constexpr int most_left = 100;
    for (int tries = 0; tries < most_left; ++tries) {
        const auto rows = tx.exec(claim_row, owner, lease.count());
        if (rows.empty()) {
            return std::nullopt;
        }
        const Row row(rows[0]);
        tx.use_tenant(row.uuid(1));
        auto action = load_action(tx, row.uuid(0));
        if (!action) {
            tx.exec(leave_queue, row.uuid(0));
            continue;
        }
        action->lease = {row.uuid(0), row.number(2)};
        // The fence before anything is asked of the provider: whatever changes the records from now on raises
        // it.
        const auto schedule = tx.exec(select_fence, action->view.connection_id, tx.tenant());
        if (!schedule.empty()) {
            action->fence = Row(schedule[0]).number(0);
        }
        auto connections = load_claimed(tx, {action->view.connection_id});
        if (!connections.empty() && !connections.front().removing) {
            action->connection = std::move(connections.front().view);
            action->sealed_credentials = std::move(connections.front().sealed_credentials);
        }
        action->subject_closed =
            !tx.exec(select_closed, tx.tenant(), action->view.subject, domain::facet("status", "closed"))
                 .empty();
        return action;
    }
    return std::nullopt;
}

void renew_action(Transaction& tx, const ActionLease& lease, std::chrono::seconds lasts) {
    require_own(tx, lease);
    tx.exec(prolong, lease.action, lasts.count());
}

void begin_sending(Transaction& tx, const ActionLease& lease) {
    require_own(tx, lease);
    tx.exec(mark_sending, tx.tenant(), lease.action);
}

void put_off_action(Transaction& tx, const ActionLease& lease, const std::optional<std::string>& state,
                    std::chrono::seconds pause) {
    require_own(tx, lease);
    tx.exec(mark_put_off, tx.tenant(), lease.action, state);
    tx.exec(give_back, lease.action, pause.count(), true);
}

void finish_action(Transaction& tx, const ActionLease& lease) {
    require_own(tx, lease);
    tx.exec(leave_queue, lease.action);
}

bool settle_action(Transaction& tx, const ActionEnd& end) {
    require_own(tx, end.lease);
    const bool held = end.effect && holds_schedule(tx, *end.effect);
    const bool ended = end.state != "accepted";
    tx.exec(mark_settled, tx.tenant(), end.lease.action, end.state, end.error_code, end.error_detail,
            end.object_id, ended, end.key_lasts.count());
    if (ended && (held || !end.run_owed)) {
        tx.exec(leave_queue, end.lease.action);
    } else {
        tx.exec(give_back, end.lease.action, end.pause.count(), false);
    }
    return held;
}

void note_action_commit(Transaction& tx, const Uuid& action) {
    tx.exec(mark_commit, tx.tenant(), action);
}

void look_after_actions(Transaction& tx, std::span<const domain::ports::DocumentWrite> documents,
                        const Uuid& own) {
    ArrayText groups;
    bool any = false;
    for (const domain::ports::DocumentWrite& document : documents) {
        if (document.kind == domain::EntityKind::account_group && document.before) {
            groups.add(document.id);
            any = true;
        }
    }
    if (any) {
        tx.exec(bring_forward, groups, own);
    }
}

}  // namespace tributary::postgres
