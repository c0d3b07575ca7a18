// Removes what a complete walk did not see, as far as one run may.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <unordered_set>
#include <vector>

#include "domain/ports/provider.hpp"
#include "domain/walk.hpp"
#include "services/sync/stream_report.hpp"
#include "services/sync/tools.hpp"
#include "services/view/page_commit.hpp"

namespace tributary::sync {

class StreamRemoval {
  public:
    /// Everything is borrowed and outlives it. `keep_going` is asked between confirmations.
    StreamRemoval(const SyncTools& tools, domain::ports::ProviderSession& session,
                  const view::CommitScope& scope, const domain::ports::StreamFacts& facts,
                  const std::function<bool()>& keep_going);

    /// `walk` is complete; `unusable` has the hashes of what came without a key in it. What was done and what
    /// was kept is added to `report`; all outlive the task.
    domain::ports::Task<domain::Result<void>> run(const domain::Walk& walk,
                                                  const std::unordered_set<std::string>& unusable,
                                                  StreamReport& report);

  private:
    /// What a complete walk settles.
    struct Settled {
        /// Decisions on these keys are forgotten.
        std::vector<std::string> keys;
        /// The waiting proposal has lost its ground.
        bool withdraw = false;
        /// Quarantined contents that come no more.
        std::vector<std::string> released;

        [[nodiscard]] bool empty() const { return keys.empty() && !withdraw && released.empty(); }
    };

    domain::ports::Task<domain::Result<std::vector<std::string>>> find_unseen(const domain::Walk& walk,
                                                                              std::size_t& live);
    domain::ports::Task<domain::Result<std::vector<std::string>>> confirm(std::vector<std::string> candidates,
                                                                          StreamReport& report);
    domain::ports::Task<domain::Result<void>> confirm_and_remove(std::vector<std::string> candidates,
                                                                 StreamReport& report);
    domain::ports::Task<domain::Result<void>> propose(domain::ports::RemovalProposal proposal,
                                                      StreamReport& report);
    domain::ports::Task<domain::Result<void>> settle(Settled settled);
    domain::ports::Task<domain::Result<void>> remove(std::vector<std::string> gone, bool approved,
                                                     StreamReport& report);

    const SyncTools& tools_;
    domain::ports::ProviderSession& session_;
    const view::CommitScope& scope_;
    const domain::ports::StreamFacts& facts_;
    const std::function<bool()>& keep_going_;
    /// Shared with jobs on database threads, which may outlive what waits for them.
    std::shared_ptr<domain::ports::RemovalDecisions> decisions_ =
        std::make_shared<domain::ports::RemovalDecisions>();
    /// The stream's quarantine before this run's removals; shared likewise.
    std::shared_ptr<std::vector<std::string>> quarantined_ = std::make_shared<std::vector<std::string>>();
    /// Candidates that the provider still knew.
    std::size_t still_there_ = 0;
};

}  // namespace tributary::sync
