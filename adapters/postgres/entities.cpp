#include "adapters/postgres/entities.hpp"

namespace tributary::postgres {

using domain::EntityKind;
using domain::Uuid;
using domain::ports::AccessRow;
using domain::ports::Contribution;
using domain::ports::EntityAnchor;
using domain::ports::EntityState;
using domain::ports::EntityWrite;

namespace {

// In id order, as every lock: two transactions that make the same missing rows must not wait for each other.
constexpr auto insert_missing = R"sql(
    INSERT INTO entities (tenant_id, entity_id, kind, provider, environment, provider_id)
    SELECT $1::uuid, entity_id, kind, provider, environment, provider_id
    FROM unnest($2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[])
        AS i(entity_id, kind, provider, environment, provider_id)
    ORDER BY entity_id
    ON CONFLICT DO NOTHING)sql";

constexpr auto lock_rows = R"sql(
    SELECT entity_id FROM entities
    WHERE tenant_id = $1 AND entity_id = ANY($2::uuid[])
    ORDER BY entity_id
    FOR UPDATE)sql";

constexpr auto select_entities = R"sql(
    SELECT entity_id, kind, provider, environment, provider_id, normalized, parent_id
    FROM entities
    WHERE tenant_id = $1 AND entity_id = ANY($2::uuid[]))sql";

constexpr auto select_children = R"sql(
    SELECT entity_id, kind, provider, environment, provider_id, normalized, parent_id
    FROM entities
    WHERE tenant_id = $1 AND parent_id = ANY($2::uuid[]) AND normalized IS NOT NULL)sql";

constexpr auto select_contributions = R"sql(
    SELECT entity_id, connection_id, stream, provider_id, founds_entity, fullness, normalized, source_updated_at,
           changed_at
    FROM records
    WHERE tenant_id = $1 AND entity_id = ANY($2::uuid[]) AND removed_at IS NULL)sql";

constexpr auto update_entities = R"sql(
    UPDATE entities e SET normalized = i.normalized, parent_id = i.parent_id
    FROM unnest($2::uuid[], $3::text[], $4::uuid[]) AS i(entity_id, normalized, parent_id)
    WHERE e.tenant_id = $1 AND e.entity_id = i.entity_id
      AND (e.normalized IS DISTINCT FROM i.normalized OR e.parent_id IS DISTINCT FROM i.parent_id))sql";

constexpr auto select_access_of_profiles = R"sql(
    SELECT profile_id, target_kind, target_id, granted, fullness, connection_id, stream
    FROM access
    WHERE tenant_id = $1 AND profile_id = ANY($2::uuid[]))sql";

constexpr auto select_access_of_targets = R"sql(
    SELECT profile_id, target_kind, target_id, granted, fullness, connection_id, stream
    FROM access
    WHERE tenant_id = $1 AND target_id = ANY($2::uuid[]))sql";

EntityState entity_of(const Row& row) {
    return {{row.uuid(0), domain::value_named<EntityKind>(row.view(1)), row.text(2),
             domain::value_named<domain::ProviderEnvironment>(row.view(3)), row.text(4)},
            row.opt_text(5),
            row.opt_uuid(6)};
}

std::vector<EntityState> entities_by(Transaction& tx, const char* sql, const ArrayText& ids) {
    return collect(tx.exec(sql, tx.tenant(), ids), entity_of);
}

std::vector<AccessRow> access_by(Transaction& tx, const char* sql, std::span<const Uuid> ids) {
    if (ids.empty()) return {};
    return collect(tx.exec(sql, tx.tenant(), array_of(ids)), [](const Row& row) {
        return AccessRow{row.uuid(0),
                         domain::value_named<EntityKind>(row.view(1)),
                         row.uuid(2),
                         row.text(3),
                         static_cast<int>(row.number(4)),
                         row.uuid(5),
                         row.text(6)};
    });
}

}  // namespace

std::vector<EntityState> lock_entities(Transaction& tx, std::span<const EntityAnchor> anchors) {
    if (anchors.empty()) return {};
    const ArrayText ids = array_of(anchors, &EntityAnchor::id);
    tx.exec(insert_missing, tx.tenant(), ids,
            array_of(anchors, [](const EntityAnchor& anchor) { return name_of(anchor.kind); }),
            array_of(anchors, &EntityAnchor::provider),
            array_of(anchors, [](const EntityAnchor& anchor) { return name_of(anchor.environment); }),
            array_of(anchors, &EntityAnchor::provider_id));
    tx.exec(lock_rows, tx.tenant(), ids);
    return entities_by(tx, select_entities, ids);
}

std::vector<EntityState> lock_existing_entities(Transaction& tx, std::span<const Uuid> ids) {
    if (ids.empty()) return {};
    tx.exec(lock_rows, tx.tenant(), array_of(ids));
    return entities_by(tx, select_entities, array_of(ids));
}

std::vector<EntityState> read_entities(Transaction& tx, std::span<const Uuid> ids) {
    if (ids.empty()) return {};
    return entities_by(tx, select_entities, array_of(ids));
}

std::vector<EntityState> read_children(Transaction& tx, std::span<const Uuid> parents) {
    if (parents.empty()) return {};
    return entities_by(tx, select_children, array_of(parents));
}

std::vector<Contribution> read_contributions(Transaction& tx, std::span<const Uuid> ids) {
    if (ids.empty()) return {};
    return collect(tx.exec(select_contributions, tx.tenant(), array_of(ids)), [](const Row& row) {
        return Contribution{row.uuid(0), row.uuid(1),     row.text(2),
                            row.text(3), row.boolean(4),  static_cast<int>(row.number(5)),
                            row.text(6), row.opt_time(7), row.time(8)};
    });
}

void write_entities(Transaction& tx, std::span<const EntityWrite> entities) {
    if (entities.empty()) return;
    tx.exec(update_entities, tx.tenant(), array_of(entities, &EntityWrite::id),
            array_of(entities, &EntityWrite::normalized), array_of(entities, &EntityWrite::parent));
}

std::vector<AccessRow> read_access_of_profiles(Transaction& tx, std::span<const Uuid> profiles) {
    return access_by(tx, select_access_of_profiles, profiles);
}

std::vector<AccessRow> read_access_of_targets(Transaction& tx, std::span<const Uuid> targets) {
    return access_by(tx, select_access_of_targets, targets);
}

}  // namespace tributary::postgres
