#include "services/sync/stream_walk.hpp"

#include <spdlog/logger.h>

#include <algorithm>
#include <chrono>
#include <utility>

#include "domain/content_hash.hpp"
#include "domain/json/write.hpp"
#include "domain/try.hpp"
#include "services/sync/error_scope.hpp"
#include "services/sync/retry.hpp"
#include "services/sync/stream_removal.hpp"
#include "services/sync/unusable_key.hpp"
#include "services/sync/view_rules.hpp"

namespace tributary::sync {

using domain::Errc;
using domain::Error;
using domain::Page;
using domain::Result;
using domain::ports::PageTransaction;
using domain::ports::Task;

namespace {

std::string reason_of(const Page& page, domain::PageFate fate) {
    if (fate == domain::PageFate::key_vanished) {
        return "None of the " + std::to_string(page.item_keys.size()) +
               " objects of a page has its key, so the stream is paused until somebody resumes it.";
    }
    return std::to_string(page.quarantined.size()) + " of the " + std::to_string(page.item_keys.size()) +
           " objects of a page have no usable key, too many to trust the rest; none of them was taken.";
}

/// What a provider may answer to a cursor or an offset that was good for another owner.
bool refuses_point(Errc code) {
    return code == Errc::invalid_input || code == Errc::contract || code == Errc::conflict ||
           code == Errc::not_found || code == Errc::gone;
}

bool means_not_for_us(Errc code) {
    return code == Errc::permission_denied || code == Errc::not_found || code == Errc::gone;
}

}  // namespace

StreamWalk::StreamWalk(const SyncTools& tools, domain::ports::ProviderSession& session, StreamTask task,
                       std::function<bool()> keep_going)
    : tools_(tools),
      session_(session),
      task_(std::move(task)),
      keep_going_(std::move(keep_going)),
      walk_(task_.facts, task_.interrupted ? std::optional(task_.interrupted->point) : std::nullopt) {
    if (task_.interrupted) {
        report_ = std::move(task_.interrupted->report);
    }
    report_.stream = task_.facts.name;
}

Task<Result<StreamReport>> StreamWalk::run() {
    while (!walk_.finished()) {
        if (!keep_going_()) {
            co_return domain::fail(Errc::cancelled, "The service is stopping; the next owner goes on.");
        }
        Result<Page> page = co_await fetch();
        if (!page && walk_.at_resume_point() && refuses_point(page.error().code)) {
            // A cursor lives only so long; what was read is committed and costs no write again.
            walk_.start_over();
            continue;
        }
        if (!page) {
            if (ends_the_run(page.error().code)) {
                co_return std::unexpected(std::move(page).error());
            }
            const bool denied = task_.facts.may_be_denied && means_not_for_us(page.error().code);
            walk_.stop(page.error().detail);
            report_.verdict = denied ? "denied" : "partial";
            report_.reason =
                denied ? "The provider does not give this stream to these credentials." : walk_.reason();
            if (!denied) {
                report_.error = std::move(page).error();
            }
            co_return ended();
        }
        report_.items += page->item_keys.size();
        report_.drift.add(page->drift);
        quarantine_unusable(*page);
        const domain::PageFate fate = domain::fate_of_page(page->item_keys.size(), page->quarantined.size());
        if (fate != domain::PageFate::usable) {
            co_return co_await end_at(std::move(*page), fate);
        }
        if (Result<void> taken = walk_.take(*page); !taken) {
            report_.error = std::move(taken).error();
        }
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
        StreamRemoval removal(tools_, session_, task_.scope, task_.facts, keep_going_);
        Result<void> removed = co_await removal.run(walk_, unusable_, report_);
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
    co_return ended();
}

Task<Result<StreamReport>> StreamWalk::end_at(Page page, domain::PageFate fate) {
    const bool vanished = fate == domain::PageFate::key_vanished;
    const std::string reason = reason_of(page, fate);
    walk_.stop(reason);
    // Not the page's word on anything; the resume point stays before it.
    page.observations.clear();
    page.self = {};
    Result<void> committed = co_await commit(std::move(page));
    if (!committed && committed.error().code != Errc::contract) {
        co_return std::unexpected(std::move(committed).error());
    }
    if (vanished) {
        tools_.log->warn("stream paused connection={} stream={} reason=\"{}\"",
                         to_text(task_.scope.stream.connection_id), task_.facts.name, reason);
    }
    report_.verdict = vanished ? "paused" : name_of(walk_.verdict());
    report_.reason = reason;
    report_.evidence = walk_.evidence();
    if (!vanished) {
        report_.error = Error{Errc::contract, reason};
    }
    co_return ended();
}

StreamReport StreamWalk::ended() {
    // On the pages that did not come stands whatever an earlier walk fetched.
    if (walk_.verdict() == domain::Completeness::partial) {
        report_.fetched_at.reset();
    }
    return std::move(report_);
}

StreamReport StreamWalk::report_of_failure(Error error) {
    walk_.stop(error.detail);
    report_.verdict = name_of(walk_.verdict());
    report_.reason = walk_.reason();
    report_.evidence = walk_.evidence();
    report_.error = std::move(error);
    return ended();
}

Task<Result<Page>> StreamWalk::fetch() {
    for (int attempt = 1;; ++attempt) {
        ++report_.requests;
        if (walk_.at_first_page()) {
            // Before it is sent: what changes at the provider from now on, this walk may have passed already.
            report_.fetched_at = tools_.provider_tools.clock.now();
        }
        Result<Page> page = co_await session_.fetch(task_.facts.name, walk_.next());
        if (page) {
            co_return page;
        }
        const auto delay = retry_delay(page.error(), attempt, roll_of(tools_.provider_tools.random));
        if (!delay) {
            co_return page;
        }
        tools_.log->debug("provider asked again connection={} stream={} attempt={} code={}",
                          to_text(task_.scope.stream.connection_id), task_.facts.name, attempt,
                          name_of(page.error().code));
        const Result<void> slept = co_await tools_.provider_tools.clock.sleep(*delay);
        if (!slept) {
            co_return std::unexpected(slept.error());
        }
    }
}

Task<Result<void>> StreamWalk::commit(Page page) {
    if (page.self == task_.known_self) {
        page.self = {};
    }
    for (const domain::Quarantined& object : page.quarantined) {
        if (unusable_.size() < domain::ports::most_quarantined) {
            unusable_.insert(domain::content_hash(json::write(object.raw)));
        }
    }
    const auto counts = std::make_shared<view::PageCounts>();
    const auto newest = newest_change(page, tools_.provider_tools.clock.now());
    // The job runs on a database thread and may run again: it borrows nothing that this coroutine could lose.
    auto job = [newest, scope = task_.scope, page = std::make_shared<Page>(std::move(page)),
                rules = view_rules(tools_.sealer, tools_.providers), counts, report = report_,
                finished = task_.finished, resume = resume_text(report_, walk_.resume_point())](
                   PageTransaction& transaction) -> Result<void> {
        TRIBUTARY_TRY_LET(done, view::commit_page(transaction, scope, *page, rules));
        *counts = done;
        StreamReport so_far = report;
        so_far.add(done);
        so_far.note_changes(newest, done);
        json::Array streams = *finished;
        streams.emplace_back(so_far.to_json());
        return transaction.save_progress(scope.cause.run_id, report_text(std::move(streams)), resume);
    };
    Result<void> committed = co_await tools_.pages.transact(task_.scope.space.tenant, std::move(job));
    if (committed) {
        report_.add(*counts);
        report_.note_changes(newest, *counts);
    }
    co_return committed;
}

}  // namespace tributary::sync
