#include "domain/ids.hpp"

#include <string>

namespace tributary::domain {

Uuid entity_id(const ProviderSpace& space, EntityKind kind, std::string_view provider_id) {
    std::string name = space.provider;
    for (const std::string_view part : {name_of(space.environment), name_of(kind), provider_id}) {
        name += '\x1f';
        name += part;
    }
    return named_uuid(space.tenant, name);
}

Uuid singleton_customer_id(const Uuid& tenant, const Uuid& profile) {
    return named_uuid(tenant, "customer\x1f" + to_text(profile));
}

}  // namespace tributary::domain
