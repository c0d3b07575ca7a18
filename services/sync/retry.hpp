// When to ask a provider again. Pure, but for the drawing of the lot.
#pragma once

#include <chrono>
#include <optional>

#include "domain/error.hpp"
#include "domain/ports/clock.hpp"

namespace tributary::sync {

inline constexpr int max_attempts = 4;

/// How long to wait before attempt `attempt + 1` (attempts count from 1), or nothing where the error is final
/// or too many attempts were made. Full jitter between zero and an exponentially growing bound (0.5 s, capped
/// at 30 s); the provider's own Retry-After is obeyed where it is at most a minute, and ends the run's
/// attempts where it is longer. `roll` is uniform in [0, 1).
std::optional<std::chrono::milliseconds> retry_delay(const domain::Error& error, int attempt, double roll);

/// Uniform in [0, 1).
double roll_of(domain::ports::Random& random);

}  // namespace tributary::sync
