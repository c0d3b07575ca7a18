#include "adapters/postgres/reads.hpp"

#include <algorithm>
#include <iterator>
#include <ranges>
#include <unordered_map>

#include "adapters/postgres/connection_rows.hpp"
#include "adapters/postgres/failure.hpp"
#include "adapters/postgres/lists.hpp"
#include "adapters/postgres/moments.hpp"
#include "adapters/postgres/past.hpp"
#include "adapters/postgres/sources_text.hpp"
#include "domain/document.hpp"
#include "domain/ids.hpp"
#include "domain/json/parse.hpp"

namespace tributary::postgres {

using domain::EntityKind;
using domain::Errc;
using domain::Uuid;
using domain::ports::BatchRead;
using domain::ports::Commit;
using domain::ports::DocumentQuery;
using domain::ports::DocumentRead;
using domain::ports::Freshness;
using domain::ports::OverviewRead;
using domain::ports::ReadAt;
using domain::ports::StoredDocument;
using domain::ports::TargetName;

namespace {

// A version that the reader has is not sent again, nor fetched from where PostgreSQL keeps long texts.
constexpr auto select_document = R"sql(
    SELECT document_id, kind, CASE WHEN known THEN '' ELSE body END, version, sources, deleted_at IS NOT NULL,
           changed_at, known
    FROM documents
    CROSS JOIN LATERAL (SELECT $4::boolean OR (version, changed_at) IN (
        SELECT * FROM unnest($5::bigint[], $6::timestamptz[]))) AS held(known)
    WHERE tenant_id = $1 AND document_id = $2 AND kind = $3)sql";

constexpr auto select_documents = R"sql(
    SELECT document_id, kind, body, version, sources, deleted_at IS NOT NULL, changed_at
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
    SELECT document_id, kind, body, version, sources, deleted_at IS NOT NULL, changed_at
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

// The same of some connections, and of no document.
const Statement select_freshness_of{"select_freshness_of", R"sql(
    SELECT c.connection_id, coalesce(s.stream, ''), c.provider, s.fetched_at, s.verified_complete_at, c.lifecycle,
           c.health, c.health_reason, c.next_step, s.changed_at, coalesce(s.verdict, '')
    FROM connections c
    LEFT JOIN stream_states s ON s.tenant_id = $1 AND s.connection_id = c.connection_id
    WHERE c.tenant_id = $1 AND c.connection_id = ANY($2::uuid[])
    ORDER BY c.connection_id, s.stream)sql"};

/// Where the ids of those of these customers that were merged lead to: one step.
std::unordered_map<Uuid, Uuid> redirects_now(Transaction& tx, std::span<const Uuid> customers) {
    std::unordered_map<Uuid, Uuid> redirects;
    for (const auto& fields : tx.exec(select_redirects, tx.tenant(), array_of(customers))) {
        redirects.emplace(Row(fields).uuid(0), Row(fields).uuid(1));
    }
    return redirects;
}

/// A moment of the past, or now.
struct When {
    Commit moment;
    bool past = false;
};

When when_of(Transaction& tx, const ReadAt& at) {
    return {moment_of(tx, at), at.moment.has_value()};
}

/// Where those of these customers that were merged ended up, however many merges later.
std::unordered_map<Uuid, Uuid> redirects_of(Transaction& tx, const When& when,
                                            std::span<const Uuid> customers) {
    constexpr int longest_chain = 32;
    std::unordered_map<Uuid, Uuid> ends;
    std::vector<Uuid> asked(customers.begin(), customers.end());
    for (int step = 0; step < longest_chain; ++step) {
        const auto next =
            when.past ? redirects_then(tx, when.moment.number, asked) : redirects_now(tx, asked);
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

std::optional<Uuid> redirect_of(Transaction& tx, const When& when, const Uuid& customer) {
    const auto ends = redirects_of(tx, when, std::span(&customer, 1));
    return ends.empty() ? std::nullopt : std::optional(ends.begin()->second);
}

std::vector<StoredDocument> documents_of(Transaction& tx, const When& when, EntityKind kind,
                                         std::span<const Uuid> ids) {
    if (!when.past) {
        return collect(tx.exec(select_documents, tx.tenant(), array_of(ids), domain::name_of(kind)),
                       document_of);
    }
    std::vector<StoredDocument> found = documents_then(tx, when.moment.number, ids);
    std::erase_if(found, [kind](const StoredDocument& document) { return document.kind != kind; });
    return found;
}

bool is_known(const StoredDocument& document, const domain::ports::KnownVersions& known) {
    return known.any || std::ranges::find(known.versions, domain::ports::KnownVersion{document.version,
                                                                                      document.changed_at}) !=
                            known.versions.end();
}

std::optional<StoredDocument> document_at(Transaction& tx, const When& when, const DocumentQuery& query) {
    if (when.past) {
        auto found = documents_of(tx, when, query.kind, std::span(&query.id, 1));
        if (found.empty()) return std::nullopt;
        found.front().known = is_known(found.front(), query.known);
        return std::move(found.front());
    }
    using domain::ports::KnownVersion;
    const auto rows = tx.exec(select_document, tx.tenant(), query.id, domain::name_of(query.kind),
                              query.known.any, array_of(query.known.versions, &KnownVersion::version),
                              array_of(query.known.versions, &KnownVersion::changed_at));
    if (rows.empty()) return std::nullopt;
    StoredDocument document = document_of(Row(rows[0]));
    document.known = Row(rows[0]).boolean(7);
    return document;
}

/// A removed customer has nothing.
std::vector<StoredDocument> overview_documents(Transaction& tx, const When& when, const Uuid& customer) {
    if (!when.past) {
        return collect(tx.exec(select_overview, tx.tenant(), customer), document_of);
    }
    std::vector<StoredDocument> all = documents_of(tx, when, EntityKind::customer, std::span(&customer, 1));
    if (all.empty() || all.front().removed) return all;
    std::vector<Uuid> targets;
    for (const EntityKind kind : {EntityKind::account, EntityKind::sub_account, EntityKind::account_group}) {
        std::ranges::copy(targets_of(all.front().body, kind), std::back_inserter(targets));
    }
    std::ranges::move(documents_then(tx, when.moment.number, targets), std::back_inserter(all));
    return all;
}

Freshness freshness_in(const Row& row) {
    const domain::Health health =
        shown_health(row.view(5), {.status = domain::value_named<domain::ConnectionStatus>(row.view(6)),
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
}

/// Of rows that come connection by connection.
std::vector<Freshness> with_due_times(Transaction& tx, const pqxx::result& rows) {
    std::vector<Freshness> all = collect(rows, freshness_in);
    std::vector<Uuid> connections;
    for (const Freshness& stream : all) {
        const Uuid& id = stream.source.connection_id;
        if (connections.empty() || connections.back() != id) connections.push_back(id);
    }
    if (connections.empty()) return all;
    const auto due = due_times(tx, connections);
    for (Freshness& stream : all) {
        if (const auto found = due.find(stream.source.connection_id); found != due.end()) {
            stream.next_due_at = found->second;
        }
    }
    return all;
}

/// Whether a document is called so: by our id, its provider's, or both together.
bool is_named(const StoredDocument& document, const std::string& name) {
    if (domain::parse_uuid(name) == document.id) return true;
    const auto parsed = json::parse(document.body, document.body.size(), domain::deepest_document);
    const auto member = [&](std::string_view key) {
        const json::Value* value = parsed ? parsed->root.find(key) : nullptr;
        return value != nullptr && value->if_string() != nullptr ? *value->if_string() : std::string();
    };
    const std::string id = member("provider_id");
    return !id.empty() && (name == id || name == member("provider") + ':' + id);
}

}  // namespace

DocumentRead read_document(Transaction& tx, const ReadAt& at, const DocumentQuery& query) {
    const When when = when_of(tx, at);
    DocumentRead read{document_at(tx, when, query), std::nullopt, when.moment};
    if (query.kind == EntityKind::customer && (!read.document || read.document->removed)) {
        read.redirect_to = redirect_of(tx, when, query.id);
        if (read.redirect_to) read.document.reset();
    }
    return read;
}

BatchRead read_batch(Transaction& tx, const ReadAt& at, EntityKind kind, std::span<const Uuid> ids) {
    const When when = when_of(tx, at);
    BatchRead read{{}, when.moment};
    std::unordered_map<Uuid, StoredDocument> found;
    const auto look = [&](std::span<const Uuid> wanted) {
        for (StoredDocument& document : documents_of(tx, when, kind, wanted)) {
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
        redirects = redirects_of(tx, when, missing);
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

std::optional<Uuid> customer_named(Transaction& tx, const ReadAt& at, const Uuid& id) {
    const When when = when_of(tx, at);
    Uuid customer = id;
    if (tx.exec(select_customer, tx.tenant(), id).empty()) {
        const auto rows = tx.exec(select_customer_of_profile, tx.tenant(), id);
        if (rows.empty()) return std::nullopt;
        if (!when.past) return Row(rows[0]).uuid(0);
        customer = domain::singleton_customer_id(tx.tenant(), id);
    }
    return redirect_of(tx, when, customer).value_or(customer);
}

std::vector<Uuid> targets_named(Transaction& tx, const ReadAt& at, const TargetName& target) {
    const When when = when_of(tx, at);
    if (!when.past) {
        return collect(tx.exec(select_targets_named, tx.tenant(), target.customer,
                               domain::name_of(target.kind), target.name),
                       [](const Row& row) { return row.uuid(0); });
    }
    std::vector<Uuid> named;
    for (const StoredDocument& document : overview_documents(tx, when, target.customer)) {
        if (document.kind == target.kind && is_named(document, target.name)) named.push_back(document.id);
    }
    return named;
}

OverviewRead read_overview(Transaction& tx, const ReadAt& at, const Uuid& customer) {
    const When when = when_of(tx, at);
    OverviewRead overview;
    overview.moment = when.moment;
    for (StoredDocument& document : overview_documents(tx, when, customer)) {
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
        overview.customer.redirect_to = redirect_of(tx, when, customer);
        if (overview.customer.redirect_to) overview.customer.document.reset();
    }
    return overview;
}

std::unordered_map<Uuid, Uuid> redirects_of(Transaction& tx, std::span<const Uuid> customers) {
    return redirects_of(tx, When{}, customers);
}

std::vector<Freshness> read_freshness(Transaction& tx, const std::optional<Uuid>& document) {
    return with_due_times(tx, tx.exec(select_freshness, tx.tenant(), document));
}

std::vector<Freshness> read_freshness_of(Transaction& tx, const ArrayText& connections) {
    return with_due_times(tx, tx.exec(select_freshness_of, tx.tenant(), connections));
}

}  // namespace tributary::postgres
