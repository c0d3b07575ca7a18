#include "services/sync/stream_walk.hpp"

#include <spdlog/logger.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <utility>

#include "domain/json/write.hpp"
#include "domain/try.hpp"
#include "services/sync/confirmation_choice.hpp"
#include "services/sync/identifier_hash.hpp"
#include "services/sync/retry.hpp"

namespace tributary::sync {

using domain::Errc;
using domain::Error;
using domain::Page;
using domain::Result;
using domain::ports::PageTransaction;
using domain::ports::Task;

namespace {

constexpr std::size_t keys_a_look = 5'000;
constexpr std::size_t longest_key = 512;

/// A key that no index takes: empty, endless, or with control characters in it.
bool unusable(const std::string& key) {
    return key.empty() || key.size() > longest_key ||
           std::ranges::any_of(key, [](char c) { return static_cast<unsigned char>(c) < 0x20; });
}

/// Such an object costs itself, never its page.
void quarantine_unusable(Page& page) {
    std::erase_if(page.observations, [&page](domain::Observation& observation) {
        const bool spoiled = unusable(observation.provider_id);
        if (spoiled) {
            page.quarantined.push_back(
                {std::move(observation.raw), "The key is empty, too long or holds control characters."});
        }
        return spoiled;
    });
}

/// Trouble that no other stream of the run can escape.
bool ends_the_run(Errc code) {
    return code == Errc::unauthenticated || code == Errc::stale_owner || code == Errc::cancelled ||
           code == Errc::configuration || code == Errc::in_doubt || code == Errc::internal;
}

bool means_not_for_us(Errc code) {
    return code == Errc::permission_denied || code == Errc::not_found || code == Errc::gone;
}

}  // namespace

StreamWalk::StreamWalk(const SyncTools& tools, domain::ports::ProviderSession& session,
                       view::CommitScope scope, const domain::ports::StreamFacts& facts,
                       domain::SelfIds known_self, std::function<bool()> keep_going)
    : tools_(tools),
      session_(session),
      scope_(std::move(scope)),
      facts_(facts),
      known_self_(std::move(known_self)),
      keep_going_(std::move(keep_going)),
      walk_(facts) {
    report_.stream = facts.name;
}

Task<Result<StreamReport>> StreamWalk::run() {
    while (!walk_.finished()) {
        if (!keep_going_()) {
            co_return domain::fail(Errc::cancelled, "The service is stopping; the next owner goes on.");
        }
        Result<Page> page = co_await fetch();
        if (!page) {
            if (ends_the_run(page.error().code)) {
                co_return std::unexpected(std::move(page).error());
            }
            const bool denied = facts_.may_be_denied && means_not_for_us(page.error().code);
            walk_.stop(page.error().detail);
            report_.verdict = denied ? "denied" : "partial";
            report_.reason =
                denied ? "The provider does not give this stream to these credentials." : walk_.reason();
            if (!denied) {
                report_.error = std::move(page).error();
            }
            co_return std::move(report_);
        }
        report_.fetched_at = tools_.provider_tools.clock.now();
        report_.items += page->item_keys.size();
        report_.add_drift(*page);
        if (Result<void> taken = walk_.take(*page); !taken) {
            report_.error = std::move(taken).error();
        }
        quarantine_unusable(*page);
        Result<void> committed = co_await commit(std::move(*page));
        if (!committed && committed.error().code == Errc::contract) {
            // What the provider sent cannot be stored: its other streams may still be fine.
            walk_.stop(committed.error().detail);
            report_.error = std::move(committed).error();
        } else if (!committed) {
            co_return std::unexpected(std::move(committed).error());
        }
    }
    if (walk_.verdict() == domain::Completeness::complete) {
        Result<void> removed = co_await remove_unseen();
        if (!removed) {
            co_return std::unexpected(std::move(removed).error());
        }
        report_.verified_complete_at = report_.fetched_at;
    }
    report_.verdict = name_of(walk_.verdict());
    if (report_.reason.empty()) {
        report_.reason = walk_.reason();
    }
    report_.evidence = walk_.evidence();
    co_return std::move(report_);
}

StreamReport StreamWalk::report_of_failure(Error error) {
    walk_.stop(error.detail);
    report_.verdict = name_of(walk_.verdict());
    report_.reason = walk_.reason();
    report_.evidence = walk_.evidence();
    report_.error = std::move(error);
    return std::move(report_);
}

double StreamWalk::roll() const {
    std::array<std::uint8_t, 4> bytes{};
    tools_.provider_tools.random.fill(bytes);
    const std::uint32_t drawn = static_cast<std::uint32_t>(bytes[0]) << 24U |
                                static_cast<std::uint32_t>(bytes[1]) << 16U |
                                static_cast<std::uint32_t>(bytes[2]) << 8U | bytes[3];
    return static_cast<double>(drawn) / 4294967296.0;
}

Task<Result<Page>> StreamWalk::fetch() {
    for (int attempt = 1;; ++attempt) {
        ++report_.requests;
        Result<Page> page = co_await session_.fetch(facts_.name, walk_.next());
        if (page) {
            co_return page;
        }
        const auto delay = retry_delay(page.error(), attempt, roll());
        if (!delay) {
            co_return page;
        }
        tools_.log->debug("provider asked again connection={} stream={} attempt={} code={}",
                          to_text(scope_.stream.connection_id), facts_.name, attempt,
                          name_of(page.error().code));
        const Result<void> slept = co_await tools_.provider_tools.clock.sleep(*delay);
        if (!slept) {
            co_return std::unexpected(slept.error());
        }
    }
}

std::string StreamWalk::resume_text() const {
    const domain::ResumePoint point = walk_.resume_point();
    json::Object resume{{"stream", facts_.name}};
    if (point.cursor) {
        resume.push_back({"cursor", *point.cursor});
    } else if (facts_.paging == domain::ports::Paging::offset) {
        resume.push_back({"offset", point.offset});
    }
    return json::write(resume);
}

Task<Result<void>> StreamWalk::commit(Page page) {
    if (page.self == known_self_) {
        page.self = {};
    }
    const auto counts = std::make_shared<view::PageCounts>();
    // The job runs on a database thread and may run again: it borrows nothing that this coroutine could lose.
    auto job = [scope = scope_, page = std::make_shared<Page>(std::move(page)),
                hash = identifier_hash(tools_.sealer), counts, progress = json::write(report_.to_json()),
                resume = resume_text()](PageTransaction& transaction) -> Result<void> {
        TRIBUTARY_TRY_LET(done, view::commit_page(transaction, scope, *page, hash));
        *counts = done;
        return transaction.save_progress(scope.cause.run_id, progress, resume);
    };
    Result<void> committed = co_await tools_.pages.transact(scope_.space.tenant, std::move(job));
    if (committed) {
        report_.add(*counts);
    }
    co_return committed;
}

Task<Result<std::vector<std::string>>> StreamWalk::find_unseen(std::size_t& live) {
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
            if (!walk_.saw(id)) {
                unseen.push_back(id);
            }
        }
        if (ids->size() < keys_a_look) {
            co_return unseen;
        }
        after = ids->back();
    }
}

