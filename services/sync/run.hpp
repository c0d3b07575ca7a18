// One sync of one connection: opens the session, walks its streams in order, and says how it went.
#pragma once

#include <functional>
#include <memory>

#include "domain/ports/connection_store.hpp"
#include "services/sync/tools.hpp"

namespace tributary::sync {

struct RunResult {
    domain::ports::RunOutcome outcome;
    /// The connection's records are withdrawn: forget the connection instead of finishing the run.
    bool forgotten = false;
};

/// A session and what it sends through, which must outlive it.
struct OpenSession {
    std::unique_ptr<domain::ports::HttpTransport> guarded;
    std::unique_ptr<domain::ports::SharedTokens> tokens;
    std::unique_ptr<domain::ports::ProviderSession> session;
};

/// A session with the claimed connection's provider, guarded by its budgets. Errc::configuration where this
/// program cannot open one. The tools outlive it.
domain::Result<OpenSession> open_session(const SyncTools& tools, const domain::ports::ClaimedRun& claimed);

/// The same tools on another clock, which outlives them.
SyncTools with_clock(const SyncTools& tools, domain::ports::Clock& clock);
/// The same tools, but other ones for the provider's sessions.
SyncTools with_provider_tools(const SyncTools& tools, domain::ports::ProviderTools own);

/// Performs a claimed run. Returns what finish_run() should write; an Error means that nothing should be
/// written: the lease went to another owner (Errc::stale_owner) or we are stopping (Errc::cancelled). A
/// connection being removed has its records withdrawn instead; its outcome is `forgotten`.
domain::ports::Task<domain::Result<RunResult>> perform_run(const SyncTools& tools,
                                                           domain::ports::ClaimedRun claimed,
                                                           std::function<bool()> keep_going);

}  // namespace tributary::sync
