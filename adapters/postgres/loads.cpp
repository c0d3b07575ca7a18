#include "adapters/postgres/loads.hpp"

#include <algorithm>
#include <memory>
#include <ranges>
#include <unordered_map>
#include <unordered_set>

#include "adapters/postgres/failure.hpp"
#include "adapters/postgres/reads.hpp"
#include "adapters/postgres/sources_text.hpp"

namespace tributary::postgres {

using domain::EntityKind;
using domain::Timestamp;
using domain::Uuid;
using domain::ports::Commit;
using domain::ports::DocumentLoad;
using domain::ports::Freshness;
using domain::ports::StoredDocument;
using domain::ports::ToldSources;

namespace {

// The head, marks and documents of one moment.
const Statement select_all{"load_documents", R"sql(
    SELECT 0, NULL::uuid, NULL::text, NULL::text, commit_no, NULL::text, NULL::boolean, at
    FROM feed_head WHERE tenant_id = $1
    UNION ALL
    SELECT 1, subject_id, NULL, NULL, NULL, NULL, NULL, marked_at
    FROM freshness_marks WHERE tenant_id = $1 AND subject_id = ANY($2::uuid[] || $3::uuid[])
    UNION ALL
    SELECT 2, document_id, kind, body, version, sources, deleted_at IS NOT NULL, changed_at
    FROM documents WHERE tenant_id = $1 AND document_id = ANY($2::uuid[]))sql"};

const Statement select_marks{"load_marks", R"sql(
    SELECT subject_id, marked_at FROM freshness_marks
    WHERE tenant_id = $1 AND subject_id = ANY($2::uuid[]))sql"};

// Only documents that have a mark were ever read by themselves.
const Statement select_object_reads{"load_object_reads", R"sql(
    SELECT document_id, connection_id, stream, read_at FROM object_reads
    WHERE tenant_id = $1 AND document_id = ANY($2::uuid[]) AND read_at IS NOT NULL)sql"};

using Marks = std::unordered_map<Uuid, Timestamp>;

struct Found {
    StoredDocument document;
    /// As they are stored, in the rows.
    std::string_view sources;
};

struct Seen {
    pqxx::result rows;
    std::unordered_map<Uuid, Found> documents;
    Commit head;
    Marks marks;
    /// Connections whose marks are there, where they have one.
    std::unordered_set<Uuid> looked_for;
};

Timestamp mark_of(const Marks& marks, const Uuid& subject) {
    const auto found = marks.find(subject);
    return found == marks.end() ? Timestamp{} : found->second;
}

Seen look(Transaction& tx, std::span<const LoadQuery> queries, const FreshnessMemory& memory) {
    const std::vector<Uuid> connections = memory.connections();
    Seen seen;
    seen.rows = tx.exec(select_all, tx.tenant(), array_of(queries, &LoadQuery::id), array_of(connections));
    seen.looked_for = {connections.begin(), connections.end()};
    int heads = 0;
    for (const auto& fields : seen.rows) {
        const Row row(fields);
        const std::string_view part = row.view(0);
        if (part == "0") {
            seen.head = {row.number(4), row.time(7)};
            ++heads;
        } else if (part == "1") {
            seen.marks.emplace(row.uuid(1), row.time(7));
        } else {
            StoredDocument document{.id = row.uuid(1),
                                    .kind = domain::value_named<EntityKind>(row.view(2)),
                                    .body = row.text(3),
                                    .version = row.number(4),
                                    .changed_at = row.time(7),
                                    .sources = {},
                                    .removed = row.boolean(6)};
            const Uuid id = document.id;
            seen.documents.emplace(id, Found{std::move(document), row.view(5)});
        }
    }
    if (heads == 0) {
        refuse(domain::Errc::not_found, "this tenant does not exist");
    }
    if (heads > 1) {
        refuse(domain::Errc::internal, "a tenant has several feeds");
    }
    return seen;
}

/// Whether that is what is told now.
bool holds(const ToldSources& told, const Seen& seen) {
    return std::ranges::all_of(told.marks, [&](const domain::ports::FreshnessMark& mark) {
        return seen.looked_for.contains(mark.subject) && mark_of(seen.marks, mark.subject) == mark.at;
    });
}

using Told = std::unordered_map<std::string_view, FreshnessMemory::Told>;

/// By the sources of the documents; what is not known is left out.
Told known_of(const Seen& seen, const FreshnessMemory& memory) {
    Told told;
    for (const auto& [id, found] : seen.documents) {
        const auto [place, is_new] = told.try_emplace(found.sources);
        if (!is_new) continue;
        place->second = memory.find(found.sources);
        if (place->second && !holds(*place->second, seen)) place->second = nullptr;
    }
    std::erase_if(told, [](const auto& one) { return one.second == nullptr; });
    return told;
}

bool is_gone(const Seen& seen, const Uuid& id) {
    const auto place = seen.documents.find(id);
    return place == seen.documents.end() || place->second.document.removed;
}

void look_for_marks(Transaction& tx, Seen& seen, std::span<const Uuid> connections) {
    ArrayText others;
    for (const Uuid& connection : connections) {
        if (seen.looked_for.insert(connection).second) others.add(connection);
    }
    if (others.text() == ArrayText().text()) return;
    for (const auto& fields : tx.exec(select_marks, tx.tenant(), others)) {
        seen.marks.emplace(Row(fields).uuid(0), Row(fields).time(1));
    }
}

/// Reads what is told of those sources that nothing is known of, or not as of the present marks.
void learn(Transaction& tx, Seen& seen, FreshnessMemory& memory, Told& told) {
    std::unordered_map<std::string_view, std::shared_ptr<ToldSources>> unknown;
    std::unordered_set<Uuid> connections;
    for (const auto& [id, found] : seen.documents) {
        if (told.contains(found.sources) || unknown.contains(found.sources)) continue;
        auto learned = std::make_shared<ToldSources>();
        learned->sources = sources_from_text(found.sources);
        for (const auto& source : learned->sources) {
            connections.insert(source.connection_id);
        }
        unknown.emplace(found.sources, std::move(learned));
    }
    if (unknown.empty()) return;
    look_for_marks(tx, seen, std::vector<Uuid>(connections.begin(), connections.end()));
    const std::vector<Freshness> streams = read_freshness_of(tx, array_of(connections));
    for (auto& [sources, learned] : unknown) {
        for (const auto& source : learned->sources) {
            const Uuid& connection = source.connection_id;
            const auto same =
                std::ranges::find(learned->marks, connection, &domain::ports::FreshnessMark::subject);
            if (same != learned->marks.end()) continue;
            learned->marks.push_back({connection, mark_of(seen.marks, connection)});
            std::ranges::copy_if(
                streams, std::back_inserter(learned->freshness),
                [&](const Freshness& stream) { return stream.source.connection_id == connection; });
        }
        memory.learn(sources, learned);
        told.emplace(sources, std::move(learned));
    }
}

/// Where objects of a document were read by themselves since the last walk, that is when they were fetched.
void add_object_reads(Transaction& tx, std::span<DocumentLoad> loads) {
    std::unordered_map<Uuid, std::pair<DocumentLoad*, std::shared_ptr<ToldSources>>> marked;
    for (DocumentLoad& load : loads) {
        if (!load.document || load.mark == Timestamp{}) continue;
        auto own = std::make_shared<ToldSources>(*load.told);
        marked.emplace(load.document->id, std::pair(&load, own));
        load.told = std::move(own);
    }
    if (marked.empty()) return;
    for (const auto& fields :
         tx.exec(select_object_reads, tx.tenant(), array_of(marked | std::views::keys))) {
        const Row row(fields);
        for (Freshness& stream : marked.at(row.uuid(0)).second->freshness) {
            if (stream.source.connection_id == row.uuid(1) && stream.source.stream == row.view(2)) {
                stream.fetched_at = std::max(stream.fetched_at, std::optional(row.time(3)));
            }
        }
    }
}

std::vector<DocumentLoad> loads_of(std::span<const LoadQuery> queries, Seen seen, const Told& told) {
    std::vector<DocumentLoad> loads(queries.size());
    for (std::size_t i = 0; i < queries.size(); ++i) {
        DocumentLoad& load = loads[i];
        load.moment = seen.head;
        const auto place = seen.documents.find(queries[i].id);
        if (place == seen.documents.end()) continue;
        load.told = told.at(place->second.sources);
        load.document = std::move(place->second.document);
        load.mark = mark_of(seen.marks, queries[i].id);
    }
    return loads;
}

}  // namespace

std::optional<std::vector<DocumentLoad>> load_known(Transaction& tx, std::span<const LoadQuery> queries,
                                                    const FreshnessMemory& memory) {
    Seen seen = look(tx, queries, memory);
    const bool is_plain = std::ranges::all_of(queries, [&](const LoadQuery& query) {
        return !seen.marks.contains(query.id) && !(query.is_customer && is_gone(seen, query.id));
    });
    if (!is_plain) return std::nullopt;
    const Told told = known_of(seen, memory);
    const bool is_told = std::ranges::all_of(seen.documents | std::views::values, [&](const Found& found) {
        return told.contains(found.sources);
    });
    if (!is_told) return std::nullopt;
    return loads_of(queries, std::move(seen), told);
}

std::vector<DocumentLoad> load_documents(Transaction& tx, std::span<const LoadQuery> queries,
                                         FreshnessMemory& memory) {
    Seen seen = look(tx, queries, memory);
    std::vector<Uuid> gone;
    for (const LoadQuery& query : queries) {
        if (query.is_customer && is_gone(seen, query.id)) gone.push_back(query.id);
    }
    const auto redirects = gone.empty() ? std::unordered_map<Uuid, Uuid>() : redirects_of(tx, gone);
    for (const auto& [from, to] : redirects) {
        seen.documents.erase(from);
    }
    Told told = known_of(seen, memory);
    learn(tx, seen, memory, told);
    std::vector<DocumentLoad> loads = loads_of(queries, std::move(seen), told);
    for (std::size_t i = 0; i < queries.size(); ++i) {
        const auto redirect = redirects.find(queries[i].id);
        if (redirect != redirects.end()) loads[i].redirect_to = redirect->second;
    }
    add_object_reads(tx, loads);
    return loads;
}

}  // namespace tributary::postgres