Task<Result<std::vector<std::string>>> StreamWalk::confirm(std::vector<std::string> candidates) {
    std::vector<std::string> gone;
    for (const std::string& id : candidates) {
        if (!keep_going_()) {
            break;
        }
        ++report_.requests;
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

Task<Result<void>> StreamWalk::remove_unseen() {
    std::size_t live = 0;
    Result<std::vector<std::string>> unseen = co_await find_unseen(live);
    if (!unseen) {
        co_return std::unexpected(std::move(unseen).error());
    }
    if (unseen->empty()) {
        co_return Result<void>();
    }
    const std::size_t missing = unseen->size();
    if (report_.quarantined > 0 && !facts_.has_single_read) {
        report_.held_removals = missing;
        report_.reason = "Objects came without a usable key, and may be among the " +
                         std::to_string(missing) + " that are missing; those are kept.";
        co_return Result<void>();
    }
    if (!removal_allowed(tools_.removal_limits, missing, live, facts_.has_single_read)) {
        report_.held_removals = missing;
        report_.reason = std::to_string(missing) + " of " + std::to_string(live) +
                         " objects are missing, more than one run may remove; they are kept. Look at the "
                         "provider; `tributary sync --accept-removals` removes them.";
        co_return Result<void>();
    }
    std::vector<std::string> gone = std::move(*unseen);
    if (facts_.has_single_read) {
        gone = chosen_for_confirmation(std::move(gone), scope_.cause.run_id,
                                       tools_.removal_limits.confirmations);
        Result<std::vector<std::string>> confirmed = co_await confirm(std::move(gone));
        if (!confirmed) {
            co_return std::unexpected(std::move(confirmed).error());
        }
        gone = std::move(*confirmed);
    }
    report_.held_removals = missing - gone.size() - still_there_;
    if (gone.empty()) {
        co_return Result<void>();
    }
    const auto counts = std::make_shared<view::PageCounts>();
    auto job = [scope = scope_, gone, hash = identifier_hash(tools_.sealer),
                counts](PageTransaction& transaction) -> Result<void> {
        TRIBUTARY_TRY_LET(done, view::commit_removal(transaction, scope, gone, hash));
        *counts = done;
        return {};
    };
    Result<void> committed = co_await tools_.pages.transact(scope_.space.tenant, std::move(job));
    if (committed) {
        report_.add(*counts);
    }
    co_return committed;
}

}  // namespace tributary::sync
