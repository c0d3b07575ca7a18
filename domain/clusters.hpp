// Which profiles stand together as one customer. A link is a fact about two profiles; a cluster is what the
// facts connect; the customer of a cluster is the singleton customer of the member founded first. Pure: given
// what is stored about the profiles concerned, says which facts and memberships should hold.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "domain/error.hpp"
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
/// unless an operator linked it. Who stands in the cluster by an operator's link alone is no reason to leave
/// it: the operator has vouched for them.
ClusterPlan plan_clusters(const ClusterInput& input);

enum class LinkVerb {
    link,    ///< the two are one person
    reject,  ///< they are not
    reopen,  ///< what was decided is forgotten, and the rules decide anew
};

/// What an operator decides about two profiles. It stands above every rule until it is reopened.
struct LinkDecision {
    /// `low` < `high`; both are present profiles.
    Uuid low;
    Uuid high;
    LinkVerb verb = LinkVerb::link;
    std::string by;
    std::optional<std::string> reason = std::nullopt;
};

/// Two profiles of one customer whose data say that they are two people.
struct Contradiction {
    Uuid low;
    Uuid high;
    /// Names of what differs: tax_number, birth_date, kind.
    std::vector<std::string> differs;
};

struct DecidedClusters {
    /// Nothing in it where everything is so already.
    ClusterPlan plan;
    /// What is stored of the two then.
    ports::Link link;
    /// Whether they are one customer then.
    bool joined = false;
    /// Where they are, without a link of their own: the shortest chain of links that holds them together.
    std::vector<ports::Link> chain;
    /// Of an operator's link: what speaks against it, among all whom it joins.
    std::vector<Contradiction> contradictions;
};

/// `input` is about the two: nobody changed, and the pair is a candidate where it shares an identifier, which
/// only reopening asks for. Errc::conflict where a link would join two members whom an operator rejected,
/// these two included: that must be reopened first. Contradictions of data do not forbid an operator.
Result<DecidedClusters> decide_clusters(const ClusterInput& input, const LinkDecision& decision);

}  // namespace tributary::domain
