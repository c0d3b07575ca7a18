// Stops asking a provider's host that answers nothing but trouble, and finds out when it is back. Pure: the
// caller tells the monotonic time.
#pragma once

#include <array>
#include <chrono>
#include <string_view>

#include "domain/enum_pair.hpp"

namespace tributary::domain {

enum class BreakerState { closed, open, half_open };

constexpr auto names_of(BreakerState) {
    using enum BreakerState;
    return std::to_array<EnumName<BreakerState>>(
        {{closed, "closed"}, {open, "open"}, {half_open, "half_open"}});
}

class CircuitBreaker {
  public:
    using Time = std::chrono::steady_clock::time_point;
    using Wait = std::chrono::steady_clock::duration;

    /// Transient failures in a row that open it.
    static constexpr int failures_to_open = 5;
    /// An open breaker lets one request through in each such time.
    static constexpr std::chrono::seconds probe_every{30};

    /// How long until a request may go; zero where one may go now. Changes nothing.
    [[nodiscard]] Wait wait(Time now) const;
    /// Lets a request go where wait() is zero; while open, that request is the probe. The caller tells its
    /// outcome; a probe whose outcome nobody tells is followed by another in its time.
    bool admit(Time now);
    /// The host answered something that is no transient failure.
    void succeeded();
    /// A transient failure: 5xx, no connection, no answer in time.
    void failed(Time now);

    [[nodiscard]] BreakerState state() const { return state_; }

  private:
    BreakerState state_ = BreakerState::closed;
    int failures_ = 0;
    Time next_probe_{};
};

}  // namespace tributary::domain
