#include "services/replay/replay.hpp"

#include <algorithm>
#include <map>
#include <memory>
#include <utility>

#include "domain/json/write.hpp"
#include "domain/try.hpp"
#include "services/replay/decoded_again.hpp"
#include "services/sync/identifier_hash.hpp"
#include "services/view/page_commit.hpp"

namespace tributary::replay {

using domain::Errc;
using domain::Page;
using domain::Result;
using domain::ports::PageTransaction;
using domain::ports::RecordState;
using domain::ports::ReplayClaim;
using domain::ports::StoredVersion;
using domain::ports::Task;
using domain::ports::VersionQuery;

namespace {

DecodingContext context_of(const ReplayTask& task, const std::string& stream) {
    const auto& connection = task.connection;
    return {
        *task.provider, {task.tenant, connection.provider, connection.environment}, stream, connection.self};
}

VersionQuery first_query(const ReplayTask& task, const std::string& stream) {
    VersionQuery query;
    query.stream = {task.connection.id, stream};
    query.since = task.since;
    return query;
}

/// Counts a version; gives what was decoded where that differs from what is stored.
std::optional<domain::Observation> take(const DecodingContext& context, const StoredVersion& version,
                                        StreamReplay& report) {
    Result<DecodedAgain> again = decode_again(context, version);
    if (!again) {
        report.add_refused(again.error().detail);
        return std::nullopt;
    }
    if (!again->compared) {
        report.add_uncompared();
        return std::nullopt;
    }
    report.add(version.entity_id, again->changes);
    return again->changes.empty() ? std::nullopt : std::optional(std::move(again->observation));
}

/// Objects of one page that decode differently now, each with the hash that it was read with.
struct Differing {
    Page page;
    std::map<std::string, std::string> hashes;
};

Differing differing_of(const DecodingContext& context, const std::vector<StoredVersion>& versions,
                       StreamReplay& report) {
    Differing found;
    for (const StoredVersion& version : versions) {
        if (auto observation = take(context, version, report)) {
            found.hashes.emplace(version.provider_id, version.hash);
            found.page.observations.push_back(std::move(*observation));
        }
    }
    return found;
}

/// Writes objects that are still as they were read; what came meanwhile is newer than any of them.
Result<view::PageCounts> rewrite(PageTransaction& transaction, const view::CommitScope& scope,
                                 const Differing& differing, const view::ViewRules& rules) {
    std::vector<std::string> ids;
    std::ranges::transform(differing.hashes, std::back_inserter(ids),
                           [](const auto& each) { return each.first; });
    TRIBUTARY_TRY_LET(states, transaction.lock_records(scope.stream, ids));
    std::map<std::string, std::string> now;
    for (const RecordState& state : states) {
        now.emplace(state.provider_id, state.hash);
    }
    Page page;
    for (const domain::Observation& observation : differing.page.observations) {
        const auto state = now.find(observation.provider_id);
        if (state != now.end() && state->second == differing.hashes.at(observation.provider_id)) {
            page.observations.push_back(observation);
        }
    }
    return view::commit_page(transaction, scope, page, rules);
}

class Replaying {
  public:
    Replaying(ReplayTools tools, const ReplayTask& task, ReplayHold hold, ReplayClaim claim)
        : tools_(tools), task_(task), hold_(hold), claim_(claim), renewed_at_(tools.clock.steady_now()) {
        report_.run = claim.run_id;
    }

    Task<Result<void>> run() {
        const auto streams = co_await tools_.replays.streams(task_.tenant, task_.connection.id);
        if (!streams) {
            co_return std::unexpected(streams.error());
        }
        for (const std::string& stream : *streams) {
            report_.streams.emplace_back(stream);
            Result<void> done = co_await replay_stream(stream);
            if (!done) {
                co_return done;
            }
        }
        co_return Result<void>();
    }

    ReplayReport& report() { return report_; }

  private:
    Task<Result<void>> replay_stream(std::string stream) {
        const DecodingContext context = context_of(task_, stream);
        VersionQuery query = first_query(task_, stream);
        for (;;) {
            const auto versions = co_await tools_.replays.present_versions(task_.tenant, query);
            if (!versions) {
                co_return std::unexpected(versions.error());
            }
            Differing differing = differing_of(context, *versions, report_.streams.back());
            if (!differing.hashes.empty()) {
                Result<void> written =
                    co_await write(stream, versions->front().fullness, std::move(differing));
                if (!written) {
                    co_return written;
                }
            }
            if (versions->size() < query.limit) {
                co_return Result<void>();
            }
            query.after = versions->back().provider_id;
            Result<void> renewed = co_await renew();
            if (!renewed) {
                co_return renewed;
            }
        }
    }

