#include "adapters/postgres/records.hpp"

#include <algorithm>
#include <map>
#include <ranges>

#include "domain/content_hash.hpp"

namespace tributary::postgres {

using domain::Uuid;
using domain::ports::AccessWrite;
using domain::ports::RecordState;
using domain::ports::RecordWrite;
using domain::ports::StreamRef;

namespace {

// Key by key, as entities are read.
constexpr auto select_records = R"sql(
    SELECT r.*
    FROM (SELECT DISTINCT unnest($4::text[]) COLLATE "C" AS id) AS k
    CROSS JOIN LATERAL (SELECT provider_id, entity_id, hash, source_updated_at, removed_at IS NOT NULL
                        FROM records
                        WHERE tenant_id = $1 AND connection_id = $2 AND stream = $3 AND provider_id = k.id
                        OFFSET 0) AS r)sql";

constexpr auto lock_live_records = R"sql(
    SELECT provider_id, entity_id, hash, source_updated_at, false
    FROM records
    WHERE tenant_id = $1 AND connection_id = $2 AND stream = $3 AND provider_id = ANY($4::text[])
      AND removed_at IS NULL
    ORDER BY provider_id
    FOR UPDATE)sql";

constexpr auto select_live_streams = R"sql(
    SELECT DISTINCT stream FROM records
    WHERE tenant_id = $1 AND connection_id = $2 AND removed_at IS NULL
    ORDER BY stream)sql";

constexpr auto select_live_ids = R"sql(
    SELECT provider_id
    FROM records
    WHERE tenant_id = $1 AND connection_id = $2 AND stream = $3 AND provider_id > $4 AND removed_at IS NULL
    ORDER BY provider_id
    LIMIT $5::bigint)sql";

// The payload goes in under its hash; the payload it takes the place of is noted before the record forgets
// it, with what it was made into. All parts of the statement see the rows as they were before it. A record
// is no newer because a payload that it stands on already is decoded differently; one that stands on another
// is, even where this database's clock went backwards. An update time in the future is not believed, because
// nothing that comes after it would ever be newer.
constexpr auto upsert_records = R"sql(
    WITH input AS MATERIALIZED (
        SELECT DISTINCT ON (provider_id) *, sha256(convert_to(raw, 'UTF8')) AS raw_hash
        FROM unnest($4::text[], $5::uuid[], $6::boolean[], $7::integer[], $8::text[], $9::text[], $10::text[],
                    $11::timestamptz[], $13::text[], $14::uuid[]) WITH ORDINALITY
            AS i(provider_id, entity_id, founds_entity, fullness, hash, raw, normalized, source_updated_at, cause,
                 run_id, ordinal)
        ORDER BY provider_id, ordinal DESC
    ), kept AS (
        INSERT INTO raw_payloads (tenant_id, connection_id, raw_hash, raw)
        SELECT DISTINCT ON (raw_hash) $1::uuid, $2::uuid, raw_hash, raw FROM input ORDER BY raw_hash
        ON CONFLICT DO NOTHING
    ), superseded AS (
        INSERT INTO raw_history (tenant_id, connection_id, stream, provider_id, valid_from, valid_to, raw_hash, normalized)
        SELECT r.tenant_id, r.connection_id, r.stream, r.provider_id, r.changed_at,
               greatest($12::timestamptz, r.changed_at + interval '1 microsecond'), r.raw_hash, r.normalized
        FROM records r JOIN input i ON i.provider_id = r.provider_id
        WHERE r.tenant_id = $1 AND r.connection_id = $2 AND r.stream = $3 AND r.removed_at IS NULL
          AND r.raw_hash <> i.raw_hash
        ON CONFLICT DO NOTHING
    )
    INSERT INTO records (tenant_id, connection_id, stream, provider_id, entity_id, founds_entity, fullness, hash,
                         raw_hash, normalized, source_updated_at, changed_at, cause, run_id)
    SELECT $1::uuid, $2::uuid, $3, provider_id, entity_id, founds_entity, fullness, hash, raw_hash, normalized,
           CASE WHEN source_updated_at <= $12::timestamptz + interval '10 minutes' THEN source_updated_at END,
           $12::timestamptz, cause, run_id
    FROM input
    ON CONFLICT (tenant_id, connection_id, stream, provider_id) DO UPDATE SET
        entity_id = excluded.entity_id, founds_entity = excluded.founds_entity, fullness = excluded.fullness,
        hash = excluded.hash, raw_hash = excluded.raw_hash, normalized = excluded.normalized,
        source_updated_at = excluded.source_updated_at, cause = excluded.cause, run_id = excluded.run_id,
        removed_at = NULL,
        changed_at = CASE WHEN records.removed_at IS NULL AND records.raw_hash = excluded.raw_hash
                          THEN records.changed_at
                          ELSE greatest(excluded.changed_at, records.changed_at + interval '1 microsecond') END)sql";

