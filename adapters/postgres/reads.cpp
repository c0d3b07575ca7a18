#include "adapters/postgres/reads.hpp"

#include "adapters/postgres/connection_rows.hpp"
#include "adapters/postgres/failure.hpp"
#include "adapters/postgres/sources_text.hpp"
#include "domain/json/parse.hpp"

namespace tributary::postgres {

using domain::EntityKind;
using domain::Errc;
using domain::Uuid;
using domain::ports::Commit;
using domain::ports::DocumentPage;
using domain::ports::DocumentRead;
using domain::ports::Freshness;
using domain::ports::ListQuery;
using domain::ports::OverviewRead;
using domain::ports::StoredDocument;

namespace {

constexpr auto select_document = R"sql(
    SELECT document_id, kind, body, version, sources, deleted_at IS NOT NULL
    FROM documents
    WHERE tenant_id = $1 AND document_id = $2 AND kind = $3)sql";

constexpr auto select_redirect =
    "SELECT redirect_to FROM customers WHERE tenant_id = $1 AND customer_id = $2";

constexpr auto select_head = "SELECT commit_no, at FROM feed_head WHERE tenant_id = $1";

constexpr auto select_commit_time = "SELECT at FROM commits WHERE tenant_id = $1 AND commit_no = $2::bigint";

// What was true at commit $3: the present documents made by then, and the superseded ones whose interval
// holds it. At most one of the two holds for each id.
constexpr auto select_page = R"sql(
    SELECT document_id, kind, body, version, sources, removed FROM (
        (SELECT document_id, kind, body, version, sources, deleted_at IS NOT NULL AS removed
         FROM documents
         WHERE tenant_id = $1 AND kind = $2 AND commit_no <= $3::bigint AND ($4::uuid IS NULL OR document_id > $4::uuid)
           AND ($5::boolean OR deleted_at IS NULL)
         ORDER BY document_id LIMIT $6::bigint)
        UNION ALL
        (SELECT document_id, kind, body, version, sources, deleted_at IS NOT NULL AS removed
         FROM history
         WHERE tenant_id = $1 AND kind = $2 AND valid_from <= $3::bigint AND valid_to > $3::bigint
           AND ($4::uuid IS NULL OR document_id > $4::uuid) AND ($5::boolean OR deleted_at IS NULL)
         ORDER BY document_id LIMIT $6::bigint)) AS present_and_past
    ORDER BY document_id
    LIMIT $6::bigint)sql";

constexpr auto select_customer_page = R"sql(
    SELECT document_id, kind, body, version, sources, removed FROM (
        (SELECT document_id, kind, body, version, sources, deleted_at IS NOT NULL AS removed
         FROM documents
         WHERE tenant_id = $1 AND kind = $2 AND commit_no <= $3::bigint AND ($4::uuid IS NULL OR document_id > $4::uuid)
           AND ($5::boolean OR deleted_at IS NULL) AND document_id = ANY($7::uuid[])
         ORDER BY document_id LIMIT $6::bigint)
        UNION ALL
        (SELECT document_id, kind, body, version, sources, deleted_at IS NOT NULL AS removed
         FROM history
         WHERE tenant_id = $1 AND kind = $2 AND valid_from <= $3::bigint AND valid_to > $3::bigint
           AND ($4::uuid IS NULL OR document_id > $4::uuid) AND ($5::boolean OR deleted_at IS NULL)
           AND document_id = ANY($7::uuid[])
         ORDER BY document_id LIMIT $6::bigint)) AS present_and_past
    ORDER BY document_id
    LIMIT $6::bigint)sql";

// A customer as it was at commit $3, where it was not removed: in one of the two, if at all.
constexpr auto select_customer_then = R"sql(
    SELECT body FROM documents
    WHERE tenant_id = $1 AND document_id = $2 AND kind = 'customer' AND commit_no <= $3::bigint AND deleted_at IS NULL
    UNION ALL
    SELECT body FROM history
    WHERE tenant_id = $1 AND document_id = $2 AND kind = 'customer' AND valid_from <= $3::bigint
      AND valid_to > $3::bigint AND deleted_at IS NULL)sql";

// One statement, so that the customer and what it has are of one moment. A profile that was removed keeps its
// membership and its access, and its customer shows neither.
constexpr auto select_overview = R"sql(
    SELECT document_id, kind, body, version, sources, deleted_at IS NOT NULL
    FROM documents
    WHERE tenant_id = $1 AND document_id = ANY(ARRAY(
        SELECT a.target_id
        FROM memberships m
        JOIN entities p ON p.tenant_id = m.tenant_id AND p.entity_id = m.profile_id AND p.normalized IS NOT NULL
        JOIN access a ON a.tenant_id = m.tenant_id AND a.profile_id = m.profile_id
        WHERE m.tenant_id = $1 AND m.customer_id = $2
        UNION ALL SELECT $2::uuid))
    ORDER BY document_id)sql";

// A connection that never walked a stream may be in trouble since its first run, and must not look as if it
// were not there. Only what a reader is told: this is read with every document. $2: the document whose
// objects may have been read by themselves.
constexpr auto select_freshness = R"sql(
    SELECT c.connection_id, coalesce(s.stream, ''), c.provider, greatest(s.fetched_at, o.read_at),
           s.verified_complete_at, c.lifecycle, c.health, c.health_reason, c.next_step, s.changed_at,
           coalesce(s.verdict, '')
    FROM connections c
    LEFT JOIN stream_states s ON s.tenant_id = c.tenant_id AND s.connection_id = c.connection_id
    LEFT JOIN object_reads o ON o.tenant_id = c.tenant_id AND o.document_id = $2::uuid
         AND o.connection_id = c.connection_id AND o.stream = s.stream
    WHERE c.tenant_id = $1
    ORDER BY c.connection_id, s.stream)sql";

