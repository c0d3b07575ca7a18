// The feed: what changed, in commit order.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "domain/error.hpp"
#include "domain/kinds.hpp"
#include "domain/ports/moment.hpp"
#include "domain/ports/task.hpp"

namespace tributary::domain::ports {

/// One difference in one document.
struct StoredChange {
    Commit commit;
    /// Its place within the commit, from 1 on.
    std::int64_t ordinal = 0;
    Uuid document;
    EntityKind kind = EntityKind::other;
    /// created, changed, removed or restored.
    std::string operation;
    std::int64_t version = 0;
    /// "run", "webhook" and others (CommitCause), and what names it there.
    std::string cause;
    Uuid run_id;
    /// JSON text: the fields that differ (domain/change.hpp).
    std::string diff;
    /// What the document says in this version; only of one that came or went.
    std::optional<std::string> body;
    /// Of a customer that went because it was merged: into which one.
    std::optional<Uuid> merged_into;
};

struct ChangeQuery {
    /// Changes behind this place; absent: from the beginning, where that is still kept.
    std::optional<Position> after;
    /// Of these kinds; empty: of all.
    std::vector<EntityKind> kinds = {};
    /// That bear on this customer: on its document, or on what named it before or after the change.
    std::optional<Uuid> customer;
    std::size_t limit = 50;
};

struct ChangePage {
    std::vector<StoredChange> changes;
    /// Where to go on; it moves also where the filters leave nothing.
    Position next;
    /// There may be more behind `next` already.
    bool more = false;
    Commit newest;
};

class ChangeStore {
  public:
    virtual ~ChangeStore() = default;
    /// Errc::expired where `after` is older than what is kept, or of a past that a restore undid.
    virtual Task<Result<ChangePage>> changes(Uuid tenant, ChangeQuery query) = 0;
};

}  // namespace tributary::domain::ports
