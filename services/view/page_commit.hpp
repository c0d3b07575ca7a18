// Commits what a provider said: one page, or the absence of objects, as one transaction. Unchanged objects
// are found by their hash and cost nothing.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "domain/observation.hpp"
#include "services/view/reconcile.hpp"

namespace tributary::view {

struct PageCounts {
    std::uint64_t unchanged = 0;
    std::uint64_t created = 0;
    std::uint64_t changed = 0;
    /// Older by the provider's clock than what is stored; not written.
    std::uint64_t stale = 0;
    std::uint64_t removed = 0;
    std::uint64_t quarantined = 0;
    Reconciled documents;
};

/// The stream that a page belongs to, and on whose behalf it is committed.
struct CommitScope {
    domain::ProviderSpace space;
    domain::ports::StreamRef stream;
    int fullness = 0;
    domain::ports::CommitCause cause;
    /// The page is of payloads that are stored already: none is older than what was made of it before.
    bool stored_payloads = false;
};

/// Whether what a page says of an object is older, by the provider's own clock, than what is stored of it.
bool is_outdated(const domain::ports::RecordState& stored, std::optional<domain::Timestamp> updated_at);

/// Records, entities, customers, documents and changes of one page.
domain::Result<PageCounts> commit_page(domain::ports::PageTransaction& transaction, const CommitScope& scope,
                                       const domain::Page& page, const ViewRules& rules);

/// Tombstones records of the stream. Only for keys that are known to be gone.
domain::Result<PageCounts> commit_removal(domain::ports::PageTransaction& transaction,
                                          const CommitScope& scope, std::span<const std::string> provider_ids,
                                          const ViewRules& rules);

}  // namespace tributary::view
