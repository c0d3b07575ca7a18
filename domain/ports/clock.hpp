// Time and randomness come in from outside, so that a test can run a day in a moment and twice the same way.
#pragma once

#include <chrono>
#include <cstdint>
#include <span>

#include "domain/error.hpp"
#include "domain/ports/task.hpp"
#include "domain/time.hpp"

namespace tributary::domain::ports {

class Clock {
  public:
    virtual ~Clock() = default;
    /// Wall clock, for signatures and tokens. Durations are never computed from it.
    [[nodiscard]] virtual Timestamp now() const = 0;
    /// Monotonic, for deadlines and durations.
    [[nodiscard]] virtual std::chrono::steady_clock::time_point steady_now() const = 0;
    /// Ends after `duration`; earlier, with Errc::cancelled, where what the sleeper works for is to stop.
    virtual Task<Result<void>> sleep(std::chrono::steady_clock::duration duration) = 0;
};

class Random {
  public:
    virtual ~Random() = default;
    /// Fills `out` with bytes fit for keys and nonces. Thread-safe.
    virtual void fill(std::span<std::uint8_t> out) = 0;
};

}  // namespace tributary::domain::ports