// Of records that are new: nothing to compare with, nothing to keep.
constexpr auto insert_payloads = R"sql(
    INSERT INTO raw_payloads (tenant_id, connection_id, raw_hash, raw)
    SELECT $1::uuid, $2::uuid, decode(raw_hash, 'hex'), raw
    FROM (SELECT unnest($3::text[]) AS raw_hash, unnest(string_to_array($4, E'\x1f')) AS raw) AS i
    ON CONFLICT DO NOTHING)sql";

constexpr auto insert_records = R"sql(
    INSERT INTO records (tenant_id, connection_id, stream, provider_id, entity_id, founds_entity, fullness, hash,
                         raw_hash, normalized, source_updated_at, changed_at, cause, run_id)
    SELECT $1::uuid, $2::uuid, $3, provider_id, entity_id, founds_entity, fullness, hash, decode(raw_hash, 'hex'),
           normalized,
           CASE WHEN source_updated_at <= $4::timestamptz + interval '10 minutes' THEN source_updated_at END,
           $4::timestamptz, cause, run_id
    FROM (SELECT unnest($5::text[]) AS provider_id, unnest($6::uuid[]) AS entity_id,
                 unnest($7::boolean[]) AS founds_entity, unnest($8::integer[]) AS fullness,
                 unnest($9::text[]) AS hash, unnest($10::text[]) AS raw_hash,
                 unnest(string_to_array($11, E'\x1f')) AS normalized,
                 unnest($12::timestamptz[]) AS source_updated_at, unnest($13::text[]) AS cause,
                 unnest($14::uuid[]) AS run_id) AS i)sql";

constexpr auto insert_access = R"sql(
    INSERT INTO access (tenant_id, connection_id, stream, provider_id, profile_id, target_id, target_kind, granted,
                        fullness)
    SELECT $1::uuid, $2::uuid, $3, provider_id, profile_id, target_id, target_kind, granted, fullness
    FROM (SELECT unnest($4::text[]) AS provider_id, unnest($5::uuid[]) AS profile_id,
                 unnest($6::uuid[]) AS target_id, unnest($7::text[]) AS target_kind,
                 unnest(string_to_array($8, E'\x1f')) AS granted, unnest($9::integer[]) AS fullness) AS i)sql";

// What the records of this call grant is all they grant: other rows of theirs go.
constexpr auto replace_access = R"sql(
    WITH wanted AS MATERIALIZED (
        SELECT DISTINCT ON (provider_id, profile_id, target_id) *
        FROM unnest($5::text[], $6::uuid[], $7::uuid[], $8::text[], $9::text[], $10::integer[]) WITH ORDINALITY
            AS w(provider_id, profile_id, target_id, target_kind, granted, fullness, ordinal)
        ORDER BY provider_id, profile_id, target_id, ordinal DESC
    ), dropped AS (
        DELETE FROM access a
        WHERE a.tenant_id = $1 AND a.connection_id = $2 AND a.stream = $3 AND a.provider_id = ANY($4::text[])
          AND NOT EXISTS (SELECT FROM wanted w WHERE w.provider_id = a.provider_id
                          AND w.profile_id = a.profile_id AND w.target_id = a.target_id)
        RETURNING a.profile_id, a.target_id
    ), put AS (
        INSERT INTO access (tenant_id, connection_id, stream, provider_id, profile_id, target_id, target_kind, granted,
                            fullness)
        SELECT $1::uuid, $2::uuid, $3, provider_id, profile_id, target_id, target_kind, granted, fullness FROM wanted
        ON CONFLICT (tenant_id, connection_id, stream, provider_id, profile_id, target_id) DO UPDATE SET
            target_kind = excluded.target_kind, granted = excluded.granted, fullness = excluded.fullness
        WHERE (access.target_kind, access.granted, access.fullness)
              IS DISTINCT FROM (excluded.target_kind, excluded.granted, excluded.fullness)
        RETURNING profile_id, target_id
    )
    SELECT profile_id, target_id FROM dropped UNION ALL SELECT profile_id, target_id FROM put)sql";

