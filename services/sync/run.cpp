#include "services/sync/run.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "domain/json/parse.hpp"
#include "domain/try.hpp"
#include "services/sync/budget_key.hpp"
#include "services/sync/connection_tokens.hpp"
#include "services/sync/credentials.hpp"
#include "services/sync/guarded_transport.hpp"
#include "services/sync/outcome.hpp"
#include "services/sync/progress.hpp"
#include "services/sync/retry.hpp"
#include "services/sync/run_clock.hpp"
#include "services/sync/stream_walk.hpp"
#include "services/sync/withdraw.hpp"

namespace tributary::sync {

using domain::Errc;
using domain::Error;
using domain::Result;
using domain::ports::ClaimedRun;
using domain::ports::ConnectionStatus;
using domain::ports::ProviderSession;
using domain::ports::Task;

namespace {

domain::ports::Lease lease_of(const ClaimedRun& claimed) {
    return {claimed.connection.id, claimed.fence};
}

domain::ProviderSpace space_of(const ClaimedRun& claimed) {
    return {claimed.tenant, claimed.connection.provider, claimed.connection.environment};
}

/// Only a schedule can wait: whatever else asked for the run, somebody looks for its result.
domain::Lane lane_of(const ClaimedRun& claimed) {
    return claimed.run_cause == "schedule" ? domain::Lane::background : domain::Lane::interactive;
}

}  // namespace

Result<OpenSession> open_session(const SyncTools& tools, const ClaimedRun& claimed) {
    const auto& connection = claimed.connection;
    const domain::ports::Provider* provider = tools.providers.find(connection.provider);
    if (provider == nullptr) {
        return domain::fail(Errc::configuration,
                            "This program has no provider named '" + connection.provider + "'.");
    }
    TRIBUTARY_TRY_LET(credentials, open_credentials(tools.sealer, claimed.tenant, connection.id,
                                                    claimed.sealed_credentials));
    TRIBUTARY_TRY_LET(settings, json::parse(connection.settings));
    domain::ports::ConnectionContext context;
    context.id = connection.id;
    context.space = space_of(claimed);
    context.base_url = connection.base_url;
    if (const json::Object* object = settings.root.if_object()) {
        context.settings = *object;
    }
    context.credentials = std::move(credentials);
    context.self = connection.self;
    const domain::ports::ProviderTools& own = tools.provider_tools;
    OpenSession opened;
    if (tools.traffic != nullptr) {
        opened.guarded = std::make_unique<GuardedTransport>(
            own.transport, own.clock, *tools.traffic,
            Sender{budget_key_of(tools.sealer, context), connection.id, lane_of(claimed)});
    }
    if (tools.tokens != nullptr) {
        opened.tokens = std::make_unique<ConnectionTokens>(
            *tools.tokens, tools.sealer, own.clock,
            domain::ports::TokenKey{claimed.tenant, connection.id, claimed.sealed_credentials});
    }
    auto session = provider->open(std::move(context), {opened.guarded ? *opened.guarded : own.transport,
                                                       own.clock, own.random, opened.tokens.get()});
    if (!session) {
        return std::unexpected(std::move(session).error());
    }
    opened.session = std::move(*session);
    return opened;
}

SyncTools with_clock(const SyncTools& tools, domain::ports::Clock& clock) {
    return with_provider_tools(tools, {tools.provider_tools.transport, clock, tools.provider_tools.random});
}

SyncTools with_provider_tools(const SyncTools& tools, domain::ports::ProviderTools own) {
    return {tools.pages, tools.connections,    tools.sealer,       tools.providers, own,
            tools.log,   tools.removal_limits, tools.on_run_ended, tools.traffic,   tools.tokens};
}

namespace {

struct Walked {
    std::vector<StreamReport> reports;
    /// What ended the run before all streams were done.
    std::optional<Error> failure;
    /// The run is to be left as it is: the lease is lost, or we are stopping.
    std::optional<Error> abandoned;
};

bool abandons(Errc code) {
    return code == Errc::stale_owner || code == Errc::cancelled;
}

/// The state of the stream where it is paused, or nullptr.
const domain::ports::StreamState* paused_stream(const ClaimedRun& claimed, const std::string& stream) {
    const auto found =
        std::ranges::find(claimed.connection.streams, stream, &domain::ports::StreamState::stream);
    return found != claimed.connection.streams.end() && found->verdict == "paused" ? &*found : nullptr;
}

/// Proves nothing and makes nothing fresh.
StreamReport report_of_skipped(const domain::ports::StreamState& paused) {
    StreamReport report;
    report.stream = paused.stream;
    report.verdict = paused.verdict;
    report.reason = paused.reason;
    report.skipped = true;
    return report;
}

Task<Walked> walk_streams(const SyncTools& tools, ProviderSession& session, const ClaimedRun& claimed,
                          std::function<bool()> keep_going) {
    const Progress before = claimed.resumed ? read_progress(claimed.counts, claimed.resume) : Progress{};
    const domain::ports::CommitCause cause{"run", claimed.run_id, lease_of(claimed)};
    auto finished = std::make_shared<json::Array>();
    Walked walked;
    for (const domain::ports::StreamFacts& facts : session.streams()) {
        if (const StreamReport* report = before.of_finished(facts.name)) {
            walked.reports.push_back(*report);
            finished->emplace_back(report->to_json());
            continue;
        }
        if (const auto* paused = paused_stream(claimed, facts.name)) {
            walked.reports.push_back(report_of_skipped(*paused));
            finished->emplace_back(walked.reports.back().to_json());
            continue;
        }
        StreamTask task{{space_of(claimed), {claimed.connection.id, facts.name}, facts.fullness, cause},
                        facts,
                        claimed.connection.self,
                        std::make_shared<const json::Array>(*finished),
                        before.of_interrupted(facts.name)};
        StreamWalk walk(tools, session, std::move(task), keep_going);
        Result<StreamReport> report = co_await walk.run();
        if (!report && abandons(report.error().code)) {
            walked.abandoned = std::move(report).error();
            co_return walked;
        }
        if (!report) {
            walked.failure = report.error();
            walked.reports.push_back(walk.report_of_failure(std::move(report).error()));
            co_return walked;
        }
        finished->emplace_back(report->to_json());
        walked.reports.push_back(std::move(*report));
    }
    co_return walked;
}

}  // namespace

Task<Result<RunResult>> perform_run(const SyncTools& tools, ClaimedRun claimed,
                                    std::function<bool()> keep_going) {
    const double roll = roll_of(tools.provider_tools.random);
    if (claimed.connection.status == ConnectionStatus::removing) {
        const domain::ports::CommitCause cause{"connection_removed", claimed.run_id, lease_of(claimed)};
        Result<void> withdrawn =
            co_await withdraw_records(tools, space_of(claimed), claimed.connection.id, cause, keep_going);
        if (withdrawn) {
            co_return RunResult{{}, true};
        }
        if (abandons(withdrawn.error().code)) {
            co_return std::unexpected(std::move(withdrawn).error());
        }
        co_return RunResult{outcome_of(claimed, {}, std::move(withdrawn).error(), roll), false};
    }
    RunClock clock(tools.provider_tools.clock, keep_going);
    const SyncTools own_tools = with_clock(tools, clock);
    auto opened = open_session(own_tools, claimed);
    if (!opened) {
        co_return RunResult{outcome_of(claimed, {}, std::move(opened).error(), roll), false};
    }
    Walked walked = co_await walk_streams(own_tools, *opened->session, claimed, keep_going);
    if (walked.abandoned) {
        co_return std::unexpected(std::move(*walked.abandoned));
    }
    co_return RunResult{outcome_of(claimed, walked.reports, walked.failure, roll), false};
}

}  // namespace tributary::sync
