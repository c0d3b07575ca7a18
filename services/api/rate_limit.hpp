// How many requests one caller may make in this process: a token bucket a principal, kept as one number
// (GCRA). No request waits and none asks the database.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>
#include <unordered_map>

#include "domain/ports/admin_store.hpp"
#include "domain/ports/clock.hpp"
#include "domain/ports/http.hpp"
#include "domain/uuid.hpp"

namespace tributary::api {

/// What became of one request, as the RateLimit fields tell it.
struct RateVerdict {
    bool admitted = true;
    /// Requests a minute.
    std::size_t quota = 0;
    /// Requests that would be admitted at this moment.
    std::int64_t remaining = 0;
    /// Until `remaining` is as large as it gets; where it is 0, until it is 1.
    std::chrono::seconds reset{0};
};

/// Thread-safe, and threads seldom meet: callers are spread over parts with a lock each.
class RateLimits {
  public:
    /// Beyond it the caller is forgotten whose bucket is nearest to full, which is what forgetting makes it.
    static constexpr std::size_t max_principals = 10'000;

    /// `per_minute` 0: no limit. Within any t minutes nobody is admitted more than per_minute * t requests
    /// and the twentieth part of per_minute that may come at once after a pause. `clock` outlives it.
    RateLimits(std::size_t per_minute, const domain::ports::Clock& clock);

    /// Takes one request of this caller; nothing where there is no limit.
    std::optional<RateVerdict> take(const domain::Uuid& caller);

    /// Gives back what was taken for a request that is asked about once more.
    void give_back(const domain::Uuid& caller);

    /// Callers with a bucket of their own at this moment.
    [[nodiscard]] std::size_t remembered();

  private:
    using Moment = std::chrono::steady_clock::time_point;

    struct Part {
        std::mutex mutex;
        /// When each caller's bucket will be full again.
        std::unordered_map<domain::Uuid, Moment> full_at;
    };

    static constexpr std::size_t parts = 16;

    static void make_room(Part& part, Moment now);

    std::size_t quota_;
    /// What one request costs, rounded up, so that the quota is never exceeded by a fraction.
    std::chrono::nanoseconds interval_{0};
    std::int64_t burst_ = 1;
    const domain::ports::Clock& clock_;
    std::array<Part, parts> parts_;
};

/// Whose bucket a request is taken from: the key's, or that of a token's subject in its tenant.
domain::Uuid caller_of(const domain::ports::Principal& principal);

/// RateLimit-Policy and RateLimit (draft-ietf-httpapi-ratelimit-headers).
void add_rate_fields(domain::ports::HttpReply& reply, const RateVerdict& verdict);

}  // namespace tributary::api
