// The machine's clocks.
#pragma once

#include "domain/ports/clock.hpp"

namespace tributary::system {

/// Stateless; sleep() never ends early and waits on the executor of the coroutine that awaits it.
class SystemClock final : public domain::ports::Clock {
  public:
    [[nodiscard]] domain::Timestamp now() const override;
    [[nodiscard]] std::chrono::steady_clock::time_point steady_now() const override;
    domain::ports::Task<domain::Result<void>> sleep(std::chrono::steady_clock::duration duration) override;
};

}  // namespace tributary::system
