#include "services/sync/run.hpp"

#include <array>
#include <chrono>
#include <utility>
#include <vector>

#include "domain/json/parse.hpp"
#include "domain/json/write.hpp"
#include "domain/try.hpp"
#include "services/sync/credentials.hpp"
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
using domain::ports::RunOutcome;
using domain::ports::StreamState;
using domain::ports::Task;

namespace {

constexpr std::chrono::minutes first_retry{1};

Result<std::unique_ptr<ProviderSession>> open_session(const SyncTools& tools, const ClaimedRun& claimed) {
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
    context.space = {claimed.tenant, connection.provider, connection.environment};
    context.base_url = connection.base_url;
    if (const json::Object* object = settings.root.if_object()) {
        context.settings = *object;
    }
    context.credentials = std::move(credentials);
    context.self = connection.self;
    return provider->open(std::move(context), tools.provider_tools);
}

SyncTools tools_of_run(const SyncTools& tools, const ClaimedRun& claimed, domain::ports::Clock& clock) {
    const domain::ports::ProviderTools own{tools.provider_tools.transport, clock,
                                           tools.provider_tools.random};
    SyncTools made{tools.pages, tools.connections, tools.sealer,         tools.providers,
                   own,         tools.log,         tools.removal_limits, tools.on_run_ended};
    if (claimed.run_cause == removals_accepted) {
        made.removal_limits.accepted = true;
    }
    return made;
}

StreamState state_of(const StreamReport& report) {
    return {report.stream,  report.fetched_at, report.verified_complete_at,
            report.verdict, report.reason,     json::write(report.evidence)};
}

std::string report_text(const std::vector<StreamReport>& reports) {
    json::Array streams;
    for (const StreamReport& report : reports) {
        streams.emplace_back(report.to_json());
    }
    return json::write(json::Object{{"streams", std::move(streams)}});
}

/// Who must act, if anybody, and when to come back.
void judge(RunOutcome& outcome, const ClaimedRun& claimed, const std::optional<Error>& failure) {
    const auto period = claimed.connection.period;
    if (period) {
        outcome.next_due_in = *period;
    }
    if (!failure) {
        return;
    }
    outcome.error_code = name_of(failure->code);
    outcome.error_detail = failure->detail;
    outcome.status_reason = failure->detail;
    if (failure->code == Errc::unauthenticated) {
        // Providers block callers who keep trying refused credentials, so only a person starts the next run.
        outcome.status = ConnectionStatus::reauth_required;
        outcome.next_due_in = std::nullopt;
        return;
    }
    outcome.status = ConnectionStatus::degraded;
    if (period && failure->retry_after) {
        outcome.next_due_in =
            std::max<std::chrono::milliseconds>(*failure->retry_after, std::chrono::seconds(1));
    } else if (period && is_retryable(failure->code)) {
        outcome.next_due_in = std::min<std::chrono::milliseconds>(*period, first_retry);
    }
}

RunOutcome outcome_of(const ClaimedRun& claimed, const std::vector<StreamReport>& reports,
                      const std::optional<Error>& failure) {
    RunOutcome outcome;
    outcome.report = report_text(reports);
    bool partial = false;
    bool held = false;
    std::optional<Error> first = failure;
    for (const StreamReport& report : reports) {
        outcome.streams.push_back(state_of(report));
        partial = partial || report.verdict == "partial";
        held = held || report.held_removals > 0;
        if (!first && report.error) {
            first = report.error;
        }
    }
    outcome.state = failure ? "failed" : partial ? "partial" : held ? "held" : "succeeded";
    judge(outcome, claimed, first);
    return outcome;
}

}  // namespace

Task<Result<RunResult>> perform_run(const SyncTools& tools, ClaimedRun claimed,
                                    std::function<bool()> keep_going) {
    const domain::ports::Lease lease{claimed.connection.id, claimed.fence};
    const bool removing = claimed.connection.status == ConnectionStatus::removing;
    const domain::ports::CommitCause cause{removing ? "connection_removed" : "run", claimed.run_id, lease};
    const domain::ProviderSpace space{claimed.tenant, claimed.connection.provider,
                                      claimed.connection.environment};
    if (removing) {
        Result<void> withdrawn =
            co_await withdraw_records(tools, space, claimed.connection.id, cause, keep_going);
        if (!withdrawn) {
            co_return std::unexpected(std::move(withdrawn).error());
        }
        co_return RunResult{{}, true};
    }
    RunClock clock(tools.provider_tools.clock, keep_going);
    const SyncTools own_tools = tools_of_run(tools, claimed, clock);
    std::vector<StreamReport> reports;
    auto opened = open_session(own_tools, claimed);
    if (!opened) {
        co_return RunResult{outcome_of(claimed, reports, std::move(opened).error()), false};
    }
    const std::unique_ptr<ProviderSession> session = std::move(*opened);
    for (const domain::ports::StreamFacts& facts : session->streams()) {
        view::CommitScope scope{space, {claimed.connection.id, facts.name}, facts.fullness, cause};
        StreamWalk walk(own_tools, *session, std::move(scope), facts, claimed.connection.self, keep_going);
        Result<StreamReport> report = co_await walk.run();
        if (report) {
            reports.push_back(std::move(*report));
            continue;
        }
        const Errc code = report.error().code;
        if (code == Errc::stale_owner || code == Errc::cancelled) {
            co_return std::unexpected(std::move(report).error());
        }
        const Error failure = report.error();
        reports.push_back(walk.report_of_failure(std::move(report).error()));
        co_return RunResult{outcome_of(claimed, reports, failure), false};
    }
    co_return RunResult{outcome_of(claimed, reports, std::nullopt), false};
}

}  // namespace tributary::sync
