#include "adapters/postgres/lists.hpp"

#include <fmt/format.h>

#include <array>

#include "adapters/postgres/failure.hpp"
#include "adapters/postgres/moments.hpp"
#include "adapters/postgres/sources_text.hpp"
#include "domain/document.hpp"
#include "domain/json/parse.hpp"

namespace tributary::postgres {

using domain::EntityKind;
using domain::Timestamp;
using domain::Uuid;
using domain::ports::Commit;
using domain::ports::DocumentPage;
using domain::ports::ListOrder;
using domain::ports::ListPlace;
using domain::ports::ListQuery;
using domain::ports::ReadAt;
using domain::ports::StoredDocument;

namespace {

constexpr auto select_last_before =
    "SELECT coalesce(max(commit_no), 0) FROM commits WHERE tenant_id = $1 AND at < $2::timestamptz";

// What was true at commit $3: the present documents made by then, and the superseded ones whose interval
// holds it. At most one of the two holds for each id. page_statement() puts the rest around these.
constexpr auto from_present = R"sql( AS place
    FROM documents
    WHERE tenant_id = $1 AND kind = $2 AND commit_no <= $3::bigint
      AND ($5::boolean OR deleted_at IS NULL) AND facets @> $7::text[]
      AND ($8::bigint IS NULL OR commit_no > $8::bigint AND changed_at >= $10::timestamptz)
      AND ($9::uuid[] IS NULL OR document_id = ANY($9::uuid[])) AND )sql";

constexpr auto from_past = R"sql( AS place
    FROM history
    WHERE tenant_id = $1 AND kind = $2 AND valid_from <= $3::bigint AND valid_to > $3::bigint
      AND ($5::boolean OR deleted_at IS NULL) AND facets @> $7::text[]
      AND ($8::bigint IS NULL OR valid_from > $8::bigint AND changed_at >= $10::timestamptz)
      AND ($9::uuid[] IS NULL OR document_id = ANY($9::uuid[])) AND )sql";

// The present, from its beginning, with what was committed last beside each document; nothing where there is
// none. Facets are unpacked row by row, so not where none is asked for.
constexpr auto first_page_begins =
    "SELECT document_id, kind, body, version, sources, deleted_at IS NOT NULL AS removed, changed_at, ";

constexpr auto first_page_of_kind = R"sql( AS place,
           (SELECT h.commit_no FROM feed_head h WHERE tenant_id = $1) AS last_commit,
           (SELECT h.at::text FROM feed_head h WHERE tenant_id = $1) AS last_at
    FROM documents
    WHERE tenant_id = $1 AND kind = $2 AND ($3::boolean OR deleted_at IS NULL)
      AND ($4::text[] IS NULL OR facets @> $4::text[])
    ORDER BY )sql";

// A customer as it was at commit $3, where it was not removed: in one of the two, if at all.
constexpr auto select_customer_then = R"sql(
    SELECT body FROM documents
    WHERE tenant_id = $1 AND document_id = $2 AND kind = 'customer' AND commit_no <= $3::bigint AND deleted_at IS NULL
    UNION ALL
    SELECT body FROM history
    WHERE tenant_id = $1 AND document_id = $2 AND kind = 'customer' AND valid_from <= $3::bigint
      AND valid_to > $3::bigint AND deleted_at IS NULL)sql";

/// What a list is ordered by, in one of the two tables.
struct Column {
    const char* name;
    const char* type;
};

/// Nothing where it is the id alone.
std::optional<Column> column_of(ListOrder order, bool present) {
    switch (order) {
        case ListOrder::id:
            return std::nullopt;
        case ListOrder::created_at:
            return Column{"created_at", "timestamptz"};
        case ListOrder::changed_at:
            return Column{present ? "commit_no" : "valid_from", "bigint"};
    }
    std::unreachable();
}

/// The page's statement in one order. The key of the page before is $11, of the column's own type, so that an
/// index serves; by id there is none.
std::string page_statement(ListOrder order, bool descending) {
    const char* direction = descending ? "DESC" : "ASC";
    const auto sorted = [&](const char* column) {
        return column == nullptr
                   ? fmt::format(" ORDER BY document_id {} LIMIT $6::bigint", direction)
                   : fmt::format(" ORDER BY {0} {1}, document_id {1} LIMIT $6::bigint", column, direction);
    };
    const auto side = [&](const char* from, bool present) {
        const auto column = column_of(order, present);
        const std::string key = column ? fmt::format("({}, document_id)", column->name) : "document_id";
        const std::string place = column ? fmt::format("($11::{}, $4::uuid)", column->type) : "$4::uuid";
        return fmt::format(
            "(SELECT document_id, kind, body, version, sources, deleted_at IS NOT NULL AS removed, "
            "changed_at, {}{}"
            "($4::uuid IS NULL OR {} {} {}){})",
            column ? column->name : "0", from, key, descending ? "<" : ">", place,
            sorted(column ? column->name : nullptr));
    };
    return fmt::format(
        "SELECT document_id, kind, body, version, sources, removed, changed_at, place FROM ({} UNION ALL {}) "
        "AS "
        "present_and_past{}",
        side(from_present, true), side(from_past, false), sorted(order == ListOrder::id ? nullptr : "place"));
}

