#include "services/view/record.hpp"

#include <algorithm>

#include "domain/content_hash.hpp"
#include "domain/json/write.hpp"
#include "services/view/entity_text.hpp"
#include "services/view/grant.hpp"

namespace tributary::view {

using domain::EntityKind;
using domain::Observation;
using domain::ports::AccessWrite;
using domain::ports::RecordWrite;

RecordWrite record_of(const Observation& observation, const domain::ProviderSpace& space, int fullness) {
    RecordWrite record;
    record.provider_id = observation.provider_id;
    record.entity_id = entity_id(space, observation.entity);
    record.founds_entity = observation.founds_entity;
    record.fullness = fullness;
    record.raw = json::write(observation.raw);
    record.normalized = normalized_text(observation.normalized);
    record.source_updated_at = observation.source_updated_at;
    std::string hashed = record.raw + '\x1e' + record.normalized;
    for (const domain::AccessGrant& grant : observation.access) {
        AccessWrite write{entity_id(space, EntityKind::profile, grant.profile), grant.target.kind,
                          entity_id(space, grant.target), grant_text(grant)};
        const auto same_pair = [&](const AccessWrite& other) {
            return other.profile_id == write.profile_id && other.target_id == write.target_id;
        };
        if (std::ranges::none_of(record.access, same_pair)) {
            hashed += '\x1e' + to_text(write.profile_id) + to_text(write.target_id) + write.grant;
            record.access.push_back(std::move(write));
        }
    }
    record.hash = domain::content_hash(hashed);
    return record;
}

}  // namespace tributary::view
