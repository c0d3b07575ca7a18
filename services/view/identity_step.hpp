// The identity part of a reconciliation: keeps the index of identifiers, takes the locks that make joining
// safe, and writes the links and memberships that the rule asks for.
#pragma once

#include <map>
#include <set>
#include <vector>

#include "domain/clusters.hpp"
#include "domain/ports/page_store.hpp"
#include "services/view/reconcile.hpp"

namespace tributary::view {

/// A profile whose composed object differs now. Nothing: not present (before, or any more).
struct ChangedProfile {
    std::optional<std::string> before;
    std::optional<std::string> after;
};

/// A fact about two profiles as it is now.
struct LinkFact {
    domain::ports::Link link;
    /// Where the two profiles stand, or stood before.
    std::set<domain::Uuid> customers;
};

struct IdentityOutcome {
    /// Customers whose documents may differ now: of changed and touched profiles, before and after.
    std::set<domain::Uuid> customers;
    /// Profiles that stand in another customer than before.
    std::set<domain::Uuid> moved_profiles;
    /// Facts that are new or changed.
    std::vector<LinkFact> links;
};

/// `changed`: profiles composed in this transaction, their rows locked. `touched`: profiles whose access or
/// connections differ. Locks, in order, identifiers and customers. Errc::conflict where somebody moved a
/// profile between looking and locking: the transaction must run again.
domain::Result<IdentityOutcome> settle_identity(domain::ports::PageTransaction& transaction,
                                                const domain::Uuid& tenant,
                                                const std::map<domain::Uuid, ChangedProfile>& changed,
                                                const std::set<domain::Uuid>& touched,
                                                const IdentifierHash& hash);

/// The same of what an operator decided.
struct DecidedIdentity {
    IdentityOutcome outcome;
    domain::DecidedClusters decided;
    /// Present profiles of the customers in which the two stand then.
    std::map<domain::Uuid, std::vector<domain::Uuid>> profiles_of;
};

/// Both profiles are present and their rows locked. Locks like settle_identity(). Errc::conflict also where
/// the decision cannot stand, as of decide_clusters(): then running again changes nothing.
domain::Result<DecidedIdentity> settle_decision(domain::ports::PageTransaction& transaction,
                                                const domain::Uuid& tenant,
                                                const domain::LinkDecision& decision,
                                                const IdentifierHash& hash);

}  // namespace tributary::view
