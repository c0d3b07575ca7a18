#include "adapters/postgres/reads.hpp"

#include <algorithm>
#include <iterator>
#include <ranges>
#include <unordered_map>

#include "adapters/postgres/connection_rows.hpp"
#include "adapters/postgres/failure.hpp"
#include "adapters/postgres/lists.hpp"
#include "adapters/postgres/sources_text.hpp"

namespace tributary::postgres {

using domain::EntityKind;
using domain::Errc;
using domain::Uuid;
using domain::ports::BatchRead;
using domain::ports::DocumentQuery;
using domain::ports::DocumentRead;
using domain::ports::Freshness;
using domain::ports::OverviewRead;
using domain::ports::StoredDocument;
using domain::ports::TargetName;

namespace {

// A version that the reader has is not sent again, nor fetched from where PostgreSQL keeps long texts.
constexpr auto select_document = R"sql(
    SELECT document_id, kind, CASE WHEN $4::boolean OR version = ANY($5::bigint[]) THEN '' ELSE body END, version,
           sources, deleted_at IS NOT NULL, $4::boolean OR version = ANY($5::bigint[])
    FROM documents
    WHERE tenant_id = $1 AND document_id = $2 AND kind = $3)sql";

constexpr auto select_documents = R"sql(
    SELECT document_id, kind, body, version, sources, deleted_at IS NOT NULL
    FROM documents
    WHERE tenant_id = $1 AND document_id = ANY($2::uuid[]) AND kind = $3)sql";

constexpr auto select_customer_of_profile =
    "SELECT customer_id FROM memberships WHERE tenant_id = $1 AND profile_id = $2";

constexpr auto select_customer = "SELECT 1 FROM customers WHERE tenant_id = $1 AND customer_id = $2";

constexpr auto select_targets_named = R"sql(
    SELECT DISTINCT e.entity_id
    FROM memberships m
    JOIN entities p ON p.tenant_id = m.tenant_id AND p.entity_id = m.profile_id AND p.normalized IS NOT NULL
    JOIN access a ON a.tenant_id = m.tenant_id AND a.profile_id = m.profile_id
    JOIN entities e ON e.tenant_id = a.tenant_id AND e.entity_id = a.target_id
    WHERE m.tenant_id = $1 AND m.customer_id = $2 AND e.kind = $3
      AND (e.entity_id::text = lower($4) OR e.provider_id = $4 OR e.provider || ':' || e.provider_id = $4)
    ORDER BY e.entity_id)sql";

constexpr auto select_redirects = R"sql(
    SELECT customer_id, redirect_to FROM customers
    WHERE tenant_id = $1 AND customer_id = ANY($2::uuid[]) AND redirect_to IS NOT NULL)sql";

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

/// Where those of these customers that were merged ended up, however many merges later.
std::unordered_map<Uuid, Uuid> redirects_of(Transaction& tx, std::span<const Uuid> customers) {
    constexpr int longest_chain = 32;
    std::unordered_map<Uuid, Uuid> ends;
    std::vector<Uuid> asked(customers.begin(), customers.end());
    for (int step = 0; step < longest_chain; ++step) {
        std::unordered_map<Uuid, Uuid> next;
        for (const auto& fields : tx.exec(select_redirects, tx.tenant(), array_of(asked))) {
            next.emplace(Row(fields).uuid(0), Row(fields).uuid(1));
        }
        if (next.empty()) return ends;
        for (const Uuid& customer : customers) {
            const auto before = ends.find(customer);
            const auto place = next.find(before == ends.end() ? customer : before->second);
            if (place != next.end()) ends.insert_or_assign(customer, place->second);
        }
        asked.clear();
        for (const auto& [from, to] : next) {
            asked.push_back(to);
        }
    }
    refuse(Errc::internal, "the redirects of a customer form a ring");
}

std::optional<Uuid> redirect_of(Transaction& tx, const Uuid& customer) {
    const auto ends = redirects_of(tx, std::span(&customer, 1));
    return ends.empty() ? std::nullopt : std::optional(ends.begin()->second);
}

}  // namespace

DocumentRead read_document(Transaction& tx, const DocumentQuery& query) {
    DocumentRead read;
    const auto rows = tx.exec(select_document, tx.tenant(), query.id, domain::name_of(query.kind),
                              query.known.any, array_of(query.known.versions));
    if (!rows.empty()) {
        read.document = document_of(Row(rows[0]));
        read.document->known = Row(rows[0]).boolean(6);
    }
    if (query.kind == EntityKind::customer && (!read.document || read.document->removed)) {
        read.redirect_to = redirect_of(tx, query.id);
        if (read.redirect_to) read.document.reset();
    }
    return read;
}

BatchRead read_batch(Transaction& tx, EntityKind kind, std::span<const Uuid> ids) {
    BatchRead read;
    read.moment = moment_of(tx, std::nullopt);
    std::unordered_map<Uuid, StoredDocument> found;
    const auto look = [&](std::span<const Uuid> wanted) {
        for (StoredDocument& document :
             collect(tx.exec(select_documents, tx.tenant(), array_of(wanted), domain::name_of(kind)),
                     document_of)) {
            const Uuid id = document.id;
            found.insert_or_assign(id, std::move(document));
        }
    };
    look(ids);
    const auto gone = [&found](const Uuid& id) {
        const auto place = found.find(id);
        return place == found.end() || place->second.removed;
    };
    std::unordered_map<Uuid, Uuid> redirects;
    if (kind == EntityKind::customer) {
        std::vector<Uuid> missing;
        std::ranges::copy_if(ids, std::back_inserter(missing), gone);
        redirects = redirects_of(tx, missing);
        std::vector<Uuid> targets;
        std::ranges::copy(redirects | std::views::values, std::back_inserter(targets));
        look(targets);
    }
    for (const Uuid& id : ids) {
        const auto redirect = redirects.find(id);
        const auto place = found.find(redirect == redirects.end() ? id : redirect->second);
        read.documents.push_back(place == found.end() ? std::nullopt : std::optional(place->second));
    }
    return read;
}

std::optional<Uuid> customer_named(Transaction& tx, const Uuid& id) {
    if (!tx.exec(select_customer, tx.tenant(), id).empty()) {
        return redirect_of(tx, id).value_or(id);
    }
    const auto rows = tx.exec(select_customer_of_profile, tx.tenant(), id);
    return rows.empty() ? std::nullopt : std::optional(Row(rows[0]).uuid(0));
}

std::vector<Uuid> targets_named(Transaction& tx, const TargetName& target) {
    return collect(tx.exec(select_targets_named, tx.tenant(), target.customer, domain::name_of(target.kind),
                           target.name),
                   [](const Row& row) { return row.uuid(0); });
}

OverviewRead read_overview(Transaction& tx, const Uuid& customer) {
    OverviewRead overview;
    overview.moment = moment_of(tx, std::nullopt);
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
