#include "services/sync/hosts.hpp"

namespace tributary::sync {

using domain::CircuitBreaker;

CircuitBreaker::Wait Hosts::wait(const std::string& origin, Time now) const {
    const std::lock_guard lock(mutex_);
    const auto host = hosts_.find(origin);
    return host == hosts_.end() ? CircuitBreaker::Wait::zero() : host->second.breaker.wait(now);
}

std::expected<Hosts::Turn, Hosts::Refusal> Hosts::enter(const std::string& origin, bool again, Time now) {
    const std::lock_guard lock(mutex_);
    Host& host = hosts_[origin];
    if (host.breaker.wait(now) > CircuitBreaker::Wait::zero()) {
        return std::unexpected(Refusal::in_trouble);
    }
    if (host.under_way >= requests_at_once) {
        return std::unexpected(Refusal::full);
    }
    if (!again) {
        host.retries.earn();
    } else if (host.breaker.state() == domain::BreakerState::closed && !host.retries.spend()) {
        return std::unexpected(Refusal::no_retry);
    }
    host.breaker.admit(now);
    ++host.under_way;
    return std::expected<Turn, Refusal>(std::in_place, *this, origin);
}

void Hosts::leave(const std::string& origin) {
    const std::lock_guard lock(mutex_);
    --hosts_[origin].under_way;
}

void Hosts::succeeded(const std::string& origin) {
    const std::lock_guard lock(mutex_);
    hosts_[origin].breaker.succeeded();
}

void Hosts::failed(const std::string& origin, Time now) {
    const std::lock_guard lock(mutex_);
    hosts_[origin].breaker.failed(now);
}

domain::BreakerState Hosts::breaker(const std::string& origin) const {
    const std::lock_guard lock(mutex_);
    const auto host = hosts_.find(origin);
    return host == hosts_.end() ? domain::BreakerState::closed : host->second.breaker.state();
}

}  // namespace tributary::sync
