// Builds the finished documents of the merged view from composed entities. Pure: same input, same bytes.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "domain/ports/page_store.hpp"
#include "domain/precedence.hpp"
#include "domain/profile.hpp"
#include "domain/uuid.hpp"

namespace tributary::view {

/// A profile as it stands in its customer.
struct MemberProfile {
    domain::ports::EntityAnchor anchor;
    domain::Profile profile;
    /// Connections with a live record of it, sorted.
    std::vector<domain::Uuid> connection_ids;
};

/// What a document says, without its stamp.
struct Content {
    /// JSON object text.
    std::string text;
    /// Providers, statuses and types that lists choose it by (domain/facet.hpp).
    std::set<std::string> facets;
};

/// A customer of one or more present profiles, its fields merged as merge.hpp says.
Content customer_content(const domain::Uuid& id, std::vector<MemberProfile> members,
                         std::span<const domain::ports::AccessRow> access,
                         const domain::Precedence& precedence = {});

/// What an account, sub-account or group needs besides itself.
struct TargetContext {
    domain::Uuid tenant;
    /// Rows that grant access to this target.
    std::vector<domain::ports::AccessRow> access;
    /// Customers of profiles that are present, those in `access` among them; outlives this.
    const std::map<domain::Uuid, domain::Uuid>& customer_of;
    /// Accounts of a group, sorted.
    std::vector<domain::Uuid> children;
};

/// Only of an entity that is present.
Content target_content(const domain::ports::EntityState& entity, const TargetContext& context);

/// A fact about two profiles, by its id.
Content link_content(const domain::Uuid& id, const domain::ports::Link& link);

}  // namespace tributary::view
