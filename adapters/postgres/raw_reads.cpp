#include "adapters/postgres/raw_reads.hpp"

#include "adapters/postgres/reads.hpp"

namespace tributary::postgres {

using domain::ports::DocumentRead;
using domain::ports::RawItem;
using domain::ports::RawRead;

namespace {

// Of an entity itself, or of the profiles of a customer: no id is both. What is left of a removed profile
// (its preferences, while their own stream was not walked again) makes no document.
constexpr auto select_raw = R"sql(
    SELECT r.connection_id, r.stream, e.provider, r.provider_id, r.changed_at, r.source_updated_at, p.raw
    FROM entities e
    JOIN records r ON r.tenant_id = e.tenant_id AND r.entity_id = e.entity_id AND r.removed_at IS NULL
    JOIN raw_payloads p ON p.tenant_id = r.tenant_id AND p.connection_id = r.connection_id AND p.raw_hash = r.raw_hash
    WHERE e.tenant_id = $1 AND e.normalized IS NOT NULL AND e.entity_id = ANY(ARRAY(
        SELECT m.profile_id FROM memberships m WHERE m.tenant_id = $1 AND m.customer_id = $2
        UNION ALL SELECT $2::uuid))
    ORDER BY r.connection_id, r.stream, r.provider_id)sql";

RawItem item_of(const Row& row) {
    return {{row.uuid(0), row.text(1)}, row.text(2), row.text(3), row.time(4), row.opt_time(5), row.text(6)};
}

}  // namespace

RawRead read_raw(Transaction& tx, const domain::ports::ReadAt& at, domain::EntityKind kind,
                 const domain::Uuid& id) {
    // Its body is of no use here.
    const DocumentRead read = read_document(tx, at, {kind, id, {{}, true}});
    RawRead raw{.moment = read.moment,
                .exists = read.document.has_value(),
                .redirect_to = read.redirect_to,
                .items = {}};
    if (read.document && !read.document->removed) {
        raw.items = collect(tx.exec(select_raw, tx.tenant(), id), item_of);
    }
    return raw;
}

}  // namespace tributary::postgres
