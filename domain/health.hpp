// How a connection fares, and when its next run is due: decided from how it fared before and what a run
// found. Pure.
//
// Trouble that may pass by itself makes runs rarer and rarer, but never stops them. Refused credentials stop
// them at once, because providers lock out callers who keep trying; somebody who asks for runs all the same
// is stopped after the third refusal. Faults of our own (a wrong key, a provider this program does not know)
// only back off: one badly installed replica must not switch off connections that others could serve.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "domain/error.hpp"
#include "domain/kinds.hpp"
#include "domain/uuid.hpp"

namespace tributary::domain {

enum class ConnectionStatus {
    pending,          ///< never ran, or was repaired and has not run since
    active,           ///< the last run went well
    degraded,         ///< the last run found trouble; it is tried again by itself, at growing intervals
    rate_limited,     ///< the provider asked for a pause; the next run is due when that is over
    reauth_required,  ///< the credentials were refused; no run until somebody acts
    paused,           ///< an operator took it out of the schedule; runs only when asked
    held,             ///< works, but a proposal to remove much waits for a decision
    disabled,         ///< refused again and again when asked for; no run, asked for or not, until repaired
    removing,         ///< its records are being withdrawn
    other
};

constexpr auto names_of(ConnectionStatus) {
    using enum ConnectionStatus;
    return std::to_array<EnumName<ConnectionStatus>>({{pending, "pending"},
                                                      {active, "active"},
                                                      {degraded, "degraded"},
                                                      {rate_limited, "rate_limited"},
                                                      {reauth_required, "reauth_required"},
                                                      {paused, "paused"},
                                                      {held, "held"},
                                                      {disabled, "disabled"},
                                                      {removing, "removing"},
                                                      {other, "other"}});
}

struct Health {
    ConnectionStatus status = ConnectionStatus::pending;
    /// Why; empty where there is nothing to say.
    std::string reason = {};
    /// What the operator does now, one sentence; empty where nothing is to be done.
    std::string next_step = {};
    /// Runs in a row that ended in trouble; of a connection whose credentials are refused: refusals in a row.
    int failures = 0;

    friend bool operator==(const Health&, const Health&) = default;
};

/// What a run found, as far as it bears on health.
struct RunFindings {
    /// The first error of the run or of one of its streams.
    std::optional<Error> failure = std::nullopt;
    /// Why a stream could not be read whole, where that is nobody's error (it kept changing); else empty.
    std::string incomplete = {};
    /// Why a stream is paused that only an operator resumes; else empty.
    std::string paused = {};
    /// The run whose proposal waits for a decision.
    std::optional<Uuid> proposal = std::nullopt;
    /// A stream's walk was resumed, so that only another one can tell what is missing.
    bool unsettled = false;
};

struct Judgement {
    Health health;
    /// From now; absent: only when asked.
    std::optional<std::chrono::milliseconds> next_due_in;
};

/// Refusals in a row after which a connection is disabled.
inline constexpr int refusals_allowed = 3;

/// `period`: of the schedule; absent: runs only when asked. `roll` is uniform in [0, 1).
Judgement judge(const Health& before, const RunFindings& found,
                const std::optional<std::chrono::seconds>& period, double roll);

/// Works, and the proposal of this run waits for a decision.
Health health_held(const Uuid& run);
/// The health of a connection that an operator paused, that is being removed, or whose credentials were just
/// replaced (pending).
Health health_by_decision(ConnectionStatus status);

}  // namespace tributary::domain
