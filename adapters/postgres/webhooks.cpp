#include "adapters/postgres/webhooks.hpp"

#include <algorithm>
#include <map>

#include "adapters/postgres/admin.hpp"
#include "adapters/postgres/connection_rows.hpp"
#include "adapters/postgres/failure.hpp"
#include "adapters/postgres/freshness_marks.hpp"
#include "adapters/postgres/lease.hpp"

namespace tributary::postgres {

using domain::Errc;
using domain::Uuid;
using domain::ports::ClaimedInbox;
using domain::ports::EventOutcome;
using domain::ports::InboxEvent;
using domain::ports::InboxReceipt;
using domain::ports::InboxView;
using domain::ports::Lease;

namespace {

constexpr auto select_tenant = "SELECT tenant_id FROM due_queue WHERE connection_id = $1";

constexpr auto insert_events = R"sql(
    INSERT INTO webhook_events (tenant_id, connection_id, event_id, content_hash, event_type, stream, object_id,
                                happened_at, event_created_at, received_at, state, reason, settled_at, payload)
    SELECT $1::uuid, $2::uuid, event_id, content_hash, event_type, stream, object_id, happened_at, created_at,
           $3::timestamptz, state, reason, CASE WHEN state = 'waiting' THEN NULL ELSE $3::timestamptz END, payload
    FROM unnest($4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::timestamptz[], $10::timestamptz[],
                $11::text[], $12::text[], $13::text[])
        AS i(event_id, content_hash, event_type, stream, object_id, happened_at, created_at, state, reason, payload)
    ORDER BY event_id
    ON CONFLICT DO NOTHING
    RETURNING event_id)sql";

constexpr auto select_hashes = R"sql(
    SELECT event_id, content_hash FROM webhook_events
    WHERE tenant_id = $1 AND connection_id = $2 AND event_id = ANY($3::text[]))sql";

// Last of all: the row stays locked until COMMIT, and so do those who would decide that nothing waits.
constexpr auto upsert_queue = R"sql(
    INSERT INTO webhook_queue AS q (connection_id, tenant_id, next_at, hinted)
    VALUES ($1::uuid, $2::uuid, now(), $3::boolean)
    ON CONFLICT (connection_id) DO UPDATE SET hinted = q.hinted OR excluded.hinted)sql";

const std::string claim_row = R"sql(
    UPDATE due_queue
    SET lease_owner = $1::uuid, lease_until = now() + $2::bigint * interval '1 second', fence = )sql" +
                              std::string(next_fence) + R"sql(
    WHERE connection_id = ANY(ARRAY(
        SELECT d.connection_id
        FROM webhook_queue q
        JOIN due_queue d ON d.connection_id = q.connection_id
        WHERE q.next_at <= now() AND (d.lease_until IS NULL OR d.lease_until < now())
        ORDER BY q.next_at
        LIMIT 1
        FOR UPDATE OF d SKIP LOCKED))
    RETURNING connection_id, tenant_id, fence)sql";

constexpr auto give_back = R"sql(
    UPDATE due_queue SET lease_owner = NULL, lease_until = NULL WHERE connection_id = $1 AND fence = $2)sql";

constexpr auto put_off = R"sql(
    UPDATE webhook_queue SET next_at = now() + $2::bigint * interval '1 second' WHERE connection_id = $1)sql";

constexpr auto delete_queue = "DELETE FROM webhook_queue WHERE connection_id = $1";

constexpr auto select_waiting = R"sql(
    SELECT event_id, content_hash, event_type, stream, object_id, happened_at, event_created_at, state, reason, payload
    FROM webhook_events
    WHERE tenant_id = $1 AND connection_id = $2 AND state = 'waiting'
    ORDER BY happened_at, event_created_at NULLS FIRST, event_id
    LIMIT $3::bigint)sql";

