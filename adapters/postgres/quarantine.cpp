#include "adapters/postgres/quarantine.hpp"

#include "adapters/postgres/failure.hpp"
#include "domain/json/write.hpp"

namespace tributary::postgres {

using domain::ports::QuarantinedObject;
using domain::ports::QuarantineEntry;
using domain::ports::StreamRef;

namespace {

// Known content costs a write an hour at most, however often it comes. New content is taken while there is
// room.
constexpr auto keep_objects = R"sql(
    WITH input AS MATERIALIZED (
        SELECT DISTINCT ON (content_hash) *
        FROM (SELECT raw, reason, sha256(convert_to(raw, 'UTF8')) AS content_hash
              FROM unnest($4::text[], $5::text[]) AS i(raw, reason)) AS hashed
        ORDER BY content_hash
    ), known AS MATERIALIZED (
        SELECT content_hash FROM quarantine
        WHERE tenant_id = $1 AND connection_id = $2 AND stream = $3
    ), fresh AS (
        SELECT content_hash FROM input WHERE content_hash NOT IN (SELECT content_hash FROM known)
        ORDER BY content_hash
        LIMIT greatest(0, $8::bigint - (SELECT count(*) FROM known))
    )
    INSERT INTO quarantine (tenant_id, connection_id, stream, content_hash, raw, reason, fullness, first_seen_at,
                            last_seen_at)
    SELECT $1::uuid, $2::uuid, $3, content_hash, raw, reason, $6::integer, $7::timestamptz, $7::timestamptz
    FROM input
    WHERE content_hash IN (SELECT content_hash FROM known UNION ALL SELECT content_hash FROM fresh)
    ORDER BY content_hash
    ON CONFLICT (tenant_id, connection_id, stream, content_hash) DO UPDATE SET last_seen_at = excluded.last_seen_at
    WHERE quarantine.last_seen_at < excluded.last_seen_at - interval '1 hour')sql";

constexpr auto select_hashes = R"sql(
    SELECT encode(content_hash, 'hex') FROM quarantine
    WHERE tenant_id = $1 AND connection_id = $2 AND stream = $3)sql";

constexpr auto delete_hashes = R"sql(
    DELETE FROM quarantine
    WHERE tenant_id = $1 AND connection_id = $2 AND stream = $3
      AND content_hash IN (SELECT decode(hash, 'hex') FROM unnest($4::text[]) AS h(hash)))sql";

constexpr auto select_page = R"sql(
    SELECT quarantine_id, connection_id, stream, reason, state, first_seen_at, last_seen_at
    FROM quarantine
    WHERE tenant_id = $1 AND ($2::uuid IS NULL OR connection_id = $2::uuid) AND ($3::text IS NULL OR stream = $3::text)
      AND ($4::uuid IS NULL OR quarantine_id > $4::uuid)
    ORDER BY quarantine_id
    LIMIT $5::bigint)sql";

constexpr auto select_object = R"sql(
    SELECT quarantine_id, connection_id, stream, reason, state, first_seen_at, last_seen_at, raw,
           encode(content_hash, 'hex'), fullness
    FROM quarantine
    WHERE tenant_id = $1 AND quarantine_id = $2)sql";

constexpr auto mark_failed = R"sql(
    UPDATE quarantine SET state = 'failed', reason = $3
    WHERE tenant_id = $1 AND quarantine_id = $2 AND (state, reason) IS DISTINCT FROM ('failed', $3))sql";

QuarantineEntry entry_of(const Row& row) {
    return {row.uuid(0), {row.uuid(1), row.text(2)}, row.text(3), row.text(4), row.time(5), row.time(6)};
}

}  // namespace

void quarantine(Transaction& tx, const StreamRef& stream, int fullness,
                std::span<const domain::Quarantined> objects) {
    if (objects.empty()) return;
    tx.exec(keep_objects, tx.tenant(), stream.connection_id, stream.stream,
            array_of(objects, [](const domain::Quarantined& object) { return json::write(object.raw); }),
            array_of(objects, &domain::Quarantined::reason), fullness, tx.now(),
            domain::ports::most_quarantined);
}

std::vector<std::string> read_quarantined(Transaction& tx, const StreamRef& stream) {
    return collect(tx.exec(select_hashes, tx.tenant(), stream.connection_id, stream.stream),
                   [](const Row& row) { return row.text(0); });
}

void release_quarantined(Transaction& tx, const StreamRef& stream, std::span<const std::string> hashes) {
    tx.exec(delete_hashes, tx.tenant(), stream.connection_id, stream.stream, array_of(hashes));
}

std::vector<QuarantineEntry> read_quarantine(Transaction& tx, const domain::ports::QuarantineQuery& query) {
    return collect(
        tx.exec(select_page, tx.tenant(), query.connection_id, query.stream, query.after, query.limit),
        entry_of);
}

QuarantinedObject read_quarantined_object(Transaction& tx, const domain::Uuid& id) {
    const auto rows = tx.exec(select_object, tx.tenant(), id);
    if (rows.empty()) {
        refuse(domain::Errc::not_found, "there is no quarantined object with this id");
    }
    const Row row(rows[0]);
    return {entry_of(row), row.text(7), row.text(8), static_cast<int>(row.number(9))};
}

void note_failed_decoding(Transaction& tx, const domain::Uuid& id, const std::string& reason) {
    tx.exec(mark_failed, tx.tenant(), id, reason);
}

}  // namespace tributary::postgres
