#include "domain/ids.hpp"

#include <algorithm>
#include <string>

#include "domain/content_hash.hpp"

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

Uuid identity_link_id(const Uuid& tenant, const Uuid& low, const Uuid& high) {
    std::string name = "identity_link";
    for (const Uuid& part : {tenant, low, high}) {
        name.append(part.bytes.begin(), part.bytes.end());
    }
    std::string hex = content_hash(name).substr(0, 32);
    hex[12] = '8';  // the version
    hex[16] = '8';  // the variant
    for (const std::size_t dash : {8U, 13U, 18U, 23U}) {
        hex.insert(dash, 1, '-');
    }
    return *parse_uuid(hex);
}

}  // namespace tributary::domain
