#include "services/api/rate_limit.hpp"

#include <algorithm>
#include <ranges>
#include <string>

namespace tributary::api {

using std::chrono::nanoseconds;
using std::chrono::seconds;

namespace {

constexpr nanoseconds window = std::chrono::minutes(1);
/// A whole quota at once after a pause would let twice the quota through within a minute; a twentieth keeps
/// every minute within 5 % of it.
constexpr std::int64_t bursts_a_window = 20;

}  // namespace

RateLimits::RateLimits(std::size_t per_minute, const domain::ports::Clock& clock)
    : quota_(per_minute), clock_(clock) {
    if (quota_ > 0) {
        const auto quota = static_cast<std::int64_t>(quota_);
        interval_ = nanoseconds((window.count() + quota - 1) / quota);
        burst_ = std::max<std::int64_t>(1, quota / bursts_a_window);
    }
}

std::optional<RateVerdict> RateLimits::take(const domain::Uuid& caller) {
    if (quota_ == 0) {
        return std::nullopt;
    }
    Part& part = parts_[std::hash<domain::Uuid>()(caller) % parts];
    const std::lock_guard lock(part.mutex);
    // Within the lock: time never goes back between two requests of one caller.
    const Moment now = clock_.steady_now();
    auto found = part.full_at.find(caller);
    if (found == part.full_at.end()) {
        make_room(part, now);
        found = part.full_at.emplace(caller, now).first;
    }
    const nanoseconds depth = interval_ * burst_;
    nanoseconds missing = std::max(found->second - now, nanoseconds(0));
    RateVerdict verdict;
    verdict.quota = quota_;
    verdict.admitted = missing + interval_ <= depth;
    if (verdict.admitted) {
        missing += interval_;
        found->second = now + missing;
    }
    verdict.remaining = (depth - missing) / interval_;
    const nanoseconds until_next = missing - (depth - interval_);
    verdict.reset = std::chrono::ceil<seconds>(verdict.remaining > 0 ? missing : until_next);
    return verdict;
}

void RateLimits::give_back(const domain::Uuid& caller) {
    Part& part = parts_[std::hash<domain::Uuid>()(caller) % parts];
    const std::lock_guard lock(part.mutex);
    if (const auto found = part.full_at.find(caller); found != part.full_at.end()) {
        found->second -= interval_;
    }
}

void RateLimits::make_room(Part& part, Moment now) {
    static constexpr std::size_t most = max_principals / parts;
    if (part.full_at.size() < most) {
        return;
    }
    std::erase_if(part.full_at, [now](const auto& bucket) { return bucket.second <= now; });
    if (part.full_at.size() >= most) {
        part.full_at.erase(
            std::ranges::min_element(part.full_at, {}, [](const auto& bucket) { return bucket.second; }));
    }
}

std::size_t RateLimits::remembered() {
    std::size_t count = 0;
    for (Part& part : parts_) {
        const std::lock_guard lock(part.mutex);
        count += part.full_at.size();
    }
    return count;
}

domain::Uuid caller_of(const domain::ports::Principal& principal) {
    return principal.key_id == domain::Uuid{} ? domain::named_uuid(principal.tenant, principal.label)
                                              : principal.key_id;
}

void add_rate_fields(domain::ports::HttpReply& reply, const RateVerdict& verdict) {
    reply.fields.add("RateLimit-Policy", "\"default\";q=" + std::to_string(verdict.quota) + ";w=60");
    reply.fields.add("RateLimit", "\"default\";r=" + std::to_string(verdict.remaining) +
                                      ";t=" + std::to_string(verdict.reset.count()));
}

}  // namespace tributary::api