constexpr auto tombstone_records = R"sql(
    WITH gone AS (
        UPDATE records SET removed_at = $5::timestamptz, normalized = NULL
        WHERE tenant_id = $1 AND connection_id = $2 AND stream = $3 AND provider_id = ANY($4::text[])
          AND removed_at IS NULL
        RETURNING provider_id, entity_id
    ), noted AS (
        INSERT INTO raw_history (tenant_id, connection_id, stream, provider_id, valid_from, valid_to, raw_hash, normalized)
        SELECT r.tenant_id, r.connection_id, r.stream, r.provider_id, r.changed_at,
               greatest($5::timestamptz, r.changed_at + interval '1 microsecond'), r.raw_hash, r.normalized
        FROM records r JOIN gone ON gone.provider_id = r.provider_id
        WHERE r.tenant_id = $1 AND r.connection_id = $2 AND r.stream = $3
        ON CONFLICT DO NOTHING
    )
    SELECT entity_id FROM gone)sql";

constexpr auto delete_access = R"sql(
    DELETE FROM access
    WHERE tenant_id = $1 AND connection_id = $2 AND stream = $3 AND provider_id = ANY($4::text[])
    RETURNING profile_id, target_id)sql";

RecordState state_of(const Row& row) {
    return {row.text(0), row.uuid(1), row.text(2), row.opt_time(3), row.boolean(4)};
}

void append_ends(std::vector<Uuid>& ends, const pqxx::result& rows) {
    for (const auto& row : rows) {
        ends.push_back(Row(row).uuid(0));
        ends.push_back(Row(row).uuid(1));
    }
}

void keep_unique(std::vector<Uuid>& ids) {
    std::ranges::sort(ids);
    const auto repeated = std::ranges::unique(ids);
    ids.erase(repeated.begin(), repeated.end());
}

using Records = std::vector<const RecordWrite*>;

/// The columns of access rows.
struct AccessRows {
    explicit AccessRows(const Records& records) {
        for (const RecordWrite* record : records) {
            for (const AccessWrite& access : record->access) {
                provider_ids.add(record->provider_id);
                profiles.add(access.profile_id);
                targets.add(access.target_id);
                kinds.add(name_of(access.target_kind));
                grants.push_back(access.grant);
                fullness.add(record->fullness);
            }
        }
    }

    ArrayText provider_ids, profiles, targets, kinds, fullness;
    std::vector<std::string_view> grants;
};

void replace_access_of(Transaction& tx, const StreamRef& stream, const Records& records,
                       std::vector<Uuid>& ends) {
    const AccessRows rows(records);
    append_ends(ends, tx.exec(replace_access, tx.tenant(), stream.connection_id, stream.stream,
                              array_of(records, &RecordWrite::provider_id), rows.provider_ids, rows.profiles,
                              rows.targets, rows.kinds, array_of(rows.grants), rows.fullness));
}

void add_access_of(Transaction& tx, const StreamRef& stream, const Records& records,
                   std::vector<Uuid>& ends) {
    const AccessRows rows(records);
    if (rows.grants.empty()) return;
    tx.exec(insert_access, tx.tenant(), stream.connection_id, stream.stream, rows.provider_ids, rows.profiles,
            rows.targets, rows.kinds, json_texts_of(rows.grants), rows.fullness);
    for (const RecordWrite* record : records) {
        for (const AccessWrite& access : record->access) {
            ends.push_back(access.profile_id);
            ends.push_back(access.target_id);
        }
    }
}

/// The payloads in the order of their hashes, as every transaction that makes some of them; each once.
void keep_payloads(Transaction& tx, const Uuid& connection, const Records& records,
                   std::span<const std::string> raw_hashes) {
    std::map<std::string_view, std::string_view> payloads;
    for (std::size_t i = 0; i < records.size(); ++i) {
        payloads.emplace(raw_hashes[i], records[i]->raw);
    }
    tx.exec(insert_payloads, tx.tenant(), connection, array_of(payloads | std::views::keys),
            json_texts_of(payloads | std::views::values));
}

