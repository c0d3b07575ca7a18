#include "adapters/postgres/identity.hpp"

#include "domain/ids.hpp"

namespace tributary::postgres {

using domain::Uuid;
using domain::ports::CustomerState;
using domain::ports::IdentifierKey;
using domain::ports::IdentifierKind;
using domain::ports::IdentifierMember;
using domain::ports::Link;
using domain::ports::LinkState;
using domain::ports::Membership;

namespace {

constexpr auto insert_identifiers = R"sql(
    INSERT INTO identifiers (tenant_id, kind, hash)
    SELECT $1::uuid, kind, hash FROM unnest($2::text[], $3::text[]) AS i(kind, hash)
    ORDER BY kind COLLATE "C", hash COLLATE "C"
    ON CONFLICT DO NOTHING)sql";

constexpr auto lock_identifier_rows = R"sql(
    SELECT 1 FROM identifiers
    WHERE tenant_id = $1 AND (kind, hash) IN (SELECT * FROM unnest($2::text[], $3::text[]))
    ORDER BY kind, hash
    FOR UPDATE)sql";

constexpr auto select_members = R"sql(
    SELECT kind, hash, profile_id FROM identifier_members
    WHERE tenant_id = $1 AND (kind, hash) IN (SELECT * FROM unnest($2::text[], $3::text[])))sql";

constexpr auto select_identifiers_of = R"sql(
    SELECT kind, hash, profile_id FROM identifier_members
    WHERE tenant_id = $1 AND profile_id = ANY($2::uuid[]))sql";

constexpr auto insert_members = R"sql(
    INSERT INTO identifier_members (tenant_id, kind, hash, profile_id)
    SELECT $1::uuid, kind, hash, profile_id
    FROM unnest($2::text[], $3::text[], $4::uuid[]) AS i(kind, hash, profile_id)
    ORDER BY kind COLLATE "C", hash COLLATE "C", profile_id
    ON CONFLICT DO NOTHING)sql";

constexpr auto delete_members = R"sql(
    DELETE FROM identifier_members
    WHERE tenant_id = $1
      AND (kind, hash, profile_id) IN (SELECT * FROM unnest($2::text[], $3::text[], $4::uuid[])))sql";

constexpr auto select_links = R"sql(
    SELECT low, high, state, rule, evidence, by_operator, decided_by, reason, decided_at FROM links
    WHERE tenant_id = $1 AND (low = ANY($2::uuid[]) OR high = ANY($2::uuid[])))sql";

constexpr auto select_link_named = R"sql(
    SELECT low, high, state, rule, evidence, by_operator, decided_by, reason, decided_at FROM links
    WHERE tenant_id = $1 AND link_id = $2)sql";

constexpr auto upsert_links = R"sql(
    INSERT INTO links (tenant_id, low, high, link_id, state, rule, evidence, by_operator, decided_by, reason, decided_at)
    SELECT DISTINCT ON (low, high) $1::uuid, low, high, link_id, state, rule, evidence, by_operator, decided_by, reason,
           $11::timestamptz
    FROM unnest($2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::text[], $7::boolean[], $8::text[], $9::text[],
                $10::uuid[])
        WITH ORDINALITY AS i(low, high, state, rule, evidence, by_operator, decided_by, reason, link_id, ordinal)
    ORDER BY low, high, ordinal DESC
    ON CONFLICT (tenant_id, low, high) DO UPDATE SET
        state = excluded.state, rule = excluded.rule, evidence = excluded.evidence,
        by_operator = excluded.by_operator, decided_by = excluded.decided_by, reason = excluded.reason,
        decided_at = excluded.decided_at
    WHERE (links.state, links.rule, links.evidence, links.by_operator, links.decided_by, links.reason)
          IS DISTINCT FROM (excluded.state, excluded.rule, excluded.evidence, excluded.by_operator,
                            excluded.decided_by, excluded.reason))sql";

constexpr auto select_memberships_of_profiles = R"sql(
    SELECT m.*
    FROM (SELECT DISTINCT unnest($2::uuid[]) AS id) AS k
    CROSS JOIN LATERAL (SELECT profile_id, customer_id FROM memberships
                        WHERE tenant_id = $1 AND profile_id = k.id OFFSET 0) AS m)sql";

