// The last part of a reconciliation: builds the documents that may differ now and keeps those that do.
#pragma once

#include <map>
#include <set>
#include <vector>

#include "domain/ports/page_store.hpp"
#include "services/view/identity_step.hpp"
#include "services/view/reconcile.hpp"

namespace tributary::view {

/// What the documents are built of. All rows concerned are locked.
struct DocumentInput {
    const std::set<domain::Uuid>& customers;
    /// Accounts, sub-accounts and groups as they are after this transaction.
    const std::map<domain::Uuid, domain::ports::EntityState>& targets;
    /// The streams that say something of each.
    const std::map<domain::Uuid, std::set<domain::ports::StreamRef>>& target_sources;
    /// Entities that this transaction made: they have no document yet, and no children but among `targets`.
    const std::set<domain::Uuid>& created;
    /// By target: all the access that there is to those that were made.
    const std::map<domain::Uuid, std::vector<domain::ports::AccessRow>>& granted;
    /// Facts that this transaction made or changed.
    const std::vector<LinkFact>& links;
    const domain::Precedence& precedence;
};

struct ProposedDocuments {
    std::vector<domain::ports::DocumentWrite> writes;
    Reconciled counts;
};

domain::Result<ProposedDocuments> propose_documents(domain::ports::PageTransaction& transaction,
                                                    const domain::Uuid& tenant, const DocumentInput& input);

}  // namespace tributary::view
