#include "services/sync/retry.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

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

double roll_of(domain::ports::Random& random) {
    std::array<std::uint8_t, 4> bytes{};
    random.fill(bytes);
    std::uint32_t drawn = 0;
    for (const std::uint8_t byte : bytes) {
        drawn = drawn << 8U | byte;
    }
    return static_cast<double>(drawn) / 4294967296.0;
}

}  // namespace tributary::sync
