#include "adapters/postgres/entities.hpp"

namespace tributary::postgres {

using domain::EntityKind;
using domain::Uuid;
using domain::ports::AccessRow;
using domain::ports::Contribution;
using domain::ports::EntityAnchor;
using domain::ports::EntitySource;
using domain::ports::EntityState;
using domain::ports::EntityWrite;
using domain::ports::NewEntity;

namespace {

// In id order, as every lock: two transactions that make the same missing rows must not wait for each other.
constexpr auto insert_missing = R"sql(
    INSERT INTO entities (tenant_id, entity_id, kind, provider, environment, provider_id)
    SELECT $1::uuid, entity_id, kind, provider, environment, provider_id
    FROM unnest($2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[])
        AS i(entity_id, kind, provider, environment, provider_id)
    ORDER BY entity_id
    ON CONFLICT DO NOTHING)sql";

// The same of rows that are whole at once; the text null stands for none.
constexpr auto insert_whole = R"sql(
    INSERT INTO entities (tenant_id, entity_id, kind, provider, environment, provider_id, normalized, parent_id)
    SELECT $1::uuid, entity_id, kind, provider, environment, provider_id, normalized, parent_id
    FROM (SELECT unnest($2::uuid[]) AS entity_id, unnest($3::text[]) AS kind, unnest($4::text[]) AS provider,
                 unnest($5::text[]) AS environment, unnest($6::text[]) AS provider_id,
                 unnest(string_to_array($7, E'\x1f', 'null')) AS normalized, unnest($8::uuid[]) AS parent_id) AS i
    ORDER BY entity_id
    ON CONFLICT DO NOTHING
    RETURNING entity_id)sql";

constexpr auto lock_rows = R"sql(
    SELECT 1
    FROM (SELECT DISTINCT unnest($2::uuid[]) AS id ORDER BY id) AS k
    CROSS JOIN LATERAL (SELECT 1 FROM entities
                        WHERE tenant_id = $1 AND entity_id = k.id FOR UPDATE) AS e)sql";

// Key by key: while a first sync fills the tables nobody has counted them, and for a list of keys the planner
// would then read all that the tenant has. OFFSET 0 keeps the look-ups apart.
constexpr auto select_entities = R"sql(
    SELECT e.*
    FROM (SELECT DISTINCT unnest($2::uuid[]) AS id) AS k
    CROSS JOIN LATERAL (SELECT entity_id, kind, provider, environment, provider_id, normalized, parent_id
                        FROM entities
                        WHERE tenant_id = $1 AND entity_id = k.id OFFSET 0) AS e)sql";

constexpr auto select_children = R"sql(
    SELECT e.*
    FROM (SELECT DISTINCT unnest($2::uuid[]) AS id) AS k
    CROSS JOIN LATERAL (SELECT entity_id, kind, provider, environment, provider_id, normalized, parent_id
                        FROM entities
                        WHERE tenant_id = $1 AND parent_id = k.id AND normalized IS NOT NULL OFFSET 0) AS e)sql";

constexpr auto select_contributions = R"sql(
    SELECT r.*
    FROM (SELECT DISTINCT unnest($2::uuid[]) AS id) AS k
    CROSS JOIN LATERAL (SELECT entity_id, connection_id, stream, provider_id, founds_entity, fullness, normalized,
                               source_updated_at, changed_at
                        FROM records
                        WHERE tenant_id = $1 AND entity_id = k.id AND removed_at IS NULL OFFSET 0) AS r)sql";

constexpr auto select_sources = R"sql(
    SELECT r.*
    FROM (SELECT DISTINCT unnest($2::uuid[]) AS id) AS k
    CROSS JOIN LATERAL (SELECT entity_id, connection_id, stream FROM records
                        WHERE tenant_id = $1 AND entity_id = k.id AND removed_at IS NULL OFFSET 0) AS r)sql";

constexpr auto update_entities = R"sql(
    UPDATE entities e SET normalized = i.normalized, parent_id = i.parent_id
    FROM unnest($2::uuid[], $3::text[], $4::uuid[]) AS i(entity_id, normalized, parent_id)
    WHERE e.tenant_id = $1 AND e.entity_id = i.entity_id
      AND (e.normalized IS DISTINCT FROM i.normalized OR e.parent_id IS DISTINCT FROM i.parent_id))sql";

constexpr auto select_access_of_profiles = R"sql(
    SELECT a.*
    FROM (SELECT DISTINCT unnest($2::uuid[]) AS id) AS k
    CROSS JOIN LATERAL (SELECT profile_id, target_kind, target_id, granted, fullness, connection_id, stream
                        FROM access
                        WHERE tenant_id = $1 AND profile_id = k.id OFFSET 0) AS a)sql";

constexpr auto select_access_of_targets = R"sql(
    SELECT a.*
    FROM (SELECT DISTINCT unnest($2::uuid[]) AS id) AS k
    CROSS JOIN LATERAL (SELECT profile_id, target_kind, target_id, granted, fullness, connection_id, stream
                        FROM access
                        WHERE tenant_id = $1 AND target_id = k.id OFFSET 0) AS a)sql";

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

std::vector<Uuid> create_entities(Transaction& tx, std::span<const NewEntity> entities) {
    if (entities.empty()) return {};
    ArrayText ids, kinds, providers, environments, provider_ids;
    for (const NewEntity& entity : entities) {
        ids.add(entity.anchor.id);
        kinds.add(name_of(entity.anchor.kind));
        providers.add(entity.anchor.provider);
        environments.add(name_of(entity.anchor.environment));
        provider_ids.add(entity.anchor.provider_id);
    }
    const auto texts = json_texts_of(entities, [](const NewEntity& entity) {
        return entity.normalized ? std::string_view(*entity.normalized) : "null";
    });
    return collect(tx.exec(insert_whole, tx.tenant(), ids, kinds, providers, environments, provider_ids,
                           texts, array_of(entities, &NewEntity::parent)),
                   [](const Row& row) { return row.uuid(0); });
}

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

std::vector<EntitySource> read_sources(Transaction& tx, std::span<const Uuid> ids) {
    if (ids.empty()) return {};
    return collect(tx.exec(select_sources, tx.tenant(), array_of(ids)),
                   [](const Row& row) { return EntitySource{row.uuid(0), row.uuid(1), row.text(2)}; });
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
