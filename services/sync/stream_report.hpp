// What a run did with one stream, in figures and reasons: the base of the run's report and of the stream's
// freshness.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "domain/drift.hpp"
#include "domain/error.hpp"
#include "domain/json/value.hpp"
#include "domain/observation.hpp"
#include "domain/time.hpp"
#include "services/view/page_commit.hpp"

namespace tributary::sync {

struct StreamReport {
    std::string stream;
    /// complete, partial, unproven, denied, paused.
    std::string verdict;
    std::string reason;
    std::uint64_t requests = 0;
    /// Of every page that was read, those of walks that began again included; the items of the walk that gave
    /// the verdict are the evidence's count. `items_read` in the report.
    std::uint64_t items = 0;
    std::uint64_t created = 0;
    std::uint64_t changed = 0;
    std::uint64_t unchanged = 0;
    std::uint64_t stale = 0;
    std::uint64_t removed = 0;
    /// Missing objects that were not removed: more than one run may remove, so that they wait for an
    /// operator.
    std::uint64_t held_removals = 0;
    /// The same: unconfirmed, or left for the next run.
    std::uint64_t left_removals = 0;
    /// The same: an operator rejected their removal.
    std::uint64_t kept_removals = 0;
    std::uint64_t quarantined = 0;
    json::Object evidence;
    domain::DriftCounts drift;
    /// An earlier run paused the stream and nobody resumed it: it was not asked for.
    bool skipped = false;
    /// The run whose proposal has the held removals.
    std::optional<domain::Uuid> proposal;
    std::optional<domain::Error> error;
    /// When the first page of the walk was asked for. Its later pages and the walk's next owner keep it; a
    /// walk that did not reach its end has none.
    std::optional<domain::Timestamp> fetched_at;
    /// The same of a walk that proved itself complete.
    std::optional<domain::Timestamp> verified_complete_at;
    /// The newest change at the provider among all objects that the walk saw, unchanged ones too.
    std::optional<domain::Timestamp> changed_at;

    void add(const view::PageCounts& counts);
    /// Of the page fetched last: its newest update time, and what came of it. Where there is none, what is
    /// new in it changed, as far as anybody knows, when the walk began.
    void note_changes(std::optional<domain::Timestamp> newest, const view::PageCounts& counts);
    [[nodiscard]] json::Object to_json() const;
    /// What to_json() wrote; members that are missing or of another type are left as they are in a new
    /// report.
    static StreamReport from_json(const json::Value& tree);
};

/// The newest update time of the provider's in a page; those in the future are not believed.
std::optional<domain::Timestamp> newest_change(const domain::Page& page, domain::Timestamp now);

}  // namespace tributary::sync