/// The documents that a list is confined to; nothing where it is not.
std::optional<ArrayText> confinement_of(Transaction& tx, const ListQuery& query, const Commit& moment) {
    if (!query.customer) return std::nullopt;
    const auto customer = tx.exec(select_customer_then, tx.tenant(), *query.customer, moment.number);
    return array_of(customer.empty() ? std::vector<Uuid>()
                                     : targets_of(Row(customer[0]).text(0), query.kind));
}

/// A document is of the commit that changed it, and a commit of its time. 0 also where those before are kept
/// no more: this lets an index serve, and the document's own time decides.
std::optional<std::int64_t> last_commit_before(Transaction& tx, const std::optional<Timestamp>& time) {
    if (!time) return std::nullopt;
    return Row(tx.exec(select_last_before, tx.tenant(), *time)[0]).number(0);
}

ListPlace place_of(const Row& row, ListOrder order) {
    ListPlace place{0, row.uuid(0)};
    if (order == ListOrder::changed_at) place.key = row.number(7);
    if (order == ListOrder::created_at) place.key = row.time(7).time_since_epoch().count();
    return place;
}

pqxx::result read_rows(Transaction& tx, const ListQuery& query, const Commit& moment) {
    const std::string statement = page_statement(query.order, query.descending);
    const std::optional<Uuid> after = query.after ? std::optional(query.after->id) : std::nullopt;
    const auto confined = confinement_of(tx, query, moment);
    const auto since = last_commit_before(tx, query.changed_since);
    const auto rows_behind = [&](const auto&... key) {
        return tx.exec(statement, tx.tenant(), domain::name_of(query.kind), moment.number, after,
                       query.include_removed, query.limit + 1, array_of(query.facets), since, confined,
                       query.changed_since, key...);
    };
    const std::int64_t key = query.after ? query.after->key : 0;
    switch (query.order) {
        case ListOrder::id:
            return rows_behind();
        case ListOrder::created_at:
            return rows_behind(Timestamp(std::chrono::microseconds(key)));
        case ListOrder::changed_at:
            return rows_behind(key);
    }
    std::unreachable();
}

Statement first_page_statement(ListOrder order, bool descending) {
    const auto column = column_of(order, true);
    const char* direction = descending ? "DESC" : "ASC";
    return {"first_page",
            first_page_begins + std::string(column ? column->name : "0") + first_page_of_kind +
                fmt::format("{}document_id {} LIMIT $5::bigint",
                            column ? fmt::format("{} {}, ", column->name, direction) : "", direction)};
}

const Statement& first_page_of(ListOrder order, bool descending) {
    using enum ListOrder;
    static const std::array statements = {
        first_page_statement(id, false),         first_page_statement(id, true),
        first_page_statement(created_at, false), first_page_statement(created_at, true),
        first_page_statement(changed_at, false), first_page_statement(changed_at, true)};
    return statements.at(2 * static_cast<std::size_t>(order) + (descending ? 1 : 0));
}

/// Takes a row after the last of the page for the sign that there is more.
void take(DocumentPage& page, const Row& row, const ListQuery& query) {
    if (page.documents.size() == query.limit) {
        page.more = true;
        return;
    }
    page.documents.push_back(document_of(row));
    page.last = place_of(row, query.order);
}

}  // namespace

bool is_first_page(const ListQuery& query) {
    return !query.after && !query.customer && !query.changed_since;
}

std::optional<DocumentPage> first_page(Transaction& tx, const ListQuery& query) {
    const auto facets = query.facets.empty() ? std::nullopt : std::optional(array_of(query.facets));
    const auto rows = tx.exec(first_page_of(query.order, query.descending), tx.tenant(),
                              domain::name_of(query.kind), query.include_removed, facets, query.limit + 1);
    if (rows.empty()) return std::nullopt;
    DocumentPage page;
    page.moment = {Row(rows[0]).number(8), Row(rows[0]).time(9)};
    for (const auto& fields : rows) {
        take(page, Row(fields), query);
    }
    return page;
}

DocumentPage list_documents(Transaction& tx, const ReadAt& at, const ListQuery& query) {
    DocumentPage page;
    page.moment = moment_of(tx, at);
    const auto rows = read_rows(tx, query, page.moment);
    for (const auto& fields : rows) {
        take(page, Row(fields), query);
    }
    return page;
}

std::vector<Uuid> targets_of(const std::string& customer, EntityKind kind) {
    const auto parsed = json::parse(customer, customer.size(), domain::deepest_document);
    const json::Value* access = parsed ? parsed->root.find("access") : nullptr;
    if (access == nullptr || access->if_array() == nullptr) return {};
    const auto text_of = [](const json::Value& entry, std::string_view key) {
        const json::Value* value = entry.find(key);
        return value != nullptr && value->if_string() != nullptr ? *value->if_string() : std::string();
    };
    std::vector<Uuid> targets;
    for (const json::Value& entry : *access->if_array()) {
        const auto id = domain::parse_uuid(text_of(entry, "id"));
        if (id && text_of(entry, "kind") == domain::name_of(kind)) targets.push_back(*id);
    }
    return targets;
}

StoredDocument document_of(const Row& row) {
    return {row.uuid(0),   domain::value_named<EntityKind>(row.view(1)),
            row.text(2),   row.number(3),
            row.time(6),   sources_from_text(row.view(4)),
            row.boolean(5)};
}

}  // namespace tributary::postgres