constexpr auto update_settled = R"sql(
    UPDATE webhook_events e
    SET state = i.state, reason = i.reason, settled_at = $3::timestamptz,
        payload = CASE WHEN i.state = 'poison' THEN e.payload ELSE 'null' END
    FROM unnest($4::text[], $5::text[], $6::text[]) AS i(event_id, state, reason)
    WHERE e.tenant_id = $1 AND e.connection_id = $2 AND e.event_id = i.event_id AND e.state = 'waiting')sql";

constexpr auto mark_hinted = "UPDATE webhook_queue SET hinted = true WHERE connection_id = $1";

constexpr auto lock_own_lease = R"sql(
    SELECT 1 FROM due_queue
    WHERE connection_id = $1 AND tenant_id = $2 AND fence = $3 AND lease_owner IS NOT NULL
    FOR UPDATE)sql";

constexpr auto lock_queue = "SELECT hinted FROM webhook_queue WHERE connection_id = $1 FOR UPDATE";

constexpr auto any_waiting = R"sql(
    SELECT EXISTS (SELECT FROM webhook_events
                   WHERE tenant_id = $1 AND connection_id = $2 AND state = 'waiting'))sql";

constexpr auto keep_queued = R"sql(
    UPDATE webhook_queue SET hinted = false, next_at = now() + $2::bigint * interval '1 second'
    WHERE connection_id = $1)sql";

// Whoever was refused, asked for a pause or backs off is not asked sooner for a hint.
constexpr auto bring_forward = R"sql(
    UPDATE due_queue d SET due_at = least(d.due_at, now() + interval '1 minute')
    FROM connections c
    WHERE d.connection_id = $2 AND d.due_at IS NOT NULL
      AND c.tenant_id = $1 AND c.connection_id = $2 AND c.health IN ('active', 'held'))sql";

// A pause found the lease taken and left the due time to its owner.
constexpr auto leave_schedule = R"sql(
    UPDATE due_queue d SET due_at = NULL, priority = 0
    FROM connections c
    WHERE d.connection_id = $2 AND c.tenant_id = $1 AND c.connection_id = $2 AND c.lifecycle = 'paused'
      AND NOT EXISTS (SELECT FROM runs r
                      WHERE r.tenant_id = $1 AND r.connection_id = $2
                        AND (r.state IN ('queued', 'running') AND r.cause <> 'replay'
                             OR r.state = 'running' AND r.cause = 'replay')))sql";

constexpr auto select_counts = R"sql(
    SELECT count(*) FILTER (WHERE state = 'waiting'), count(*) FILTER (WHERE state = 'applied'),
           count(*) FILTER (WHERE state = 'stale'), count(*) FILTER (WHERE state = 'ignored'),
           count(*) FILTER (WHERE state = 'hint'), count(*) FILTER (WHERE state = 'poison'),
           max(received_at), min(received_at) FILTER (WHERE state = 'waiting')
    FROM webhook_events
    WHERE tenant_id = $1 AND connection_id = $2)sql";

constexpr auto select_poison = R"sql(
    SELECT event_id, event_type, reason, received_at FROM webhook_events
    WHERE tenant_id = $1 AND connection_id = $2 AND state = 'poison'
    ORDER BY received_at DESC, event_id
    LIMIT 50)sql";

constexpr auto delete_settled = R"sql(
    DELETE FROM webhook_events
    WHERE tenant_id = $1 AND settled_at < now() - $2::bigint * interval '1 second')sql";

/// What is written, and returned as written. Sorted by id, so that two deliveries never wait for each other
/// crosswise.
std::vector<std::string> insert(Transaction& tx, const Uuid& connection, std::span<const InboxEvent> events) {
    const auto rows =
        tx.exec(insert_events, tx.tenant(), connection, tx.now(), array_of(events, &InboxEvent::id),
                array_of(events, &InboxEvent::content_hash), array_of(events, &InboxEvent::type),
                array_of(events, &InboxEvent::stream), array_of(events, &InboxEvent::object_id),
                array_of(events, &InboxEvent::happened_at), array_of(events, &InboxEvent::created_at),
                array_of(events, &InboxEvent::state), array_of(events, &InboxEvent::reason),
                array_of(events, &InboxEvent::payload));
    return collect(rows, [](const Row& row) { return row.text(0); });
}

