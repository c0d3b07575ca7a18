// Our ids are names, not numbers drawn: version 5 UUIDs of what they stand for. Re-linking a connection,
// replaying raw data or restoring a dump gives the same ids again.
#pragma once

#include <string_view>

#include "domain/kinds.hpp"
#include "domain/observation.hpp"
#include "domain/uuid.hpp"

namespace tributary::domain {

/// Where a provider's ids are unique: certification reuses production's numbers, so the environment is part
/// of it.
struct ProviderSpace {
    Uuid tenant;
    std::string provider;
    ProviderEnvironment environment = ProviderEnvironment::production;
};

Uuid entity_id(const ProviderSpace& space, EntityKind kind, std::string_view provider_id);

inline Uuid entity_id(const ProviderSpace& space, const EntityRef& ref) {
    return entity_id(space, ref.kind, ref.provider_id);
}

/// The customer that consists of this profile alone; a merged customer carries the id of its founder.
Uuid singleton_customer_id(const Uuid& tenant, const Uuid& profile);

/// The link of two profiles, whatever is decided about it; `low` < `high`. PostgreSQL computes the same one
/// (column links.link_id), which knows SHA-256 and not the SHA-1 of version 5: so it is a version 8.
Uuid identity_link_id(const Uuid& tenant, const Uuid& low, const Uuid& high);

}  // namespace tributary::domain
