// Which profiles stand together as one customer. A link is a fact about two profiles; a cluster is what the
// facts connect; the customer of a cluster is the singleton customer of the member founded first. Pure: given
// what is stored about the profiles concerned, says which facts and memberships should hold.
#pragma once

#include <map>
#include <set>
#include <utility>
#include <vector>

#include "domain/identity.hpp"
#include "domain/ports/page_store.hpp"
#include "domain/uuid.hpp"

namespace tributary::domain {

struct ClusterInput {
    Uuid tenant;
    /// Profiles whose facts are new or changed, present ones only.
    std::vector<Uuid> changed;
    /// Facts of every present profile concerned: the changed ones, their candidates, and everyone in a
    /// cluster with either.
    std::map<Uuid, IdentityFacts> facts;
    /// Every profile concerned and its present customer; profiles without one are missing.
    std::map<Uuid, Uuid> membership;
    /// Pairs that share an identifier; the first is a changed one.
    std::set<std::pair<Uuid, Uuid>> candidates;
    /// Stored facts about the profiles concerned.
    std::vector<ports::Link> links;
    /// Founding time of every profile's singleton customer; profiles without one are missing and count as
    /// newest.
    std::map<Uuid, Timestamp> founded;
};

struct ClusterPlan {
    /// Facts that are new or changed.
    std::vector<ports::Link> links;
    /// Memberships that are new or changed.
    std::vector<ports::Membership> memberships;
};

/// Errs on the side of apart: a pair that the rule links is only suggested where any two members of the
/// clusters it would join contradict each other or were rejected; a changed profile that now contradicts its
/// cluster leaves it, and so does one that agrees neither by name nor by contact with whom it was linked to,
/// unless an operator linked it.
ClusterPlan plan_clusters(const ClusterInput& input);

}  // namespace tributary::domain
