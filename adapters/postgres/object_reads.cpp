#include "adapters/postgres/object_reads.hpp"

#include "adapters/postgres/connection_rows.hpp"
#include "adapters/postgres/failure.hpp"
#include "adapters/postgres/freshness_marks.hpp"
#include "adapters/postgres/lease.hpp"

namespace tributary::postgres {

using domain::Errc;
using domain::ports::ObjectClaim;
using domain::ports::ObjectKey;
using domain::ports::ObjectLook;
using domain::ports::ObjectRead;

namespace {

/// Beyond that a run asks less of the provider, whose lists give many objects at once.
constexpr std::size_t most_objects = 20;

constexpr auto insert_row = R"sql(
    INSERT INTO object_reads (tenant_id, document_id, connection_id, stream, claim)
    SELECT c.tenant_id, $2::uuid, c.connection_id, $4, 0
    FROM connections c
    WHERE c.tenant_id = $1 AND c.connection_id = $3 AND c.lifecycle <> 'removing'
      AND NOT EXISTS (SELECT FROM object_reads o
                      WHERE o.tenant_id = c.tenant_id AND o.document_id = $2 AND o.connection_id = c.connection_id
                        AND o.stream = $4)
    ON CONFLICT DO NOTHING)sql";

constexpr auto lock_row = R"sql(
    SELECT claim, coalesce(claimed_until > clock_timestamp(), false), coalesce(read_at >= $5::timestamptz, false)
    FROM object_reads
    WHERE tenant_id = $1 AND document_id = $2 AND connection_id = $3 AND stream = $4
    FOR UPDATE)sql";

constexpr auto select_schedule = R"sql(
    SELECT fence, coalesce(lease_until >= clock_timestamp(), false)
    FROM due_queue
    WHERE connection_id = $1 AND tenant_id = $2)sql";

// The document's own records: of the entity, or of the profiles of a customer.
constexpr auto select_objects = R"sql(
    SELECT provider_id
    FROM records
    WHERE tenant_id = $1 AND connection_id = $3 AND stream = $4 AND removed_at IS NULL
      AND entity_id IN (SELECT $2::uuid
                        UNION ALL
                        SELECT profile_id FROM memberships WHERE tenant_id = $1 AND customer_id = $2)
    ORDER BY provider_id
    LIMIT $5::bigint)sql";

// What the stream says of the document with other objects than these: who may do what with it, which reading
// these would not tell.
constexpr auto select_other_access = R"sql(
    SELECT 1
    FROM access
    WHERE tenant_id = $1 AND connection_id = $3 AND stream = $4 AND provider_id <> ALL($5::text[])
      AND (target_id = $2
           OR profile_id IN (SELECT profile_id FROM memberships WHERE tenant_id = $1 AND customer_id = $2))
    LIMIT 1)sql";

constexpr auto begin_read = R"sql(
    UPDATE object_reads
    SET claim = claim + 1, claimed_until = clock_timestamp() + $5::bigint * interval '1 second'
    WHERE tenant_id = $1 AND document_id = $2 AND connection_id = $3 AND stream = $4
    RETURNING claim, clock_timestamp())sql";

constexpr auto select_row = R"sql(
    SELECT claim, coalesce(claimed_until > clock_timestamp(), false)
    FROM object_reads
    WHERE tenant_id = $1 AND document_id = $2 AND connection_id = $3 AND stream = $4)sql";

constexpr auto abandon_read = R"sql(
    UPDATE object_reads SET claimed_until = NULL
    WHERE tenant_id = $1 AND document_id = $2 AND connection_id = $3 AND stream = $4 AND claim = $5::bigint)sql";

// A read that took longer than its claim was done all the same; whoever reads now goes on.
constexpr auto end_read = R"sql(
    UPDATE object_reads
    SET read_at = greatest(read_at, $6::timestamptz),
        claimed_until = CASE WHEN claim = $5::bigint THEN NULL ELSE claimed_until END
    WHERE tenant_id = $1 AND document_id = $2 AND connection_id = $3 AND stream = $4)sql";

template <class... Args>
pqxx::result exec_on(Transaction& tx, const char* sql, const ObjectKey& key, const Args&... args) {
    return tx.exec(sql, tx.tenant(), key.document, key.source.connection_id, key.source.stream, args...);
}

/// Empty where reading the document's own objects would not bring all of it up to date.
std::vector<std::string> objects_of(Transaction& tx, const ObjectKey& key) {
    auto objects = collect(exec_on(tx, select_objects, key, most_objects + 1),
                           [](const Row& row) { return row.text(0); });
    if (objects.empty() || objects.size() > most_objects ||
        !exec_on(tx, select_other_access, key, array_of(objects)).empty()) {
        return {};
    }
    return objects;
}

}  // namespace

ObjectClaim claim_object(Transaction& tx, const ObjectKey& key, domain::Timestamp not_before,
                         std::chrono::seconds claim_lasts) {
    exec_on(tx, insert_row, key);
    const auto rows = exec_on(tx, lock_row, key, not_before);
    if (rows.empty()) {
        refuse(Errc::not_found, "there is no connection with this id");
    }
    ObjectClaim claim;
    claim.read = {key, Row(rows[0]).number(0), 0, {}};
    if (Row(rows[0]).boolean(2)) {
        claim.next = ObjectClaim::Next::fresh;
        return claim;
    }
    if (Row(rows[0]).boolean(1)) {
        claim.next = ObjectClaim::Next::wait;
        return claim;
    }
    // The fence before the objects: whatever changes them from now on raises it.
    const auto schedule = tx.exec(select_schedule, key.source.connection_id, tx.tenant());
    if (schedule.empty() || Row(schedule[0]).boolean(1)) {
        return claim;
    }
    claim.read.fence = Row(schedule[0]).number(0);
    claim.objects = objects_of(tx, key);
    auto connections = load_claimed(tx, {key.source.connection_id});
    if (claim.objects.empty() || connections.empty() || connections.front().removing) {
        return claim;
    }
    claim.next = ObjectClaim::Next::read;
    const auto begun = exec_on(tx, begin_read, key, claim_lasts.count());
    claim.read.claim = Row(begun[0]).number(0);
    claim.read.began_at = Row(begun[0]).time(1);
    claim.connection = std::move(connections.front().view);
    claim.sealed_credentials = std::move(connections.front().sealed_credentials);
    return claim;
}

ObjectLook look_at_object(Transaction& tx, const ObjectKey& key) {
    const auto rows = exec_on(tx, select_row, key);
    return rows.empty() ? ObjectLook{} : ObjectLook{Row(rows[0]).number(0), Row(rows[0]).boolean(1)};
}

void give_up_object(Transaction& tx, const ObjectRead& read) {
    exec_on(tx, abandon_read, read.key, read.claim);
}

void settle_object_read(Transaction& tx, const ObjectRead& read) {
    hold_schedule_since(tx, read.key.source.connection_id, read.fence);
    exec_on(tx, end_read, read.key, read.claim, read.began_at);
    mark_freshness(tx, read.key.document);
}

}  // namespace tributary::postgres