constexpr auto select_memberships_of_customers = R"sql(
    SELECT m.*
    FROM (SELECT DISTINCT unnest($2::uuid[]) AS id) AS k
    CROSS JOIN LATERAL (SELECT profile_id, customer_id FROM memberships
                        WHERE tenant_id = $1 AND customer_id = k.id OFFSET 0) AS m)sql";

constexpr auto upsert_memberships = R"sql(
    INSERT INTO memberships (tenant_id, profile_id, customer_id)
    SELECT DISTINCT ON (profile_id) $1::uuid, profile_id, customer_id
    FROM unnest($2::uuid[], $3::uuid[]) WITH ORDINALITY AS i(profile_id, customer_id, ordinal)
    ORDER BY profile_id, ordinal DESC
    ON CONFLICT (tenant_id, profile_id) DO UPDATE SET customer_id = excluded.customer_id
    WHERE memberships.customer_id <> excluded.customer_id)sql";

constexpr auto insert_customers = R"sql(
    INSERT INTO customers (tenant_id, customer_id, founded_at)
    SELECT $1::uuid, customer_id, $3::timestamptz FROM unnest($2::uuid[]) AS i(customer_id)
    ORDER BY customer_id
    ON CONFLICT DO NOTHING)sql";

constexpr auto lock_customer_rows = R"sql(
    SELECT 1
    FROM (SELECT DISTINCT unnest($2::uuid[]) AS id ORDER BY id) AS k
    CROSS JOIN LATERAL (SELECT 1 FROM customers
                        WHERE tenant_id = $1 AND customer_id = k.id FOR UPDATE) AS c)sql";

// Key by key, as entities are read.
constexpr auto select_customers = R"sql(
    SELECT c.*
    FROM (SELECT DISTINCT unnest($2::uuid[]) AS id) AS k
    CROSS JOIN LATERAL (SELECT customer_id, founded_at, redirect_to FROM customers
                        WHERE tenant_id = $1 AND customer_id = k.id OFFSET 0) AS c)sql";

constexpr auto update_redirects = R"sql(
    UPDATE customers c SET redirect_to = i.redirect_to
    FROM unnest($2::uuid[], $3::uuid[]) AS i(customer_id, redirect_to)
    WHERE c.tenant_id = $1 AND c.customer_id = i.customer_id AND c.redirect_to IS DISTINCT FROM i.redirect_to)sql";

constexpr auto insert_redirects = R"sql(
    INSERT INTO redirects (tenant_id, customer_id, valid_from, redirect_to)
    SELECT $1::uuid, customer_id, $2::bigint, redirect_to
    FROM unnest($3::uuid[], $4::uuid[]) AS i(customer_id, redirect_to))sql";

template <class Range>
ArrayText kinds_of(const Range& members) {
    return array_of(members, [](const IdentifierMember& member) { return domain::name_of(member.key.kind); });
}

template <class Range>
ArrayText hashes_of(const Range& members) {
    return array_of(members,
                    [](const IdentifierMember& member) { return std::string_view(member.key.hash); });
}

ArrayText kinds_of(std::span<const IdentifierKey> keys) {
    return array_of(keys, [](const IdentifierKey& key) { return domain::name_of(key.kind); });
}

IdentifierMember member_of(const Row& row) {
    return {{domain::value_named<IdentifierKind>(row.view(0)), row.text(1)}, row.uuid(2)};
}

Link link_of(const Row& row) {
    return {row.uuid(0),     row.uuid(1),     domain::value_named<LinkState>(row.view(2)),
            row.text(3),     row.text(4),     row.boolean(5),
            row.opt_text(6), row.opt_text(7), row.opt_time(8)};
}

std::vector<Membership> memberships_by(Transaction& tx, const char* sql, std::span<const Uuid> ids) {
    if (ids.empty()) return {};
    return collect(tx.exec(sql, tx.tenant(), array_of(ids)),
                   [](const Row& row) { return Membership{row.uuid(0), row.uuid(1)}; });
}

}  // namespace

