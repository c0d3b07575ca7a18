#include "domain/health.hpp"

#include <algorithm>
#include <utility>

namespace tributary::domain {

namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr milliseconds usual_floor = std::chrono::minutes(1);
constexpr milliseconds longest_back_off = std::chrono::hours(1);

milliseconds between(milliseconds low, milliseconds high, double roll) {
    return low +
           milliseconds(static_cast<milliseconds::rep>(roll * static_cast<double>((high - low).count())));
}

/// A connection in trouble is not asked more often than one that works.
milliseconds floor_of(seconds period) {
    return std::min(usual_floor, milliseconds(period));
}

/// Uniform between the floor and a bound that doubles with every failure: many connections that one outage
/// hit do not come back together.
milliseconds back_off(seconds period, int failures, double roll) {
    constexpr int most_doublings = 20;
    const milliseconds floor = floor_of(period);
    const milliseconds bound =
        std::min(longest_back_off, floor * (1 << std::clamp(failures, 1, most_doublings)));
    return between(floor, std::max(floor, bound), roll);
}

/// What the provider asked for, at most an hour, and a moment more so that not all come at the same one.
milliseconds asked_pause(seconds retry_after, double roll) {
    const milliseconds wait = std::clamp<milliseconds>(retry_after, seconds(1), longest_back_off);
    return wait + between(milliseconds(0), std::min<milliseconds>(wait / 10, seconds(5)), roll);
}

milliseconds healthy_pause(const Health& before, bool unsettled, seconds period, double roll) {
    const milliseconds whole = period;
    if (unsettled) {
        return between(floor_of(period), std::min(whole, 2 * floor_of(period)), roll);
    }
    if (before.status == ConnectionStatus::pending) {
        // Connections made together do not stay together.
        return between(std::min<milliseconds>(whole, seconds(10)), whole, roll);
    }
    return between(whole * 9 / 10, whole * 11 / 10, roll);
}

std::string advice_on(Errc code) {
    switch (code) {
        case Errc::configuration:
            return "Mend what the reason names; it is tried again by itself.";
        case Errc::permission_denied:
            return "Give the credentials the right they lack at the provider; it is tried again by itself.";
        case Errc::contract:
            return "Look at the run's report; if this lasts, the provider changed something that this "
                   "program "
                   "does not know yet.";
        case Errc::internal:
            return "Look at the log of the service; it is tried again by itself.";
        default:
            return "Nothing now: it is tried again by itself. If this lasts, ask the provider.";
    }
}

Health refused(const Health& before, const Error& failure) {
    const bool again = before.status == ConnectionStatus::reauth_required;
    const int refusals = again ? before.failures + 1 : 1;
    if (refusals < refusals_allowed) {
        return {ConnectionStatus::reauth_required, failure.detail,
                "Enter working credentials with `tributary connection repair` or PATCH /v1/connections/{id}; "
                "nothing runs until then.",
                refusals};
    }
    return {ConnectionStatus::disabled,
            "The credentials were refused " + std::to_string(refusals) +
                " times in a row, and a further try could lock the account out: " + failure.detail,
            "Enter working credentials with `tributary connection repair` or PATCH /v1/connections/{id}; "
            "`tributary connection resume` allows one more try with the present ones.",
            refusals};
}

}  // namespace

Judgement judge(const Health& before, const RunFindings& found, const std::optional<seconds>& period,
                double roll) {
    const auto due = [&](milliseconds pause) { return period ? std::optional(pause) : std::nullopt; };
    if (found.failure && found.failure->code == Errc::unauthenticated) {
        return {refused(before, *found.failure), std::nullopt};
    }
    const int failures = before.failures + 1;
    const seconds every = period.value_or(seconds(0));
    if (found.failure && found.failure->code == Errc::throttled) {
        const auto& asked = found.failure->retry_after;
        return {{ConnectionStatus::rate_limited, found.failure->detail,
                 "Nothing now: the next run waits as long as the provider asked.", failures},
                due(asked ? asked_pause(*asked, roll) : back_off(every, failures, roll))};
    }
    if (found.failure) {
        const auto& asked = found.failure->retry_after;
        return {{ConnectionStatus::degraded, found.failure->detail, advice_on(found.failure->code), failures},
                due(asked ? asked_pause(*asked, roll) : back_off(every, failures, roll))};
    }
    if (!found.paused.empty()) {
        // What the operator must do is shown before what passes by itself; the other streams keep their time.
        return {
            {ConnectionStatus::degraded, found.paused,
             "Look at `tributary quarantine list` and `tributary drift list`; once the objects can be read "
             "again, `tributary connection resume` or POST /v1/connections/{id}/resume goes on.",
             found.incomplete.empty() ? 0 : failures},
            due(found.incomplete.empty() ? healthy_pause(before, found.unsettled, every, roll)
                                         : back_off(every, failures, roll))};
    }
    if (!found.incomplete.empty()) {
        return {{ConnectionStatus::degraded, found.incomplete,
                 "Nothing now: the next run reads it again; nothing was removed.", failures},
                due(back_off(every, failures, roll))};
    }
    const auto pause = due(healthy_pause(before, found.unsettled, every, roll));
    if (found.proposal) {
        return {health_held(*found.proposal), pause};
    }
    return {{ConnectionStatus::active, "", "", 0}, pause};
}

Health health_held(const Uuid& run) {
    return {ConnectionStatus::held,
            "More objects are missing at the provider than a run may remove by itself; they are kept.",
            "Look with `tributary proposal show " + to_text(run) + "`, then approve or reject it.", 0};
}

Health health_by_decision(ConnectionStatus status) {
    switch (status) {
        case ConnectionStatus::paused:
            return {status, "An operator paused it.",
                    "`tributary connection resume` puts it back on schedule."};
        case ConnectionStatus::removing:
            return {status, "It was removed; its records are being withdrawn.",
                    "Nothing: it goes by itself."};
        default:
            return {status, "", "Nothing: the first run starts by itself."};
    }
}

}  // namespace tributary::domain
