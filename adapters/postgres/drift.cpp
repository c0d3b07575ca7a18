#include "adapters/postgres/drift.hpp"

#include <map>
#include <unordered_set>

#include "adapters/postgres/db_text.hpp"
#include "adapters/postgres/failure.hpp"

namespace tributary::postgres {

using domain::DriftSighting;
using domain::Uuid;
using domain::ports::DriftEntry;

namespace {

constexpr auto select_provider =
    "SELECT provider FROM connections WHERE tenant_id = $1 AND connection_id = $2";

constexpr auto select_known = R"sql(
    SELECT drift_id FROM drift WHERE tenant_id = $1 AND drift_id = ANY($2::uuid[]))sql";

constexpr auto count_entries = R"sql(
    SELECT stream, count(*) FROM drift
    WHERE tenant_id = $1 AND provider = $2 AND stream = ANY($3::text[])
    GROUP BY stream)sql";

// In the order of ids: runs of two connections that end at once see the same entries.
constexpr auto upsert_entries = R"sql(
    INSERT INTO drift (tenant_id, drift_id, provider, stream, kind, path, found, state, first_seen_at, last_seen_at,
                       times, connection_id, run_id)
    SELECT $1::uuid, drift_id, $2, stream, kind, path, found, 'open', $9::timestamptz, $9::timestamptz, times,
           $10::uuid, $11::uuid
    FROM unnest($3::uuid[], $4::text[], $5::text[], $6::text[], $7::text[], $8::bigint[])
        AS i(drift_id, stream, kind, path, found, times)
    ORDER BY drift_id
    ON CONFLICT (tenant_id, drift_id) DO UPDATE SET
        last_seen_at = greatest(drift.last_seen_at, excluded.last_seen_at), times = drift.times + excluded.times,
        connection_id = excluded.connection_id, run_id = excluded.run_id)sql";

constexpr auto select_page = R"sql(
    SELECT drift_id, provider, stream, kind, path, found, state, first_seen_at, last_seen_at, times, connection_id,
           run_id, accepted_by, accepted_at
    FROM drift
    WHERE tenant_id = $1 AND ($2::text IS NULL OR provider = $2::text) AND ($3::text IS NULL OR stream = $3::text)
      AND ($4::text IS NULL OR state = $4::text) AND ($5::uuid IS NULL OR drift_id > $5::uuid)
    ORDER BY drift_id
    LIMIT $6::bigint)sql";

constexpr auto select_entry = R"sql(
    SELECT drift_id, provider, stream, kind, path, found, state, first_seen_at, last_seen_at, times, connection_id,
           run_id, accepted_by, accepted_at
    FROM drift
    WHERE tenant_id = $1 AND drift_id = $2)sql";

constexpr auto accept_entry = R"sql(
    UPDATE drift SET state = 'accepted', accepted_by = $3, accepted_at = $4::timestamptz
    WHERE tenant_id = $1 AND drift_id = $2 AND state <> 'accepted')sql";

DriftEntry entry_of(const Row& row) {
    return {row.uuid(0),      row.text(1),
            row.text(2),      {domain::value_named<domain::DriftKind>(row.view(3)), row.text(4), row.text(5)},
            row.text(6),      row.time(7),
            row.time(8),      row.number(9),
            row.uuid(10),     row.uuid(11),
            row.opt_text(12), row.opt_time(13)};
}

using ById = std::map<Uuid, DriftSighting>;

/// A text that cannot be stored would take the whole run's end with it.
ById by_id(const Uuid& tenant, const std::string& provider, std::span<const DriftSighting> seen) {
    ById wanted;
    for (const DriftSighting& sighting : seen) {
        if (is_db_text(sighting.note.path) && is_db_text(sighting.note.found)) {
            wanted.emplace(domain::drift_id(tenant, provider, sighting), sighting);
        }
    }
    return wanted;
}

ArrayText ids_of(const ById& sightings) {
    ArrayText ids;
    for (const auto& [id, sighting] : sightings) {
        ids.add(id);
    }
    return ids;
}

/// Known entries, and new ones of streams that have room; the rest of a stream becomes one sighting.
ById with_room(Transaction& tx, const std::string& provider, ById wanted) {
    std::unordered_set<Uuid> known;
    for (const auto& fields : tx.exec(select_known, tx.tenant(), ids_of(wanted))) {
        known.insert(Row(fields).uuid(0));
    }
    if (known.size() == wanted.size()) {
        return wanted;
    }
    ArrayText streams;
    for (const auto& [id, sighting] : wanted) {
        streams.add(sighting.stream);
    }
    std::map<std::string, std::size_t> entries;
    for (const auto& fields : tx.exec(count_entries, tx.tenant(), provider, streams)) {
        entries[Row(fields).text(0)] = static_cast<std::size_t>(Row(fields).number(1));
    }
    std::map<std::string, std::uint64_t> further;
    std::erase_if(wanted, [&](const auto& item) {
        const auto& [id, sighting] = item;
        if (known.contains(id) || ++entries[sighting.stream] <= domain::most_drift_entries) {
            return false;
        }
        further[sighting.stream] += sighting.times;
        return true;
    });
    for (const auto& [stream, times] : further) {
        const DriftSighting rest = domain::further_drift(stream, times);
        const auto place = wanted.emplace(domain::drift_id(tx.tenant(), provider, rest), rest);
        if (!place.second) {
            place.first->second.times += times;
        }
    }
    return wanted;
}

}  // namespace

void write_drift(Transaction& tx, const Uuid& connection_id, const Uuid& run_id,
                 std::span<const DriftSighting> seen) {
    if (seen.empty()) return;
    const auto owner = tx.exec(select_provider, tx.tenant(), connection_id);
    if (owner.empty()) return;
    const std::string provider = Row(owner[0]).text(0);
    const ById entries = with_room(tx, provider, by_id(tx.tenant(), provider, seen));
    ArrayText streams, kinds, paths, found, times;
    for (const auto& [id, sighting] : entries) {
        streams.add(sighting.stream);
        kinds.add(name_of(sighting.note.kind));
        paths.add(sighting.note.path);
        found.add(sighting.note.found);
        times.add(sighting.times);
    }
    tx.exec(upsert_entries, tx.tenant(), provider, ids_of(entries), streams, kinds, paths, found, times,
            tx.now(), connection_id, run_id);
}

std::vector<DriftEntry> read_drift(Transaction& tx, const domain::ports::DriftQuery& query) {
    return collect(tx.exec(select_page, tx.tenant(), query.provider, query.stream, query.state, query.after,
                           query.limit),
                   entry_of);
}

DriftEntry accept_drift(Transaction& tx, const Uuid& id, const std::string& by) {
    tx.exec(accept_entry, tx.tenant(), id, by, tx.now());
    const auto rows = tx.exec(select_entry, tx.tenant(), id);
    if (rows.empty()) {
        refuse(domain::Errc::not_found, "there is no drift entry with this id");
    }
    return entry_of(Row(rows[0]));
}

}  // namespace tributary::postgres
