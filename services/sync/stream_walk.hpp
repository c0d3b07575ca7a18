// Walks one stream of a connection: asks for pages, commits each, and removes what a complete walk did not
// see.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <unordered_set>

#include "domain/page_fate.hpp"
#include "domain/ports/provider.hpp"
#include "domain/walk.hpp"
#include "services/sync/progress.hpp"
#include "services/sync/stream_report.hpp"
#include "services/sync/tools.hpp"
#include "services/view/page_commit.hpp"

namespace tributary::sync {

/// Which stream to walk, and from where.
struct StreamTask {
    view::CommitScope scope;
    domain::ports::StreamFacts facts;
    domain::SelfIds known_self;
    /// Reports of the run's streams that are done: they are kept with the progress of this one. Never null.
    std::shared_ptr<const json::Array> finished;
    /// Where another owner was cut short.
    std::optional<Interrupted> interrupted;
};

class StreamWalk {
  public:
    /// Tools and session are borrowed and outlive the walk. `keep_going` is asked between pages; false ends
    /// the walk with Errc::cancelled, as does a sleep on the tools' clock that ends so.
    StreamWalk(const SyncTools& tools, domain::ports::ProviderSession& session, StreamTask task,
               std::function<bool()> keep_going);

    /// The stream's own failures are in the report; an Error ends the whole run: the lease is lost, the
    /// credentials are refused, the database is away, or we are stopping.
    domain::ports::Task<domain::Result<StreamReport>> run();
    /// What was done until run() ended in this error. Call at most once, then.
    StreamReport report_of_failure(domain::Error error);

  private:
    domain::ports::Task<domain::Result<domain::Page>> fetch();
    /// Ends the walk at a page that is not to be trusted: what is stored stays, its objects without a key are
    /// kept for a look.
    domain::ports::Task<domain::Result<StreamReport>> end_at(domain::Page page, domain::PageFate fate);
    /// The report of a walk that is over.
    StreamReport ended();
    domain::ports::Task<domain::Result<void>> commit(domain::Page page);

    const SyncTools& tools_;
    domain::ports::ProviderSession& session_;
    StreamTask task_;
    std::function<bool()> keep_going_;
    domain::Walk walk_;
    /// Hashes of the contents that came without a key; at most as many as are kept.
    std::unordered_set<std::string> unusable_;
    StreamReport report_;
};

}  // namespace tributary::sync
