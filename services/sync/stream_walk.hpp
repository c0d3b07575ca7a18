// Walks one stream of a connection: asks for pages, commits each, and removes what a complete walk did not
// see.
#pragma once

#include <functional>
#include <vector>

#include "domain/ports/provider.hpp"
#include "domain/walk.hpp"
#include "services/sync/stream_report.hpp"
#include "services/sync/tools.hpp"
#include "services/view/page_commit.hpp"

namespace tributary::sync {

class StreamWalk {
  public:
    /// Everything is borrowed and outlives the walk. `keep_going` is asked between pages; false ends the walk
    /// with Errc::cancelled, as does a sleep on the tools' clock that ends so.
    StreamWalk(const SyncTools& tools, domain::ports::ProviderSession& session, view::CommitScope scope,
               const domain::ports::StreamFacts& facts, domain::SelfIds known_self,
               std::function<bool()> keep_going);

    /// The stream's own failures are in the report; an Error ends the whole run: the lease is lost, the
    /// credentials are refused, the database is away, or we are stopping.
    domain::ports::Task<domain::Result<StreamReport>> run();
    /// What was done until run() ended in this error. Call at most once, then.
    StreamReport report_of_failure(domain::Error error);

  private:
    domain::ports::Task<domain::Result<domain::Page>> fetch();
    domain::ports::Task<domain::Result<void>> commit(domain::Page page);
    domain::ports::Task<domain::Result<void>> remove_unseen();
    domain::ports::Task<domain::Result<std::vector<std::string>>> find_unseen(std::size_t& live);
    domain::ports::Task<domain::Result<std::vector<std::string>>> confirm(
        std::vector<std::string> candidates);
    [[nodiscard]] std::string resume_text() const;
    [[nodiscard]] double roll() const;

    const SyncTools& tools_;
    domain::ports::ProviderSession& session_;
    view::CommitScope scope_;
    const domain::ports::StreamFacts& facts_;
    domain::SelfIds known_self_;
    std::function<bool()> keep_going_;
    domain::Walk walk_;
    StreamReport report_;
    /// Candidates for removal that the provider still knew.
    std::size_t still_there_ = 0;
};

}  // namespace tributary::sync