/// The same event under a name that tells it apart.
InboxEvent contradiction(InboxEvent event) {
    event.id += "#" + event.content_hash.substr(0, 16);
    event.state = "poison";
    event.reason = "An event with this id came before, with another content.";
    return event;
}

/// Not claimed after all: paused, or on its way out.
void leave(Transaction& tx, const Lease& lease) {
    constexpr std::int64_t look_again_s = 30;
    tx.exec(give_back, lease.connection_id, lease.fence);
    tx.exec(put_off, lease.connection_id, look_again_s);
}

}  // namespace

domain::ports::WebhookTarget read_webhook_target(Transaction& tx, const Uuid& connection) {
    const auto rows = tx.exec(select_tenant, connection);
    if (rows.empty()) {
        refuse(Errc::not_found, "there is no connection with this id");
    }
    const Uuid tenant = Row(rows[0]).uuid(0);
    tx.use_tenant(tenant);
    ConnectionRow row = load_connection(tx, connection);
    if (row.removing) {
        refuse(Errc::not_found, "the connection is being removed");
    }
    return {tenant, std::move(row.view), std::move(row.sealed_credentials)};
}

InboxReceipt receive_events(Transaction& tx, const Uuid& connection, std::vector<InboxEvent> events) {
    InboxReceipt receipt;
    std::map<std::string, InboxEvent> by_id;
    std::vector<InboxEvent> twice;
    for (InboxEvent& event : events) {
        const auto [place, fresh] = by_id.try_emplace(event.id, event);
        if (!fresh) twice.push_back(std::move(event));
    }
    std::vector<InboxEvent> first;
    for (const auto& [id, event] : by_id) {
        first.push_back(event);
    }
    std::map<std::string, bool> written;
    for (std::string& id : insert(tx, connection, first)) {
        written.emplace(std::move(id), true);
    }
    receipt.stored = written.size();
    std::erase_if(first, [&written](const InboxEvent& event) { return written.contains(event.id); });
    twice.insert(twice.end(), first.begin(), first.end());
    std::map<std::string, InboxEvent> contradicting;
    if (!twice.empty()) {
        std::map<std::string, std::string> hashes;
        for (const auto& fields :
             tx.exec(select_hashes, tx.tenant(), connection, array_of(twice, &InboxEvent::id))) {
            const Row row(fields);
            hashes.emplace(row.text(0), row.text(1));
        }
        for (InboxEvent& event : twice) {
            if (hashes[event.id] == event.content_hash) {
                ++receipt.repeated;
            } else {
                InboxEvent other = contradiction(std::move(event));
                contradicting.emplace(other.id, std::move(other));
            }
        }
        first.clear();
        for (auto& [id, event] : contradicting) {
            first.push_back(std::move(event));
        }
        receipt.contradicted = insert(tx, connection, first).size();
    }
    const auto newly = [&](std::string_view state) {
        return std::ranges::any_of(by_id, [&](const auto& entry) {
            return entry.second.state == state && written.contains(entry.first);
        });
    };
    if (const bool hinted = newly("hint"); hinted || newly("waiting")) {
        tx.exec(upsert_queue, connection, tx.tenant(), hinted);
    }
    return receipt;
}

