#include "adapters/postgres/documents.hpp"

#include <algorithm>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "adapters/postgres/failure.hpp"
#include "adapters/postgres/lease.hpp"
#include "adapters/postgres/moments.hpp"
#include "adapters/postgres/sources_text.hpp"
#include "domain/document.hpp"

namespace tributary::postgres {

using domain::Errc;
using domain::Timestamp;
using domain::Uuid;
using domain::ports::Commit;
using domain::ports::CommitCause;
using domain::ports::DocumentState;
using domain::ports::DocumentWrite;

namespace {

// Key by key, as entities are read.
constexpr auto select_documents = R"sql(
    SELECT d.*
    FROM (SELECT DISTINCT unnest($2::uuid[]) AS id) AS k
    CROSS JOIN LATERAL (SELECT document_id, kind, body, version, created_at, deleted_at IS NOT NULL, sources,
                               array_to_string(facets, E'\n')
                        FROM documents
                        WHERE tenant_id = $1 AND document_id = k.id OFFSET 0) AS d)sql";

constexpr auto select_deletions = R"sql(
    SELECT document_id, deleted_at FROM documents
    WHERE tenant_id = $1 AND document_id = ANY($2::uuid[]) AND deleted_at IS NOT NULL)sql";

// The time is a parameter: Citus refuses clock_timestamp() in an UPDATE. No two commits have the same one, so
// that a time which an answer told names the moment of that answer.
constexpr auto take_head = R"sql(
    UPDATE feed_head SET commit_no = commit_no + 1, at = greatest(at + interval '1 microsecond', $2::timestamptz)
    WHERE tenant_id = $1
    RETURNING commit_no, at)sql";

constexpr auto move_to_history = R"sql(
    INSERT INTO history (tenant_id, kind, document_id, valid_from, valid_to, version, created_at, changed_at,
                         deleted_at, body, sources, facets)
    SELECT d.tenant_id, d.kind, d.document_id, d.commit_no, $3::bigint, d.version, d.created_at, d.changed_at,
           d.deleted_at, d.body, d.sources, d.facets
    FROM (SELECT DISTINCT unnest($2::uuid[]) AS id) AS k
    CROSS JOIN LATERAL (SELECT * FROM documents WHERE tenant_id = $1 AND document_id = k.id OFFSET 0) AS d)sql";

// Sets are unnested in the list of what is selected, row by row; in FROM the server would keep all of it
// twice.
constexpr auto insert_documents = R"sql(
    INSERT INTO documents (tenant_id, document_id, kind, version, commit_no, created_at, changed_at, deleted_at,
                           body, sources, facets)
    SELECT $1::uuid, document_id, kind, 1, $2::bigint, $3::timestamptz, $3::timestamptz, deleted_at, body, sources,
           string_to_array(facets, E'\n')
    FROM (SELECT unnest($4::uuid[]) AS document_id, unnest($5::text[]) AS kind,
                 unnest($6::timestamptz[]) AS deleted_at, unnest(string_to_array($7, E'\x1f')) AS body,
                 unnest($8::text[]) AS sources, unnest($9::text[]) AS facets) AS i)sql";

// A document that is not the one this transaction read is left alone, and then not counted. Never an insert:
// for an update the planner would be free to read all that the tenant has, as above.
constexpr auto update_documents = R"sql(
    INSERT INTO documents (tenant_id, document_id, kind, version, commit_no, created_at, changed_at, deleted_at,
                           body, sources, facets)
    SELECT $1::uuid, document_id, kind, version, $2::bigint, $3::timestamptz, $3::timestamptz, deleted_at, body,
           sources, string_to_array(facets, E'\n')
    FROM (SELECT unnest($4::uuid[]) AS document_id, unnest($5::text[]) AS kind, unnest($6::bigint[]) AS version,
                 unnest($7::timestamptz[]) AS deleted_at, unnest(string_to_array($8, E'\x1f')) AS body,
                 unnest($9::text[]) AS sources, unnest($10::text[]) AS facets) AS i
    ON CONFLICT (tenant_id, document_id) DO UPDATE SET
        version = excluded.version, commit_no = excluded.commit_no, changed_at = excluded.changed_at,
        deleted_at = excluded.deleted_at, body = excluded.body, sources = excluded.sources, facets = excluded.facets
    WHERE documents.version = excluded.version - 1)sql";