void insert_new(Transaction& tx, const StreamRef& stream, const Records& records, std::vector<Uuid>& ends) {
    std::vector<std::string> raw_hashes;
    raw_hashes.reserve(records.size());
    for (const RecordWrite* record : records) {
        raw_hashes.push_back(domain::content_hash(record->raw));
    }
    keep_payloads(tx, stream.connection_id, records, raw_hashes);
    tx.exec(insert_records, tx.tenant(), stream.connection_id, stream.stream, tx.now(),
            array_of(records, &RecordWrite::provider_id), array_of(records, &RecordWrite::entity_id),
            array_of(records, &RecordWrite::founds_entity), array_of(records, &RecordWrite::fullness),
            array_of(records, &RecordWrite::hash), array_of(raw_hashes),
            json_texts_of(records, &RecordWrite::normalized),
            array_of(records, &RecordWrite::source_updated_at), array_of(records, &RecordWrite::cause),
            array_of(records, &RecordWrite::run_id));
    add_access_of(tx, stream, records, ends);
}

void replace(Transaction& tx, const StreamRef& stream, const Records& records, std::vector<Uuid>& ends) {
    tx.exec(upsert_records, tx.tenant(), stream.connection_id, stream.stream,
            array_of(records, &RecordWrite::provider_id), array_of(records, &RecordWrite::entity_id),
            array_of(records, &RecordWrite::founds_entity), array_of(records, &RecordWrite::fullness),
            array_of(records, &RecordWrite::hash), array_of(records, &RecordWrite::raw),
            array_of(records, &RecordWrite::normalized), array_of(records, &RecordWrite::source_updated_at),
            tx.now(), array_of(records, &RecordWrite::cause), array_of(records, &RecordWrite::run_id));
    replace_access_of(tx, stream, records, ends);
}

}  // namespace

std::vector<RecordState> read_records(Transaction& tx, const StreamRef& stream,
                                      std::span<const std::string> ids) {
    if (ids.empty()) return {};
    return collect(tx.exec(select_records, tx.tenant(), stream.connection_id, stream.stream, array_of(ids)),
                   state_of);
}

std::vector<RecordState> lock_records(Transaction& tx, const StreamRef& stream,
                                      std::span<const std::string> ids) {
    if (ids.empty()) return {};
    return collect(
        tx.exec(lock_live_records, tx.tenant(), stream.connection_id, stream.stream, array_of(ids)),
        state_of);
}

std::vector<std::string> read_live_record_ids(Transaction& tx, const StreamRef& stream,
                                              const std::string& after, std::size_t limit) {
    const auto rows =
        tx.exec(select_live_ids, tx.tenant(), stream.connection_id, stream.stream, after, limit);
    return collect(rows, [](const Row& row) { return row.text(0); });
}

std::vector<std::string> read_record_streams(Transaction& tx, const Uuid& connection_id) {
    const auto rows = tx.exec(select_live_streams, tx.tenant(), connection_id);
    return collect(rows, [](const Row& row) { return row.text(0); });
}

std::vector<Uuid> write_records(Transaction& tx, const StreamRef& stream,
                                std::span<const RecordWrite> records) {
    Records added, replaced;
    for (const RecordWrite& record : records) {
        (record.is_new ? added : replaced).push_back(&record);
    }
    std::vector<Uuid> ends;
    if (!replaced.empty()) replace(tx, stream, replaced, ends);
    if (!added.empty()) insert_new(tx, stream, added, ends);
    keep_unique(ends);
    return ends;
}

std::vector<Uuid> remove_records(Transaction& tx, const StreamRef& stream, std::span<const std::string> ids) {
    if (ids.empty()) return {};
    const ArrayText keys = array_of(ids);
    const auto removed =
        tx.exec(tombstone_records, tx.tenant(), stream.connection_id, stream.stream, keys, tx.now());
    std::vector<Uuid> touched = collect(removed, [](const Row& row) { return row.uuid(0); });
    append_ends(touched, tx.exec(delete_access, tx.tenant(), stream.connection_id, stream.stream, keys));
    keep_unique(touched);
    return touched;
}

}  // namespace tributary::postgres
