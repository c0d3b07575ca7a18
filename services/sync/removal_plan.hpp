// What to make of objects that a complete walk did not see, given what operators decided before. Pure.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "domain/ports/page_store.hpp"

namespace tributary::sync {

struct RemovalPlan {
    /// Approved and still missing: they go, however many.
    std::vector<std::string> approved;
    /// Nobody decided about these.
    std::vector<std::string> undecided;
    /// Missing, and to be kept: an operator said so.
    std::size_t kept = 0;
    /// Decisions on objects that are not missing any more: to be forgotten.
    std::vector<std::string> settled;
};

/// A key on which both were decided stays.
RemovalPlan plan_removal(std::vector<std::string> unseen, const domain::ports::RemovalDecisions& decisions);

}  // namespace tributary::sync
