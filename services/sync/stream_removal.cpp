#include "services/sync/stream_removal.hpp"

#include <algorithm>
#include <memory>
#include <utility>

#include "domain/try.hpp"
#include "services/sync/confirmation_choice.hpp"
#include "services/sync/error_scope.hpp"
#include "services/sync/removal_plan.hpp"
#include "services/sync/view_rules.hpp"

namespace tributary::sync {

using domain::Errc;
using domain::Page;
using domain::Result;
using domain::ports::PageTransaction;
using domain::ports::Task;

namespace {

constexpr std::size_t keys_a_look = 5'000;
constexpr std::size_t keys_a_removal = 500;

}  // namespace

StreamRemoval::StreamRemoval(const SyncTools& tools, domain::ports::ProviderSession& session,
                             const view::CommitScope& scope, const domain::ports::StreamFacts& facts,
                             const std::function<bool()>& keep_going)
    : tools_(tools), session_(session), scope_(scope), facts_(facts), keep_going_(keep_going) {}

Task<Result<std::vector<std::string>>> StreamRemoval::find_unseen(const domain::Walk& walk,
                                                                  std::size_t& live) {
    std::vector<std::string> unseen;
    std::string after;
    for (;;) {
        const auto ids = std::make_shared<std::vector<std::string>>();
        auto look = [stream = scope_.stream, after, ids, decisions = decisions_,
                     quarantined = quarantined_](PageTransaction& transaction) -> Result<void> {
            TRIBUTARY_TRY_LET(found, transaction.live_record_ids(stream, after, keys_a_look));
            *ids = std::move(found);
            if (after.empty()) {
                TRIBUTARY_TRY_LET(decided, transaction.removal_decisions(stream));
                *decisions = std::move(decided);
                TRIBUTARY_TRY_LET(kept, transaction.quarantined(stream));
                *quarantined = std::move(kept);
            }
            return {};
        };
        const Result<void> looked = co_await tools_.pages.transact(scope_.space.tenant, std::move(look));
        if (!looked) {
            co_return std::unexpected(looked.error());
        }
        live += ids->size();
        for (const std::string& id : *ids) {
            if (!walk.saw(id)) {
                unseen.push_back(id);
            }
        }
        if (ids->size() < keys_a_look) {
            co_return unseen;
        }
        after = ids->back();
    }
}

Task<Result<std::vector<std::string>>> StreamRemoval::confirm(std::vector<std::string> candidates,
                                                              StreamReport& report) {
    std::vector<std::string> gone;
    for (const std::string& id : candidates) {
        if (!keep_going_()) {
            break;
        }
        ++report.requests;
        Result<Page> read = co_await session_.read(facts_.name, id);
        if (read) {
            // Only missing from the list. What a single read says may be less than the list does (tastytrade
            // leaves out the level of access), so it is not committed.
            ++still_there_;
        } else if (read.error().code == Errc::gone) {
            // Not not_found: that may be the answer to a token call, or to who the credentials' owner is.
            gone.push_back(id);
        } else if (ends_the_run(read.error().code)) {
            co_return std::unexpected(std::move(read).error());
        }
    }
    co_return gone;
}

Task<Result<void>> StreamRemoval::run(const domain::Walk& walk,
                                      const std::unordered_set<std::string>& unusable, StreamReport& report) {
    std::size_t live = 0;
    Result<std::vector<std::string>> unseen = co_await find_unseen(walk, live);
    if (!unseen) {
        co_return std::unexpected(std::move(unseen).error());
    }
    RemovalPlan plan = plan_removal(std::move(*unseen), *decisions_);
    report.kept_removals = plan.kept;
    const std::size_t missing = plan.undecided.size();
    const bool doubtful = missing > 0 && report.quarantined > 0 && !facts_.has_single_read;
    const bool allowed =
        removal_allowed(tools_.removal_limits, missing, live, facts_.has_single_read) || missing == 0;
    const bool withdraw = decisions_->waiting && !doubtful && allowed;
    std::erase_if(*quarantined_, [&unusable](const std::string& hash) { return unusable.contains(hash); });
    Settled found{std::move(plan.settled), withdraw, std::move(*quarantined_)};
    if (!found.empty()) {
        Result<void> settled = co_await settle(std::move(found));
        if (!settled) {
            co_return settled;
        }
    }
    Result<void> removed = co_await remove(std::move(plan.approved), true, report);
    if (!removed || missing == 0) {
        co_return removed;
    }
    if (doubtful) {
        report.left_removals = missing;
        report.reason = "Objects came without a usable key, and may be among the " + std::to_string(missing) +
                        " that are missing; those are kept.";
        co_return Result<void>();
    }
    if (!allowed) {
        co_return co_await propose({scope_.stream, live, std::move(plan.undecided)}, report);
    }
    co_return co_await confirm_and_remove(std::move(plan.undecided), report);
}

Task<Result<void>> StreamRemoval::confirm_and_remove(std::vector<std::string> candidates,
                                                     StreamReport& report) {
    const std::size_t missing = candidates.size();
    std::vector<std::string> gone = std::move(candidates);
    if (facts_.has_single_read) {
        gone = chosen_for_confirmation(std::move(gone), scope_.cause.run_id,
                                       tools_.removal_limits.confirmations);
        Result<std::vector<std::string>> confirmed = co_await confirm(std::move(gone), report);
        if (!confirmed) {
            co_return std::unexpected(std::move(confirmed).error());
        }
        gone = std::move(*confirmed);
    }
    report.left_removals = missing - gone.size() - still_there_;
    co_return co_await remove(std::move(gone), false, report);
}

Task<Result<void>> StreamRemoval::propose(domain::ports::RemovalProposal proposal, StreamReport& report) {
    report.held_removals = proposal.keys.size();
    report.reason =
        std::to_string(proposal.keys.size()) + " of " + std::to_string(proposal.live) +
        " objects are missing, more than one run may remove; they are kept until somebody decides.";
    const auto waiting = std::make_shared<domain::Uuid>();
    auto job = [cause = scope_.cause, proposal = std::move(proposal),
                waiting](PageTransaction& transaction) -> Result<void> {
        TRIBUTARY_TRY(transaction.check_fence(cause.lease.value()));
        TRIBUTARY_TRY_LET(run, transaction.propose_removal(cause.run_id, proposal));
        *waiting = run;
        return {};
    };
    Result<void> proposed = co_await tools_.pages.transact(scope_.space.tenant, std::move(job));
    if (proposed) {
        report.proposal = *waiting;
    }
    co_return proposed;
}

Task<Result<void>> StreamRemoval::settle(Settled settled) {
    auto job = [stream = scope_.stream, lease = scope_.cause.lease.value(),
                settled = std::move(settled)](PageTransaction& transaction) -> Result<void> {
        TRIBUTARY_TRY(transaction.check_fence(lease));
        if (settled.withdraw) {
            TRIBUTARY_TRY(transaction.withdraw_proposal(stream));
        }
        if (!settled.released.empty()) {
            TRIBUTARY_TRY(transaction.release_quarantined(stream, settled.released));
        }
        return transaction.settle_removals(stream, settled.keys);
    };
    return tools_.pages.transact(scope_.space.tenant, std::move(job));
}

Task<Result<void>> StreamRemoval::remove(std::vector<std::string> gone, bool approved, StreamReport& report) {
    for (std::size_t begin = 0; begin < gone.size(); begin += keys_a_removal) {
        const std::size_t end = std::min(gone.size(), begin + keys_a_removal);
        const auto counts = std::make_shared<view::PageCounts>();
        auto job = [scope = scope_, approved, counts, rules = view_rules(tools_.sealer, tools_.providers),
                    keys = std::vector(gone.begin() + static_cast<std::ptrdiff_t>(begin),
                                       gone.begin() + static_cast<std::ptrdiff_t>(end))](
                       PageTransaction& transaction) -> Result<void> {
            TRIBUTARY_TRY(transaction.check_fence(scope.cause.lease.value()));
            TRIBUTARY_TRY_LET(done, view::commit_removal(transaction, scope, keys, rules));
            *counts = done;
            return approved ? transaction.settle_removals(scope.stream, keys) : Result<void>();
        };
        Result<void> committed = co_await tools_.pages.transact(scope_.space.tenant, std::move(job));
        if (!committed) {
            co_return committed;
        }
        report.add(*counts);
    }
    co_return Result<void>();
}

}  // namespace tributary::sync