constexpr auto insert_commit = R"sql(
    INSERT INTO commits (tenant_id, commit_no, at, cause, run_id)
    VALUES ($1::uuid, $2::bigint, $3::timestamptz, $4, $5::uuid))sql";

constexpr auto append_changes = R"sql(
    INSERT INTO changes (tenant_id, commit_no, ordinal, document_id, kind, operation, version, diff, customers)
    SELECT $1::uuid, $2::bigint, ordinal, document_id, kind, operation, version, diff, customers::uuid[]
    FROM (SELECT generate_series($3::bigint + 1, $3::bigint + $4::bigint) AS ordinal,
                 unnest($5::uuid[]) AS document_id, unnest($6::text[]) AS kind, unnest($7::text[]) AS operation,
                 unnest($8::bigint[]) AS version, unnest(string_to_array($9, E'\x1f')) AS diff,
                 unnest($10::text[]) AS customers) AS i)sql";

std::string_view operation_of(const DocumentWrite& document) {
    const bool was_removed = document.before && document.before->removed;
    if (document.removed) return was_removed ? "changed" : "removed";
    if (!document.before) return "created";
    return was_removed ? "restored" : "changed";
}

std::int64_t version_of(const DocumentWrite& document) {
    return document.before ? document.before->version + 1 : 1;
}

std::string lines_of(std::span<const std::string> lines) {
    std::string text;
    for (const std::string& line : lines) {
        text += (text.empty() ? "" : "\n") + line;
    }
    return text;
}