void lock_identifiers(Transaction& tx, std::span<const IdentifierKey> keys) {
    if (keys.empty()) return;
    const ArrayText kinds = kinds_of(keys);
    const ArrayText hashes = array_of(keys, &IdentifierKey::hash);
    tx.exec(insert_identifiers, tx.tenant(), kinds, hashes);
    tx.exec(lock_identifier_rows, tx.tenant(), kinds, hashes);
}

std::vector<IdentifierMember> read_identifier_members(Transaction& tx, std::span<const IdentifierKey> keys) {
    if (keys.empty()) return {};
    return collect(tx.exec(select_members, tx.tenant(), kinds_of(keys), array_of(keys, &IdentifierKey::hash)),
                   member_of);
}

std::vector<IdentifierMember> read_identifiers_of(Transaction& tx, std::span<const Uuid> profiles) {
    if (profiles.empty()) return {};
    return collect(tx.exec(select_identifiers_of, tx.tenant(), array_of(profiles)), member_of);
}

void add_identifiers(Transaction& tx, std::span<const IdentifierMember> members) {
    if (members.empty()) return;
    tx.exec(insert_members, tx.tenant(), kinds_of(members), hashes_of(members),
            array_of(members, &IdentifierMember::profile_id));
}

void drop_identifiers(Transaction& tx, std::span<const IdentifierMember> members) {
    if (members.empty()) return;
    tx.exec(delete_members, tx.tenant(), kinds_of(members), hashes_of(members),
            array_of(members, &IdentifierMember::profile_id));
}

std::vector<Link> read_links_of(Transaction& tx, std::span<const Uuid> profiles) {
    if (profiles.empty()) return {};
    return collect(tx.exec(select_links, tx.tenant(), array_of(profiles)), link_of);
}

std::optional<Link> read_link_named(Transaction& tx, const Uuid& id) {
    const auto rows = tx.exec(select_link_named, tx.tenant(), id);
    return rows.empty() ? std::nullopt : std::optional(link_of(Row(rows[0])));
}

void write_links(Transaction& tx, std::span<const Link> links) {
    if (links.empty()) return;
    tx.exec(
        upsert_links, tx.tenant(), array_of(links, &Link::low), array_of(links, &Link::high),
        array_of(links, [](const Link& link) { return domain::name_of(link.state); }),
        array_of(links, &Link::rule), array_of(links, &Link::evidence), array_of(links, &Link::by_operator),
        array_of(links, &Link::decided_by), array_of(links, &Link::reason),
        array_of(
            links,
            [&tx](const Link& link) { return domain::identity_link_id(tx.tenant(), link.low, link.high); }),
        tx.now());
}

std::vector<Membership> read_memberships_of_profiles(Transaction& tx, std::span<const Uuid> profiles) {
    return memberships_by(tx, select_memberships_of_profiles, profiles);
}

std::vector<Membership> read_memberships_of_customers(Transaction& tx, std::span<const Uuid> customers) {
    return memberships_by(tx, select_memberships_of_customers, customers);
}

void write_memberships(Transaction& tx, std::span<const Membership> memberships) {
    if (memberships.empty()) return;
    tx.exec(upsert_memberships, tx.tenant(), array_of(memberships, &Membership::profile_id),
            array_of(memberships, &Membership::customer_id));
}

std::vector<CustomerState> lock_customers(Transaction& tx, std::span<const Uuid> ids) {
    if (ids.empty()) return {};
    const ArrayText customers = array_of(ids);
    tx.exec(insert_customers, tx.tenant(), customers, tx.now());
    tx.exec(lock_customer_rows, tx.tenant(), customers);
    return collect(tx.exec(select_customers, tx.tenant(), customers),
                   [](const Row& row) { return CustomerState{row.uuid(0), row.time(1), row.opt_uuid(2)}; });
}

void write_redirects(Transaction& tx, std::span<const CustomerState> customers) {
    if (customers.empty()) return;
    tx.exec(update_redirects, tx.tenant(), array_of(customers, &CustomerState::id),
            array_of(customers, &CustomerState::redirect_to));
}

void keep_redirects(Transaction& tx, std::int64_t commit, std::span<const CustomerState> customers) {
    if (customers.empty()) return;
    tx.exec(insert_redirects, tx.tenant(), commit, array_of(customers, &CustomerState::id),
            array_of(customers, &CustomerState::redirect_to));
}

}  // namespace tributary::postgres
