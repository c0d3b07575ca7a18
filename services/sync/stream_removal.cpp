#include "services/sync/stream_removal.hpp"

#include <memory>
#include <utility>

#include "domain/try.hpp"
#include "services/sync/confirmation_choice.hpp"
#include "services/sync/error_scope.hpp"
#include "services/sync/identifier_hash.hpp"

namespace tributary::sync {

using domain::Errc;
using domain::Page;
using domain::Result;
using domain::ports::PageTransaction;
using domain::ports::Task;

namespace {

constexpr std::size_t keys_a_look = 5'000;

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
        auto look = [stream = scope_.stream, after, ids](PageTransaction& transaction) -> Result<void> {
            TRIBUTARY_TRY_LET(found, transaction.live_record_ids(stream, after, keys_a_look));
            *ids = std::move(found);
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

Task<Result<void>> StreamRemoval::run(const domain::Walk& walk, StreamReport& report) {
    std::size_t live = 0;
    Result<std::vector<std::string>> unseen = co_await find_unseen(walk, live);
    if (!unseen) {
        co_return std::unexpected(std::move(unseen).error());
    }
    if (unseen->empty()) {
        co_return Result<void>();
    }
    const std::size_t missing = unseen->size();
    if (report.quarantined > 0 && !facts_.has_single_read) {
        report.held_removals = missing;
        report.reason = "Objects came without a usable key, and may be among the " + std::to_string(missing) +
                        " that are missing; those are kept.";
        co_return Result<void>();
    }
    if (!removal_allowed(tools_.removal_limits, missing, live, facts_.has_single_read)) {
        report.held_removals = missing;
        report.reason = std::to_string(missing) + " of " + std::to_string(live) +
                        " objects are missing, more than one run may remove; they are kept. Look at the "
                        "provider; `tributary sync --accept-removals` removes them.";
        co_return Result<void>();
    }
    std::vector<std::string> gone = std::move(*unseen);
    if (facts_.has_single_read) {
        gone = chosen_for_confirmation(std::move(gone), scope_.cause.run_id,
                                       tools_.removal_limits.confirmations);
        Result<std::vector<std::string>> confirmed = co_await confirm(std::move(gone), report);
        if (!confirmed) {
            co_return std::unexpected(std::move(confirmed).error());
        }
        gone = std::move(*confirmed);
    }
    report.held_removals = missing - gone.size() - still_there_;
    if (gone.empty()) {
        co_return Result<void>();
    }
    co_return co_await remove(std::move(gone), report);
}

Task<Result<void>> StreamRemoval::remove(std::vector<std::string> gone, StreamReport& report) {
    const auto counts = std::make_shared<view::PageCounts>();
    auto job = [scope = scope_, gone = std::move(gone), hash = identifier_hash(tools_.sealer),
                counts](PageTransaction& transaction) -> Result<void> {
        TRIBUTARY_TRY_LET(done, view::commit_removal(transaction, scope, gone, hash));
        *counts = done;
        return {};
    };
    Result<void> committed = co_await tools_.pages.transact(scope_.space.tenant, std::move(job));
    if (committed) {
        report.add(*counts);
    }
    co_return committed;
}

}  // namespace tributary::sync
