// What an operator decides about two profiles, in one transaction: the fact, who stands in which customer
// then, and every document that differs for it.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "domain/clusters.hpp"
#include "services/view/reconcile.hpp"

namespace tributary::view {

struct LinkOrder {
    /// A link that is known, by its id; or two profiles.
    std::variant<domain::Uuid, std::pair<domain::Uuid, domain::Uuid>> about;
    domain::LinkVerb verb = domain::LinkVerb::link;
    /// Who decides.
    std::string by;
    std::optional<std::string> reason = std::nullopt;
    /// Names this act in the commit that it makes.
    domain::Uuid act = {};
};

struct DecidedLink {
    domain::Uuid id;
    /// As of domain::DecidedClusters, and the link with its time.
    domain::ports::Link link;
    bool joined = false;
    std::vector<domain::ports::Link> chain;
    std::vector<domain::Contradiction> contradictions;
    /// The customers in which the two stand now, with their present profiles.
    std::map<domain::Uuid, std::vector<domain::Uuid>> customers;
};

/// Deciding what holds already changes nothing. Errc::not_found where the link is not known, or one of the
/// profiles is not present; Errc::conflict where the decision cannot stand (domain::decide_clusters()).
/// Locks in the order of reconcile(), and commits with the cause "operator".
domain::Result<DecidedLink> decide_link(domain::ports::PageTransaction& transaction,
                                        const domain::Uuid& tenant, const LinkOrder& order,
                                        const ViewRules& rules);

}  // namespace tributary::view
