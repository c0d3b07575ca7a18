// What an answer means for an action. Pure.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "domain/error.hpp"
#include "domain/ports/actions.hpp"

namespace tributary::actions {

struct Patience {
    /// An action that is not resolved this long after it was asked for ends; one that the provider accepted
    /// takes as long as the provider does.
    std::chrono::seconds longest{23 * 3600};
    /// A look that does not find the effect sooner than this after the answer was lost proves nothing: the
    /// provider may still be at it.
    std::chrono::seconds quiet{60};
};

/// What is known of an action before it is taken further.
struct Standing {
    /// As of domain::ports::ActionView.
    std::string state;
    /// How often it was put off in that state.
    std::int64_t tries = 0;
    std::chrono::seconds age{0};
    /// Since it was sent, or since its answer was lost.
    std::optional<std::chrono::seconds> since_sent = std::nullopt;
    /// An earlier sending was looked for and is not there: a refusal speaks of all that was sent.
    bool disproved = false;
};

struct Verdict {
    enum class Next {
        settle,   ///< it came to `state`: accepted, succeeded or failed
        put_off,  ///< it is taken up again after `pause`, in `state`
        send,     ///< it was not done: send it
    };
    Next next = Next::put_off;
    std::string state;
    /// Of what failed: a code of the API's problems and a sentence.
    std::string code = {};
    std::string detail = {};
    /// Of what was put off or accepted.
    std::chrono::seconds pause{0};
};

/// What an answer to sending it means.
Verdict after_sending(const Standing& standing, const domain::Result<domain::ports::ActionEffect>& answered);
/// What an answer to looking for its effect means.
Verdict after_look(const Standing& standing, const Patience& patience,
                   const domain::Result<domain::ports::ActionEffect>& answered);
/// Nobody can be asked: the connection is gone, its credentials are refused, or this program cannot use it.
/// `for_good`: that will not change by itself.
Verdict without_provider(const Standing& standing, std::string detail, bool for_good);
/// It was waited for long enough; nothing that was accepted is.
Verdict out_of_patience(const Standing& standing);
/// Its effect is known without asking.
Verdict done();

/// 1 s, 2 s, 4 s ... 5 min; of what was accepted 5 s, 10 s ... 5 min, and 1 h after a day.
std::chrono::seconds pause_of(const std::string& state, std::int64_t tries);

}  // namespace tributary::actions