    Task<Result<void>> write(std::string stream, int fullness, Differing differing) {
        view::CommitScope scope{{task_.tenant, task_.connection.provider, task_.connection.environment},
                                {task_.connection.id, std::move(stream)},
                                fullness,
                                {"replay", claim_.run_id, claim_.lease},
                                true};
        const auto counts = std::make_shared<view::PageCounts>();
        // The job runs on a database thread and may run again.
        auto job = [scope, counts, differing = std::make_shared<Differing>(std::move(differing)),
                    rules = view::ViewRules(sync::identifier_hash(tools_.sealer), tools_.precedence),
                    report = report_](PageTransaction& transaction) -> Result<void> {
            TRIBUTARY_TRY_LET(done, rewrite(transaction, scope, *differing, rules));
            *counts = done;
            ReplayReport so_far = report;
            so_far.streams.back().add_rewritten(done.changed);
            return transaction.save_progress(scope.cause.run_id, json::write(so_far.to_json()), "");
        };
        Result<void> written = co_await tools_.pages.transact(task_.tenant, std::move(job));
        if (written) {
            report_.streams.back().add_rewritten(counts->changed);
        }
        co_return written;
    }

    /// At a third of the lease's time, as any owner.
    Task<Result<void>> renew() {
        const auto now = tools_.clock.steady_now();
        if (now - renewed_at_ < hold_.lease / 3) {
            co_return Result<void>();
        }
        renewed_at_ = now;
        Result<void> renewed = co_await tools_.connections.renew_lease(claim_.lease, hold_.lease);
        co_return renewed;
    }

    ReplayTools tools_;
    const ReplayTask& task_;
    ReplayHold hold_;
    ReplayClaim claim_;
    std::chrono::steady_clock::time_point renewed_at_;
    ReplayReport report_;
};

enum class Age { present, past };

Task<Result<void>> preview_versions(ReplayTools tools, const ReplayTask& task, Age age,
                                    StreamReplay& report) {
    const DecodingContext context = context_of(task, report.stream());
    VersionQuery query = first_query(task, report.stream());
    for (;;) {
        auto reading = age == Age::present ? tools.replays.present_versions(task.tenant, query)
                                           : tools.replays.past_versions(task.tenant, query);
        const auto versions = co_await std::move(reading);
        if (!versions) {
            co_return std::unexpected(versions.error());
        }
        for (const StoredVersion& version : *versions) {
            take(context, version, report);
        }
        if (versions->size() < query.limit) {
            co_return Result<void>();
        }
        query.after = versions->back().provider_id;
        query.after_time = versions->back().since;
    }
}

domain::ports::ReplayOutcome outcome_of(const Result<void>& done, const ReplayReport& report) {
    domain::ports::ReplayOutcome outcome{"succeeded", json::write(report.to_json()), "", ""};
    if (!done) {
        outcome.state = "failed";
        outcome.error_code = name_of(done.error().code);
        outcome.error_detail = done.error().detail;
    }
    return outcome;
}

}  // namespace

Task<Result<ReplayReport>> preview(ReplayTools tools, ReplayTask task) {
    const auto streams = co_await tools.replays.streams(task.tenant, task.connection.id);
    if (!streams) {
        co_return std::unexpected(streams.error());
    }
    ReplayReport report;
    for (const std::string& stream : *streams) {
        StreamReplay& of_stream = report.streams.emplace_back(stream);
        const Result<void> present = co_await preview_versions(tools, task, Age::present, of_stream);
        if (!present) {
            co_return std::unexpected(present.error());
        }
        const Result<void> past = co_await preview_versions(tools, task, Age::past, of_stream);
        if (!past) {
            co_return std::unexpected(past.error());
        }
    }
    co_return report;
}

Task<Result<ReplayReport>> replay(ReplayTools tools, ReplayTask task, ReplayHold hold) {
    const auto claim =
        co_await tools.replays.begin_replay(task.tenant, task.connection.id, hold.owner, hold.lease);
    if (!claim) {
        co_return std::unexpected(claim.error());
    }
    Replaying replaying(tools, task, hold, *claim);
    const Result<void> done = co_await replaying.run();
    if (!done && done.error().code == Errc::stale_owner) {
        co_return std::unexpected(done.error());
    }
    const Result<void> ended =
        co_await tools.replays.end_replay(task.tenant, *claim, outcome_of(done, replaying.report()));
    if (!done) {
        co_return std::unexpected(done.error());
    }
    if (!ended) {
        co_return std::unexpected(ended.error());
    }
    co_return std::move(replaying.report());
}

}  // namespace tributary::replay
