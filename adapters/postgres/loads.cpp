#include "adapters/postgres/loads.hpp"

#include <algorithm>
#include <memory>
#include <ranges>
#include <unordered_map>
#include <unordered_set>

#include "adapters/postgres/failure.hpp"
#include "adapters/postgres/lists.hpp"
#include "adapters/postgres/reads.hpp"

namespace tributary::postgres {

using domain::Timestamp;
using domain::Uuid;
using domain::ports::Commit;
using domain::ports::DocumentLoad;
using domain::ports::Freshness;
using domain::ports::StoredDocument;

namespace {

// A row for the head, whether there is a document or not: both are of one moment.
const Statement select_documents{"load_documents", R"sql(
    SELECT d.document_id, d.kind, d.body, d.version, d.sources, d.deleted_at IS NOT NULL, d.changed_at, h.commit_no, h.at
    FROM feed_head h
    LEFT JOIN documents d ON d.tenant_id = $1 AND d.document_id = ANY($2::uuid[])
    WHERE h.tenant_id = $1)sql"};

const Statement select_marks{"load_marks", R"sql(
    SELECT subject_id, marked_at FROM freshness_marks
    WHERE tenant_id = $1 AND subject_id = ANY($2::uuid[]))sql"};

// Only documents that have a mark were ever read by themselves.
const Statement select_object_reads{"load_object_reads", R"sql(
    SELECT document_id, connection_id, stream, read_at FROM object_reads
    WHERE tenant_id = $1 AND document_id = ANY($2::uuid[]) AND read_at IS NOT NULL)sql"};

using Marks = std::unordered_map<Uuid, Timestamp>;

struct Found {
    std::unordered_map<Uuid, StoredDocument> documents;
    Commit head;
};

Found find_documents(Transaction& tx, std::span<const LoadQuery> queries) {
    const auto rows = tx.exec(select_documents, tx.tenant(), array_of(queries, &LoadQuery::id));
    if (rows.empty()) {
        refuse(domain::Errc::not_found, "this tenant does not exist");
    }
    Found found;
    found.head = {Row(rows[0]).number(7), Row(rows[0]).time(8)};
    for (const auto& fields : rows) {
        const Row row(fields);
        if (row.is_null(0)) continue;
        StoredDocument document = document_of(row);
        const Uuid id = document.id;
        found.documents.emplace(id, std::move(document));
    }
    return found;
}

std::vector<Uuid> connections_of(const Found& found) {
    std::unordered_set<Uuid> connections;
    for (const auto& [id, document] : found.documents) {
        for (const auto& source : document.sources) {
            connections.insert(source.connection_id);
        }
    }
    return {connections.begin(), connections.end()};
}

Marks marks_of(Transaction& tx, const Found& found, std::span<const Uuid> connections) {
    ArrayText subjects = array_of(connections);
    for (const auto& [id, document] : found.documents) {
        subjects.add(id);
    }
    Marks marks;
    for (const auto& fields : tx.exec(select_marks, tx.tenant(), subjects)) {
        marks.emplace(Row(fields).uuid(0), Row(fields).time(1));
    }
    return marks;
}

Timestamp mark_of(const Marks& marks, const Uuid& subject) {
    const auto found = marks.find(subject);
    return found == marks.end() ? Timestamp{} : found->second;
}

using Told = std::unordered_map<Uuid, std::shared_ptr<const MarkedFreshness>>;

/// Reads what is told of those connections that nothing is known of, or not as of their present mark.
Told told_of(Transaction& tx, std::span<const Uuid> connections, const Marks& marks,
             FreshnessMemory& memory) {
    Told told;
    std::unordered_map<Uuid, std::shared_ptr<MarkedFreshness>> unknown;
    for (const Uuid& connection : connections) {
        const Timestamp mark = mark_of(marks, connection);
        if (auto known = memory.find(connection, mark)) {
            told.emplace(connection, std::move(known));
        } else {
            unknown.emplace(connection, std::make_shared<MarkedFreshness>(MarkedFreshness{mark, {}}));
        }
    }
    if (unknown.empty()) return told;
    for (Freshness& stream : read_freshness_of(tx, array_of(unknown | std::views::keys))) {
        unknown.at(stream.source.connection_id)->streams.push_back(std::move(stream));
    }
    for (auto& [connection, learned] : unknown) {
        memory.learn(connection, learned);
        told.emplace(connection, std::move(learned));
    }
    return told;
}

/// Where objects of a document were read by themselves since the last walk, that is when they were fetched.
void add_object_reads(Transaction& tx, const Marks& marks, std::unordered_map<Uuid, DocumentLoad*>& loads) {
    std::vector<Uuid> marked;
    for (const auto& [id, load] : loads) {
        if (marks.contains(id)) marked.push_back(id);
    }
    if (marked.empty()) return;
    for (const auto& fields : tx.exec(select_object_reads, tx.tenant(), array_of(marked))) {
        const Row row(fields);
        for (Freshness& stream : loads.at(row.uuid(0))->freshness) {
            if (stream.source.connection_id == row.uuid(1) && stream.source.stream == row.view(2)) {
                stream.fetched_at = std::max(stream.fetched_at, std::optional(row.time(3)));
            }
        }
    }
}

/// What is told of this document: of every stream of its connections, each connection once.
void tell(DocumentLoad& load, const Marks& marks, const Told& told) {
    const Uuid& id = load.document->id;
    load.marks.push_back({id, mark_of(marks, id)});
    for (const auto& source : load.document->sources) {
        const Uuid& connection = source.connection_id;
        const auto same = std::ranges::find(load.marks, connection, &domain::ports::FreshnessMark::subject);
        if (same != load.marks.end()) continue;
        load.marks.push_back({connection, mark_of(marks, connection)});
        const auto& streams = told.at(connection)->streams;
        load.freshness.insert(load.freshness.end(), streams.begin(), streams.end());
    }
}

}  // namespace

std::vector<DocumentLoad> load_documents(Transaction& tx, std::span<const LoadQuery> queries,
                                         FreshnessMemory& memory) {
    Found found = find_documents(tx, queries);
    std::vector<DocumentLoad> loads(queries.size());
    std::vector<Uuid> gone;
    for (const LoadQuery& query : queries) {
        const auto place = found.documents.find(query.id);
        const bool is_gone = place == found.documents.end() || place->second.removed;
        if (query.is_customer && is_gone) gone.push_back(query.id);
    }
    const auto redirects = gone.empty() ? std::unordered_map<Uuid, Uuid>() : redirects_of(tx, gone);
    for (const auto& [from, to] : redirects) {
        found.documents.erase(from);
    }
    const std::vector<Uuid> connections = connections_of(found);
    const Marks marks = found.documents.empty() ? Marks() : marks_of(tx, found, connections);
    const Told told = told_of(tx, connections, marks, memory);
    std::unordered_map<Uuid, DocumentLoad*> by_id;
    for (std::size_t i = 0; i < queries.size(); ++i) {
        DocumentLoad& load = loads[i];
        load.moment = found.head;
        if (const auto redirect = redirects.find(queries[i].id); redirect != redirects.end()) {
            load.redirect_to = redirect->second;
        }
        if (const auto place = found.documents.find(queries[i].id); place != found.documents.end()) {
            load.document = std::move(place->second);
            found.documents.erase(place);
            tell(load, marks, told);
            by_id.emplace(load.document->id, &load);
        }
    }
    add_object_reads(tx, marks, by_id);
    return loads;
}

}  // namespace tributary::postgres
