// The clock of one run: every sleep on it, the engine's own or a provider session's, ends soon after the run
// is told to stop.
#pragma once

#include <functional>

#include "domain/ports/clock.hpp"

namespace tributary::sync {

class RunClock final : public domain::ports::Clock {
  public:
    /// The clock behind it outlives it.
    RunClock(domain::ports::Clock& clock, std::function<bool()> keep_going);

    [[nodiscard]] domain::Timestamp now() const override { return clock_.now(); }

    [[nodiscard]] std::chrono::steady_clock::time_point steady_now() const override {
        return clock_.steady_now();
    }

    domain::ports::Task<domain::Result<void>> sleep(std::chrono::steady_clock::duration duration) override;

  private:
    domain::ports::Clock& clock_;
    std::function<bool()> keep_going_;
};

}  // namespace tributary::sync
