#include "services/sync/retry.hpp"

#include <algorithm>

namespace tributary::sync {

using std::chrono::milliseconds;

std::optional<milliseconds> retry_delay(const domain::Error& error, int attempt, double roll) {
    static constexpr milliseconds base{500};
    static constexpr milliseconds cap{30'000};
    static constexpr std::chrono::seconds longest_wait{60};
    if (!is_retryable(error.code) || attempt >= max_attempts) {
        return std::nullopt;
    }
    if (error.retry_after) {
        return *error.retry_after <= longest_wait ? std::optional(milliseconds(*error.retry_after) +
                                                                  milliseconds(static_cast<int>(roll * 250)))
                                                  : std::nullopt;
    }
    const milliseconds bound = std::min(cap, base * (1 << (attempt - 1)));
    return milliseconds(static_cast<milliseconds::rep>(roll * static_cast<double>(bound.count())));
}

}  // namespace tributary::sync
