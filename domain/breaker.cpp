#include "domain/breaker.hpp"

namespace tributary::domain {

CircuitBreaker::Wait CircuitBreaker::wait(Time now) const {
    return state_ == BreakerState::closed || now >= next_probe_ ? Wait::zero() : next_probe_ - now;
}

bool CircuitBreaker::admit(Time now) {
    if (wait(now) > Wait::zero()) {
        return false;
    }
    if (state_ != BreakerState::closed) {
        state_ = BreakerState::half_open;
        next_probe_ = now + probe_every;
    }
    return true;
}

void CircuitBreaker::succeeded() {
    state_ = BreakerState::closed;
    failures_ = 0;
}

void CircuitBreaker::failed(Time now) {
    if (state_ == BreakerState::closed) {
        if (++failures_ < failures_to_open) {
            return;
        }
        next_probe_ = now + probe_every;
    }
    // The next probe keeps its time: requests that were under way when it opened do not put it off.
    state_ = BreakerState::open;
}

}  // namespace tributary::domain
