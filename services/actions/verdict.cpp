#include "services/actions/verdict.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

namespace tributary::actions {

using domain::Errc;
using domain::Error;
using domain::Result;
using domain::ports::ActionEffect;
using std::chrono::seconds;
using Next = Verdict::Next;

namespace {

constexpr seconds longest_pause{300};
/// As many of the longest pauses as a day has.
constexpr std::int64_t a_day_of_looks = 288;
constexpr seconds once_it_takes_days{3600};
/// Callers whose credentials are refused are locked out where they keep trying.
constexpr seconds after_refusal{3600};

Verdict failed(std::string_view code, std::string detail) {
    return {Next::settle, "failed", std::string(code), std::move(detail)};
}

Verdict put_off(const Standing& standing, std::string state) {
    const seconds pause = pause_of(state, standing.tries);
    return {Next::put_off, std::move(state), {}, {}, pause};
}

/// By a sending before this one. Queued again after it was sent: the provider said that it was not done.
bool may_be_done(const Standing& standing) {
    return standing.state != "queued" && !standing.disproved;
}

/// The provider did not look at the order itself, and so says nothing of one that it got before.
bool is_of_the_caller(Errc code) {
    return code == Errc::unauthenticated || code == Errc::permission_denied || code == Errc::configuration ||
           code == Errc::conflict;
}

/// The effect stands, or will.
Verdict of_effect(const Standing& standing, const ActionEffect& effect) {
    if (effect.finished) {
        return {Next::settle, "succeeded"};
    }
    const std::int64_t tries = standing.state == "accepted" ? standing.tries + 1 : 0;
    return {Next::settle, "accepted", {}, {}, pause_of("accepted", tries)};
}

/// The provider's word that it was not done; nothing where it may have been.
std::optional<Verdict> of_refusal(const Error& error) {
    switch (error.code) {
        case Errc::invalid_input:
            return failed("action_refused", error.detail);
        case Errc::not_found:
        case Errc::gone:
            return failed("not_found", "The provider does not know what the action is about.");
        case Errc::conflict:
            return failed("conflict", error.detail);
        case Errc::permission_denied:
            return failed("permission_denied", error.detail);
        case Errc::unauthenticated:
        case Errc::configuration:
            return failed("connection_unusable",
                          "The connection's provider refused its credentials, or this program cannot use "
                          "them; repair the connection and ask again with another key.");
        default:
            return std::nullopt;
    }
}

}  // namespace

seconds pause_of(const std::string& state, std::int64_t tries) {
    const bool accepted = state == "accepted";
    if (accepted && tries > a_day_of_looks) {
        return once_it_takes_days;
    }
    const std::int64_t first = accepted ? 5 : 1;
    const std::int64_t doublings = std::clamp<std::int64_t>(tries, 0, 10);
    return std::min(longest_pause, seconds(first << doublings));
}

Verdict after_sending(const Standing& standing, const Result<ActionEffect>& answered) {
    if (answered && answered->stands) {
        return of_effect(standing, *answered);
    }
    if (answered && answered->finished) {
        return failed("action_refused", "The provider answered, and did not do it.");
    }
    if (answered) {
        return put_off(standing, "in_doubt");
    }
    const Error& error = answered.error();
    if (is_of_the_caller(error.code) && may_be_done(standing)) {
        Verdict verdict = put_off(standing, "in_doubt");
        verdict.pause = error.code == Errc::conflict ? verdict.pause : after_refusal;
        return verdict;
    }
    if (auto refused = of_refusal(error)) {
        return std::move(*refused);
    }
    if (error.code == Errc::throttled) {
        Verdict verdict = put_off(standing, standing.state == "queued" ? "queued" : "in_doubt");
        verdict.pause = std::clamp(error.retry_after.value_or(verdict.pause), seconds(1), after_refusal);
        return verdict;
    }
    Verdict verdict = put_off(standing, "in_doubt");
    if (error.code == Errc::cancelled) {
        verdict.pause = seconds(0);
    }
    return verdict;
}

Verdict after_look(const Standing& standing, const Patience& patience, const Result<ActionEffect>& answered) {
    const bool accepted = standing.state == "accepted";
    const std::string waits = accepted ? "accepted" : "in_doubt";
    if (answered && answered->stands) {
        return of_effect(standing, *answered);
    }
    if (answered && accepted) {
        return answered->finished
                   ? failed("action_refused", "The provider accepted it, and gave it up later.")
                   : put_off(standing, waits);
    }
    if (answered || answered.error().code == Errc::invalid_input) {
        // Of what only its key can tell, the provider knows whether it comes again.
        const bool proves = !answered || standing.since_sent.value_or(patience.quiet) >= patience.quiet;
        return proves ? Verdict{Next::send, "sending"} : put_off(standing, waits);
    }
    const Error& error = answered.error();
    if (error.code == Errc::not_found || error.code == Errc::gone) {
        return failed("not_found", "The provider does not know what the action is about.");
    }
    Verdict verdict = put_off(standing, waits);
    if (error.code == Errc::unauthenticated || error.code == Errc::configuration ||
        error.code == Errc::permission_denied) {
        verdict.pause = after_refusal;
    } else if (error.code == Errc::throttled) {
        verdict.pause = std::clamp(error.retry_after.value_or(verdict.pause), seconds(1), after_refusal);
    } else if (error.code == Errc::cancelled) {
        verdict.pause = seconds(0);
    }
    return verdict;
}

Verdict without_provider(const Standing& standing, std::string detail, bool for_good) {
    if (!may_be_done(standing)) {
        return failed("connection_unusable", std::move(detail));
    }
    if (for_good) {
        return failed("in_doubt", std::move(detail) +
                                      " Nobody can find out any more whether it was done; look at the "
                                      "provider.");
    }
    return {Next::put_off, standing.state == "accepted" ? "accepted" : "in_doubt", {}, {}, longest_pause};
}

Verdict out_of_patience(const Standing& standing) {
    if (!may_be_done(standing)) {
        return failed("action_not_sent",
                      "The provider could not be asked in time, and nothing was changed; "
                      "ask again with another key.");
    }
    return failed("in_doubt",
                  "It was sent and the answer was lost, and the provider could not be asked since whether it "
                  "was done; look at the object before you ask again.");
}

Verdict done() {
    return {Next::settle, "succeeded"};
}

}  // namespace tributary::actions
