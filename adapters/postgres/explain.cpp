#include "adapters/postgres/explain.hpp"

#include <algorithm>

#include "adapters/postgres/entities.hpp"
#include "adapters/postgres/identity.hpp"
#include "adapters/postgres/reads.hpp"

namespace tributary::postgres {

using namespace domain::ports;
using domain::Result;
using domain::Uuid;

namespace {

constexpr auto select_explained_records = R"sql(
    SELECT r.entity_id, r.connection_id, r.stream, r.provider_id, r.founds_entity, r.fullness, r.normalized,
           r.source_updated_at, r.changed_at, r.cause, r.run_id, p.raw
    FROM records r
    JOIN raw_payloads p ON p.tenant_id = r.tenant_id AND p.connection_id = r.connection_id AND p.raw_hash = r.raw_hash
    WHERE r.tenant_id = $1 AND r.entity_id = ANY($2::uuid[]) AND r.removed_at IS NULL)sql";

ExplainedRecord record_of(const Row& row) {
    return {{row.uuid(0), row.uuid(1), row.text(2), row.text(3), row.boolean(4),
             static_cast<int>(row.number(5)), row.text(6), row.opt_time(7), row.time(8)},
            row.opt_text(9),
            row.opt_uuid(10),
            row.text(11)};
}

}  // namespace

ExplainRead read_explained(Transaction& tx, const Uuid& customer) {
    ExplainRead read;
    read.customer = read_document(tx, {tx.tenant()}, {domain::EntityKind::customer, customer, {}});
    if (!read.customer.document || read.customer.document->removed) {
        return read;
    }
    std::vector<Uuid> members;
    for (const Membership& membership : read_memberships_of_customers(tx, std::span(&customer, 1))) {
        members.push_back(membership.profile_id);
    }
    read.profiles = read_entities(tx, members);
    std::erase_if(read.profiles, [](const EntityState& profile) { return !profile.normalized; });
    std::ranges::sort(read.profiles, {}, [](const EntityState& profile) { return profile.anchor.id; });
    std::vector<Uuid> ids;
    for (const EntityState& profile : read.profiles) {
        ids.push_back(profile.anchor.id);
    }
    read.records = collect(tx.exec(select_explained_records, tx.tenant(), array_of(ids)), record_of);
    read.links = read_links_of(tx, ids);
    std::erase_if(read.links, [&ids](const Link& link) {
        return !std::ranges::binary_search(ids, link.low) || !std::ranges::binary_search(ids, link.high);
    });
    return read;
}

Task<Result<ExplainRead>> ExplainTables::explain(Uuid tenant, Uuid customer) {
    return pool_.run({.tenant = tenant, .snapshot = true},
                     [customer](Transaction& tx) { return read_explained(tx, customer); });
}

}  // namespace tributary::postgres
