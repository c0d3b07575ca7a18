// What a run leaves behind: its state and report, the connection's health, and when the next one is due.
// Pure.
#pragma once

#include <optional>
#include <vector>

#include "domain/ports/connection_store.hpp"
#include "services/sync/stream_report.hpp"

namespace tributary::sync {

/// `failure`: what ended the run before its streams were done. `roll` is uniform in [0, 1).
domain::ports::RunOutcome outcome_of(const domain::ports::ClaimedRun& claimed,
                                     const std::vector<StreamReport>& reports,
                                     const std::optional<domain::Error>& failure, double roll);
/// Of a run that ended by an exception: a bug of ours, which must not make it be claimed again at once.
domain::ports::RunOutcome outcome_of_bug(const domain::ports::ClaimedRun& claimed, double roll);

}  // namespace tributary::sync
