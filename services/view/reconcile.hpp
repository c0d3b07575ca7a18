// The one place where stored records turn into entities, customers and documents. Whatever changed records (a
// page, a removal, a withdrawn connection) ends here, inside the same transaction.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "domain/clusters.hpp"
#include "domain/ids.hpp"
#include "domain/ports/page_store.hpp"
#include "domain/precedence.hpp"

namespace tributary::view {

/// Keyed hash of a normalized identifier, as the identity index stores it: 64 hex digits.
using IdentifierHash = std::function<std::string(domain::ports::IdentifierKind, std::string_view)>;

/// What the view is built by.
struct ViewRules {
    /// Not explicit: where nothing is configured the hash is all there is to say.
    ViewRules(IdentifierHash identifier_hash, domain::Precedence merge_precedence = {})
        : hash(std::move(identifier_hash)), precedence(std::move(merge_precedence)) {}

    IdentifierHash hash;
    domain::Precedence precedence;
};

/// What a transaction did to records.
struct Touched {
    /// Entities whose records changed, and targets that records refer to: rows are made for those that are
    /// missing.
    std::vector<domain::ports::EntityAnchor> anchors;
    /// Entities and both ends of access rows, as the store returned them.
    std::vector<domain::Uuid> ids;
    /// Of those, the entities whose own records changed and must be composed again.
    std::vector<domain::Uuid> recompose;
    /// Of entities with one written record, which is new: that record. Where the entity itself turns out to
    /// be new, it is all there is of it.
    std::map<domain::Uuid, domain::ports::Contribution> first_records;
    /// What the written records grant, by target. Where the target turns out to be new, nobody else does.
    std::map<domain::Uuid, std::vector<domain::ports::AccessRow>> granted;
};

struct Reconciled {
    std::uint64_t documents_created = 0;
    std::uint64_t documents_changed = 0;
    std::uint64_t documents_removed = 0;
};

/// Composes, decides identity, rebuilds the documents concerned and commits them under the feed head. Without
/// any document that differs it only checks the fence.
domain::Result<Reconciled> reconcile(domain::ports::PageTransaction& transaction, const domain::Uuid& tenant,
                                     const Touched& touched, const domain::ports::CommitCause& cause,
                                     const ViewRules& rules);

struct DecidedIdentity;

/// The same of what an operator decided about two profiles; their rows are locked (identity_step.hpp).
domain::Result<DecidedIdentity> reconcile_decision(domain::ports::PageTransaction& transaction,
                                                   const domain::Uuid& tenant,
                                                   const domain::LinkDecision& decision,
                                                   const domain::ports::CommitCause& cause,
                                                   const ViewRules& rules);

}  // namespace tributary::view