std::vector<std::string> split_lines(std::string_view text) {
    std::vector<std::string> lines;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        lines.emplace_back(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return lines;
}

Commit next_commit(Transaction& tx, Timestamp now) {
    const auto rows = tx.exec(take_head, tx.tenant(), now);
    if (rows.empty()) {
        refuse(Errc::not_found, "this tenant does not exist");
    }
    const Commit commit{Row(rows[0]).number(0), Row(rows[0]).time(1)};
    auto& made = tx.news().commits;
    made = {made ? made->first : commit, commit};
    return commit;
}

/// When the documents that were removed before, and still are, were removed.
std::unordered_map<Uuid, Timestamp> earlier_deletions(Transaction& tx,
                                                      std::span<const DocumentWrite> documents) {
    ArrayText ids;
    bool any = false;
    for (const DocumentWrite& document : documents) {
        if (document.removed && document.before && document.before->removed) {
            ids.add(document.id);
            any = true;
        }
    }
    std::unordered_map<Uuid, Timestamp> deletions;
    if (any) {
        for (const auto& row : tx.exec(select_deletions, tx.tenant(), ids)) {
            deletions.emplace(Row(row).uuid(0), Row(row).time(1));
        }
    }
    return deletions;
}

void require_distinct(std::span<const DocumentWrite> documents) {
    std::unordered_set<Uuid> seen;
    for (const DocumentWrite& document : documents) {
        if (!seen.insert(document.id).second) {
            refuse(Errc::contract, "one document stands twice in a commit");
        }
    }
}

[[noreturn]] void refuse_stale() {
    refuse(Errc::conflict, "a document changed while this transaction was made; it has to run again");
}

/// The columns of what is written.
struct DocumentRows {
    void add(const DocumentWrite& document, const domain::DocumentStamp& stamp) {
        ids.add(document.id);
        kinds.add(name_of(document.kind));
        versions.add(stamp.version);
        deleted.add(stamp.deleted_at);
        bodies.add(domain::stamped(document.content, stamp));
        sources.add(sources_to_text(document.sources));
        facets.add(lines_of(document.facets));
        ++count;
    }

    ArrayText ids, kinds, versions, deleted, sources, facets;
    JsonTexts bodies;
    std::size_t count = 0;
};

void write_documents(Transaction& tx, const Commit& commit, std::span<const DocumentWrite> documents) {
    const auto deletions = earlier_deletions(tx, documents);
    DocumentRows created, changed;
    for (const DocumentWrite& document : documents) {
        domain::DocumentStamp stamp{version_of(document), commit.at, commit.at};
        if (document.before) stamp.created_at = document.before->created_at;
        if (document.removed) {
            const auto earlier = deletions.find(document.id);
            stamp.deleted_at = earlier == deletions.end() ? commit.at : earlier->second;
        }
        (document.before ? changed : created).add(document, stamp);
    }
    if (changed.count > 0) {
        tx.exec(move_to_history, tx.tenant(), changed.ids, commit.number);
        const auto written =
            tx.exec(update_documents, tx.tenant(), commit.number, commit.at, changed.ids, changed.kinds,
                    changed.versions, changed.deleted, changed.bodies, changed.sources, changed.facets);
        if (std::cmp_not_equal(written.affected_rows(), changed.count)) refuse_stale();
    }
    if (created.count > 0) {
        // Whoever made one of them meanwhile makes this statement fail as a conflict.
        tx.exec(insert_documents, tx.tenant(), commit.number, commit.at, created.ids, created.kinds,
                created.deleted, created.bodies, created.sources, created.facets);
    }
}

/// As many of the first documents, and at least one, as make a statement of middle size: its text stands in
/// memory several times over, and libpq never gives back what the largest one took.
std::span<const DocumentWrite> portion_of(std::span<const DocumentWrite> documents) {
    constexpr std::size_t enough = 1UZ << 20U;
    std::size_t count = 0;
    for (std::size_t bytes = 0; count < documents.size() && bytes < enough; ++count) {
        bytes += documents[count].content.size() + documents[count].diff.size();
    }
    return documents.first(count);
}

/// The changes behind those that the commit has already.
void write_changes(Transaction& tx, const Commit& commit, std::span<const DocumentWrite> documents,
                   std::size_t before) {
    tx.exec(append_changes, tx.tenant(), commit.number, before, documents.size(),
            array_of(documents, &DocumentWrite::id),
            array_of(documents, [](const DocumentWrite& document) { return name_of(document.kind); }),
            array_of(documents, operation_of), array_of(documents, version_of),
            json_texts_of(documents, &DocumentWrite::diff),
            array_of(documents,
                     [](const DocumentWrite& document) { return array_of(document.customers).text(); }));
}

}  // namespace

std::vector<DocumentState> read_documents(Transaction& tx, std::span<const Uuid> ids) {
    if (ids.empty()) return {};
    return collect(tx.exec(select_documents, tx.tenant(), array_of(ids)), [](const Row& row) {
        return DocumentState{row.uuid(0),
                             domain::value_named<domain::EntityKind>(row.view(1)),
                             row.text(2),
                             row.number(3),
                             row.time(4),
                             row.boolean(5),
                             sources_from_text(row.view(6)),
                             split_lines(row.view(7))};
    });
}

Commit commit_documents(Transaction& tx, const CommitCause& cause, std::span<const DocumentWrite> documents) {
    require_distinct(documents);
    const Timestamp now =
        cause.lease ? require_lease(tx, *cause.lease) : Row(tx.script("SELECT clock_timestamp()")[0]).time(0);
    if (documents.empty()) {
        return read_head(tx).newest;
    }
    const Commit commit = next_commit(tx, now);
    std::ranges::transform(documents, std::back_inserter(tx.news().documents), &DocumentWrite::id);
    tx.exec(insert_commit, tx.tenant(), commit.number, commit.at, cause.kind, cause.run_id);
    for (std::size_t written = 0; written < documents.size();) {
        const auto portion = portion_of(documents.subspan(written));
        write_documents(tx, commit, portion);
        write_changes(tx, commit, portion, written);
        written += portion.size();
    }
    return commit;
}

}  // namespace tributary::postgres
