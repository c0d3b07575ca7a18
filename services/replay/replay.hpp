// Runs today's decoder over what a connection's provider said before. Asks the provider nothing.
#pragma once

#include <chrono>
#include <optional>

#include "domain/ports/clock.hpp"
#include "domain/ports/connection_store.hpp"
#include "domain/ports/page_store.hpp"
#include "domain/ports/provider.hpp"
#include "domain/ports/replay_store.hpp"
#include "domain/ports/sealer.hpp"
#include "domain/precedence.hpp"
#include "services/replay/replay_report.hpp"

namespace tributary::replay {

struct ReplayTools {
    domain::ports::PageStore& pages;
    domain::ports::ConnectionStore& connections;
    domain::ports::ReplayStore& replays;
    domain::ports::Sealer& sealer;
    domain::ports::Clock& clock;
    /// Whose word counts first in the customers that are built again.
    domain::Precedence precedence = {};
};

struct ReplayTask {
    domain::Uuid tenant;
    domain::ports::ConnectionView connection;
    /// The connection's. Never null; outlives the task.
    const domain::ports::Provider* provider = nullptr;
    /// Only payloads that came then or later.
    std::optional<domain::Timestamp> since;
};

/// Who holds the connection while it is replayed, and for how long without a sign of life.
struct ReplayHold {
    domain::Uuid owner;
    std::chrono::seconds lease{30};
};

/// What would change, over every version that is kept; for past versions that is what their field by field
/// form would be now. Writes nothing and takes no lease.
domain::ports::Task<domain::Result<ReplayReport>> preview(ReplayTools tools, ReplayTask task);

/// Commits what today's decoder makes of the present payloads where that differs, under the connection's
/// lease, a page a transaction, with the cause `replay`. Payloads, their times, freshness and health stay;
/// what is not decoded any more keeps its last form; nothing is removed. May be interrupted and started
/// again: what was committed does not differ any more. Errc::unavailable where a run holds the connection,
/// Errc::stale_owner where one took it over meanwhile.
domain::ports::Task<domain::Result<ReplayReport>> replay(ReplayTools tools, ReplayTask task, ReplayHold hold);

}  // namespace tributary::replay
