#include "services/sync/outcome.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "domain/health.hpp"
#include "domain/json/write.hpp"
#include "services/sync/progress.hpp"

namespace tributary::sync {

using domain::Error;
using domain::ports::ClaimedRun;
using domain::ports::RunOutcome;

namespace {

domain::ports::StreamState state_of(const StreamReport& report) {
    return {report.stream,    report.fetched_at, report.verified_complete_at,
            report.verdict,   report.reason,     json::write(report.evidence),
            report.changed_at};
}

domain::RunFindings findings_of(const std::vector<StreamReport>& reports,
                                const std::optional<Error>& failure) {
    domain::RunFindings found;
    found.failure = failure;
    for (const StreamReport& report : reports) {
        if (!found.failure && report.error) {
            found.failure = report.error;
        }
        if (report.proposal) {
            found.proposal = report.proposal;
        }
        // What else leaves a walk unproven, the next one would meet again.
        found.unsettled = found.unsettled ||
                          (report.verdict == "unproven" && json::find(report.evidence, "resumed") != nullptr);
        if (found.incomplete.empty() && report.verdict == "partial") {
            found.incomplete = report.reason;
        }
        if (found.paused.empty() && report.verdict == "paused") {
            found.paused = report.reason;
        }
    }
    return found;
}

std::string state_of(const std::vector<StreamReport>& reports, bool failed) {
    bool partial = false;
    bool held = false;
    for (const StreamReport& report : reports) {
        partial = partial || report.verdict == "partial" || report.verdict == "paused";
        held = held || report.proposal.has_value();
    }
    return failed ? "failed" : partial ? "partial" : held ? "held" : "succeeded";
}

}  // namespace

RunOutcome outcome_of(const ClaimedRun& claimed, const std::vector<StreamReport>& reports,
                      const std::optional<Error>& failure, double roll) {
    const domain::RunFindings found = findings_of(reports, failure);
    domain::Judgement judged = judge(claimed.health, found, claimed.connection.period, roll);
    RunOutcome outcome;
    outcome.state = state_of(reports, failure.has_value());
    json::Array streams;
    std::ranges::transform(reports, std::back_inserter(streams), &StreamReport::to_json);
    outcome.report = report_text(std::move(streams));
    if (found.failure) {
        outcome.error_code = name_of(found.failure->code);
        outcome.error_detail = found.failure->detail;
    }
    outcome.health = std::move(judged.health);
    outcome.next_due_in = judged.next_due_in;
    for (const StreamReport& report : reports) {
        // What is stored of a skipped stream stands, or was changed by the operator who resumed it meanwhile.
        if (!report.skipped) {
            outcome.streams.push_back(state_of(report));
        }
        std::ranges::move(domain::sightings_of(report.stream, report.drift),
                          std::back_inserter(outcome.drift));
    }
    return outcome;
}

RunOutcome outcome_of_bug(const ClaimedRun& claimed, double roll) {
    return outcome_of(
        claimed, {}, Error{domain::Errc::internal, "Something went wrong on our side; it was logged."}, roll);
}

}  // namespace tributary::sync
