#include "adapters/postgres/versions.hpp"

#include <map>

namespace tributary::postgres {

using domain::ports::StoredGrant;
using domain::ports::StoredVersion;
using domain::ports::VersionQuery;

namespace {

constexpr auto select_streams = R"sql(
    SELECT DISTINCT stream FROM records WHERE tenant_id = $1 AND connection_id = $2 ORDER BY stream)sql";

constexpr auto select_present = R"sql(
    SELECT r.provider_id, r.entity_id, e.kind, e.provider_id, r.fullness, r.hash, p.raw, r.normalized,
           r.source_updated_at, r.changed_at
    FROM records r
    JOIN raw_payloads p ON p.tenant_id = r.tenant_id AND p.connection_id = r.connection_id AND p.raw_hash = r.raw_hash
    LEFT JOIN entities e ON e.tenant_id = r.tenant_id AND e.entity_id = r.entity_id
    WHERE r.tenant_id = $1 AND r.connection_id = $2 AND r.stream = $3 AND r.provider_id > $4 AND r.removed_at IS NULL
      AND ($5::timestamptz IS NULL OR r.changed_at >= $5::timestamptz)
    ORDER BY r.provider_id
    LIMIT $6::bigint)sql";

// Whom a past version described is only known from the record's present one.
constexpr auto select_past = R"sql(
    SELECT h.provider_id, r.entity_id, e.kind, e.provider_id, r.fullness, '', p.raw, h.normalized, NULL, h.valid_from
    FROM raw_history h
    JOIN records r ON r.tenant_id = h.tenant_id AND r.connection_id = h.connection_id AND r.stream = h.stream
         AND r.provider_id = h.provider_id
    JOIN raw_payloads p ON p.tenant_id = h.tenant_id AND p.connection_id = h.connection_id AND p.raw_hash = h.raw_hash
    LEFT JOIN entities e ON e.tenant_id = r.tenant_id AND e.entity_id = r.entity_id
    WHERE h.tenant_id = $1 AND h.connection_id = $2 AND h.stream = $3
      AND (h.provider_id, h.valid_from) > ($4, coalesce($5::timestamptz, '-infinity'))
      AND ($6::timestamptz IS NULL OR h.valid_from >= $6::timestamptz)
    ORDER BY h.provider_id, h.valid_from
    LIMIT $7::bigint)sql";

constexpr auto select_grants = R"sql(
    SELECT a.provider_id, a.profile_id, e.provider_id, a.target_id, a.granted
    FROM access a
    LEFT JOIN entities e ON e.tenant_id = a.tenant_id AND e.entity_id = a.profile_id
    WHERE a.tenant_id = $1 AND a.connection_id = $2 AND a.stream = $3 AND a.provider_id = ANY($4::text[]))sql";

StoredVersion version_of(const Row& row) {
    StoredVersion version;
    version.provider_id = row.text(0);
    version.entity_id = row.uuid(1);
    if (!row.is_null(2)) {
        version.entity = {domain::value_named<domain::EntityKind>(row.view(2)), row.text(3)};
    }
    version.fullness = static_cast<int>(row.number(4));
    version.hash = row.text(5);
    version.raw = row.text(6);
    version.normalized = row.opt_text(7);
    version.source_updated_at = row.opt_time(8);
    version.since = row.time(9);
    return version;
}

}  // namespace

std::vector<std::string> read_version_streams(Transaction& tx, const domain::Uuid& connection_id) {
    const auto rows = tx.exec(select_streams, tx.tenant(), connection_id);
    return collect(rows, [](const Row& row) { return row.text(0); });
}

std::vector<StoredVersion> read_present_versions(Transaction& tx, const VersionQuery& query) {
    const auto& [connection, stream] = query.stream;
    auto versions = collect(
        tx.exec(select_present, tx.tenant(), connection, stream, query.after, query.since, query.limit),
        version_of);
    std::map<std::string, std::vector<StoredGrant>> grants;
    const auto rows = tx.exec(select_grants, tx.tenant(), connection, stream,
                              array_of(versions, &StoredVersion::provider_id));
    for (const auto& fields : rows) {
        const Row row(fields);
        grants[row.text(0)].push_back({row.uuid(1), row.opt_text(2), row.uuid(3), row.text(4)});
    }
    for (StoredVersion& version : versions) {
        version.access = std::move(grants[version.provider_id]);
    }
    return versions;
}

std::vector<StoredVersion> read_past_versions(Transaction& tx, const VersionQuery& query) {
    return collect(tx.exec(select_past, tx.tenant(), query.stream.connection_id, query.stream.stream,
                           query.after, query.after_time, query.since, query.limit),
                   version_of);
}

}  // namespace tributary::postgres