std::optional<ClaimedInbox> claim_inbox(Transaction& tx, const Uuid& owner, std::chrono::seconds lease) {
    constexpr int most_left = 100;
    for (int tries = 0; tries < most_left; ++tries) {
        const auto rows = tx.exec(claim_row, owner, lease.count());
        if (rows.empty()) {
            return std::nullopt;
        }
        const Row row(rows[0]);
        const Lease taken{row.uuid(0), row.number(2)};
        tx.use_tenant(row.uuid(1));
        auto found = load_connections(tx, std::vector{taken.connection_id});
        if (found.empty() || found.front().removing) {
            tx.exec(give_back, taken.connection_id, taken.fence);
            tx.exec(delete_queue, taken.connection_id);
        } else if (found.front().view.status == domain::ConnectionStatus::paused) {
            leave(tx, taken);
        } else {
            return ClaimedInbox{tx.tenant(), std::move(found.front().view), taken};
        }
    }
    return std::nullopt;
}

std::vector<InboxEvent> read_waiting_events(Transaction& tx, const Uuid& connection, std::size_t limit) {
    return collect(tx.exec(select_waiting, tx.tenant(), connection, limit), [](const Row& row) {
        return InboxEvent{row.text(0), row.text(1),     row.text(2), row.text(3), row.text(4),
                          row.time(5), row.opt_time(6), row.text(7), row.text(8), row.text(9)};
    });
}

void settle_events(Transaction& tx, const Uuid& connection, std::span<const EventOutcome> outcomes) {
    tx.exec(update_settled, tx.tenant(), connection, tx.now(), array_of(outcomes, &EventOutcome::event_id),
            array_of(outcomes, &EventOutcome::state), array_of(outcomes, &EventOutcome::reason));
    if (std::ranges::any_of(outcomes, [](const EventOutcome& outcome) { return outcome.state == "hint"; })) {
        tx.exec(mark_hinted, connection);
    }
}

void release_inbox(Transaction& tx, const Lease& lease, std::chrono::seconds pause) {
    const Uuid& connection = lease.connection_id;
    if (tx.exec(lock_own_lease, connection, tx.tenant(), lease.fence).empty()) {
        refuse(Errc::stale_owner, "another owner took the connection over");
    }
    // Whoever stores an event now waits for us, and whoever stored one is seen by the next statement.
    const auto queued = tx.exec(lock_queue, connection);
    const bool waiting = Row(tx.exec(any_waiting, tx.tenant(), connection)[0]).boolean(0);
    if (!queued.empty() && Row(queued[0]).boolean(0)) {
        tx.exec(bring_forward, tx.tenant(), connection);
        mark_freshness(tx, connection);
    }
    if (waiting) {
        tx.exec(keep_queued, connection, pause.count());
    } else {
        tx.exec(delete_queue, connection);
    }
    if (tx.exec(leave_schedule, tx.tenant(), connection).affected_rows() > 0) mark_freshness(tx, connection);
    tx.exec(give_back, connection, lease.fence);
}

InboxView read_inbox(Transaction& tx, const Uuid& connection) {
    load_connection(tx, connection);
    const auto counts = tx.exec(select_counts, tx.tenant(), connection);
    const Row row(counts[0]);
    InboxView view;
    view.waiting = row.number(0);
    view.applied = row.number(1);
    view.stale = row.number(2);
    view.ignored = row.number(3);
    view.hints = row.number(4);
    view.poison = row.number(5);
    view.last_received_at = row.opt_time(6);
    view.oldest_waiting_at = row.opt_time(7);
    view.poisoned = collect(tx.exec(select_poison, tx.tenant(), connection), [](const Row& poison) {
        return InboxView::Poison{poison.text(0), poison.text(1), poison.text(2), poison.time(3)};
    });
    return view;
}

std::size_t drop_settled_events(Transaction& tx, std::chrono::seconds retention) {
    std::size_t dropped = 0;
    for (const domain::ports::Tenant& tenant : read_tenants(tx)) {
        tx.use_tenant(tenant.id);
        dropped += drop_settled_of_tenant(tx, retention);
    }
    return dropped;
}

std::size_t drop_settled_of_tenant(Transaction& tx, std::chrono::seconds retention) {
    const auto gone = tx.exec(delete_settled, tx.tenant(), retention.count());
    return static_cast<std::size_t>(gone.affected_rows());
}

}  // namespace tributary::postgres