StoredDocument document_of(const Row& row) {
    return {row.uuid(0),
            domain::value_named<EntityKind>(row.view(1)),
            row.text(2),
            row.number(3),
            sources_from_text(row.view(4)),
            row.boolean(5)};
}

/// Where a merged customer ended up, however many merges later.
std::optional<Uuid> redirect_of(Transaction& tx, const Uuid& customer) {
    constexpr int longest_chain = 32;
    std::optional<Uuid> last;
    for (int step = 0; step < longest_chain; ++step) {
        const auto rows = tx.exec(select_redirect, tx.tenant(), last.value_or(customer));
        const auto next = rows.empty() ? std::nullopt : Row(rows[0]).opt_uuid(0);
        if (!next) return last;
        last = next;
    }
    refuse(Errc::internal, "the redirects of a customer form a ring");
}

/// What of this kind a customer's own document names. Kept with the documents, that list is of their moment;
/// the access table is of now.
std::vector<Uuid> targets_of(const std::string& customer, EntityKind kind) {
    const auto parsed = json::parse(customer, customer.size());
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

Commit moment_of(Transaction& tx, const std::optional<std::int64_t>& wanted) {
    const auto head = tx.exec(select_head, tx.tenant());
    if (head.empty()) {
        refuse(Errc::not_found, "this tenant does not exist");
    }
    const Commit newest{Row(head[0]).number(0), Row(head[0]).time(1)};
    if (!wanted || *wanted == newest.number) return newest;
    if (*wanted < 0 || *wanted > newest.number) {
        refuse(Errc::invalid_input, "this commit does not exist; start the walk again");
    }
    const auto rows = tx.exec(select_commit_time, tx.tenant(), *wanted);
    // Commit 0 is the empty beginning and has no row.
    return {*wanted, rows.empty() ? domain::Timestamp{} : Row(rows[0]).time(0)};
}

}  // namespace

DocumentRead read_document(Transaction& tx, EntityKind kind, const Uuid& id) {
    DocumentRead read;
    const auto rows = tx.exec(select_document, tx.tenant(), id, domain::name_of(kind));
    if (!rows.empty()) read.document = document_of(Row(rows[0]));
    if (kind == EntityKind::customer && (!read.document || read.document->removed)) {
        read.redirect_to = redirect_of(tx, id);
        if (read.redirect_to) read.document.reset();
    }
    return read;
}

DocumentPage list_documents(Transaction& tx, const ListQuery& query) {
    DocumentPage page;
    page.moment = moment_of(tx, query.commit);
    const auto one_more = query.limit + 1;
    pqxx::result rows;
    if (query.customer) {
        const auto customer = tx.exec(select_customer_then, tx.tenant(), *query.customer, page.moment.number);
        const auto targets =
            customer.empty() ? std::vector<Uuid>() : targets_of(Row(customer[0]).text(0), query.kind);
        rows = tx.exec(select_customer_page, tx.tenant(), domain::name_of(query.kind), page.moment.number,
                       query.after, query.include_removed, one_more, array_of(targets));
    } else {
        rows = tx.exec(select_page, tx.tenant(), domain::name_of(query.kind), page.moment.number, query.after,
                       query.include_removed, one_more);
    }
    page.documents = collect(rows, document_of);
    if (page.documents.size() > query.limit) {
        page.documents.pop_back();
        page.more = true;
    }
    return page;
}

OverviewRead read_overview(Transaction& tx, const Uuid& customer) {
    OverviewRead overview;
    for (const auto& fields : tx.exec(select_overview, tx.tenant(), customer)) {
        StoredDocument document = document_of(Row(fields));
        if (document.id == customer) {
            if (document.kind == EntityKind::customer) overview.customer.document = std::move(document);
        } else if (document.removed) {
            continue;
        } else if (document.kind == EntityKind::account) {
            overview.accounts.push_back(std::move(document));
        } else if (document.kind == EntityKind::sub_account) {
            overview.sub_accounts.push_back(std::move(document));
        } else if (document.kind == EntityKind::account_group) {
            overview.account_groups.push_back(std::move(document));
        }
    }
    if (!overview.customer.document || overview.customer.document->removed) {
        overview.customer.redirect_to = redirect_of(tx, customer);
        if (overview.customer.redirect_to) overview.customer.document.reset();
    }
    return overview;
}

std::vector<Freshness> read_freshness(Transaction& tx, const std::optional<Uuid>& document) {
    std::vector<Freshness> all =
        collect(tx.exec(select_freshness, tx.tenant(), document), [](const Row& row) {
            const domain::Health health = shown_health(
                row.view(5), {.status = domain::value_named<domain::ConnectionStatus>(row.view(6)),
                              .reason = row.text(7),
                              .next_step = row.text(8)});
            return Freshness{{row.uuid(0), row.text(1)},
                             row.text(2),
                             row.opt_time(3),
                             row.opt_time(4),
                             std::nullopt,
                             std::string(domain::name_of(health.status)),
                             health.reason,
                             health.next_step,
                             row.opt_time(9),
                             row.text(10)};
        });
    if (all.empty()) return all;
    std::vector<Uuid> connections;
    for (const Freshness& stream : all) {
        // Streams come connection by connection.
        const Uuid& id = stream.source.connection_id;
        if (connections.empty() || connections.back() != id) connections.push_back(id);
    }
    const auto due = due_times(tx, connections);
    for (Freshness& stream : all) {
        if (const auto found = due.find(stream.source.connection_id); found != due.end()) {
            stream.next_due_at = found->second;
        }
    }
    return all;
}

}  // namespace tributary::postgres
