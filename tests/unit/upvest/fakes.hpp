// Stand-ins for what a session is given: HTTP that answers from a function and records, a clock that only
// moves by hand, randomness that counts.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "domain/ports/clock.hpp"
#include "domain/ports/http.hpp"

namespace tributary::tests {

class FakeTransport final : public domain::ports::HttpTransport {
  public:
    using Answering =
        std::function<domain::Result<domain::ports::HttpAnswer>(const domain::ports::HttpCall&)>;

    explicit FakeTransport(Answering answering) : answering_(std::move(answering)) {}

    /// Records the call, gives the others their turns, then answers.
    domain::ports::Task<domain::Result<domain::ports::HttpAnswer>> send(
        domain::ports::HttpCall call) override;

    /// Calls to this path, in order.
    [[nodiscard]] std::vector<domain::ports::HttpCall> calls_to(std::string_view path) const;

    std::vector<domain::ports::HttpCall> calls;
    /// How often every other coroutine runs before a call to this path is answered; once where it is not
    /// here.
    std::map<std::string, int> turns;
    /// The next call waits until it is cancelled.
    bool hang_once = false;

  private:
    Answering answering_;
};

class FakeClock final : public domain::ports::Clock {
  public:
    [[nodiscard]] domain::Timestamp now() const override { return wall; }

    [[nodiscard]] std::chrono::steady_clock::time_point steady_now() const override { return steady; }

    domain::ports::Task<domain::Result<void>> sleep(std::chrono::steady_clock::duration duration) override;

    void advance(std::chrono::seconds by);

    /// 2025-01-01T00:00:00.9Z, inside a second.
    domain::Timestamp wall{std::chrono::milliseconds(1'735'689'600'900)};
    std::chrono::steady_clock::time_point steady{std::chrono::hours(1)};
};

/// 0, 1, 2, ... without end: fresh every time, the same every run.
class FakeRandom final : public domain::ports::Random {
  public:
    void fill(std::span<std::uint8_t> out) override;

  private:
    std::uint64_t next_ = 0;
};

domain::ports::HttpAnswer answer(int status, std::string body);

}  // namespace tributary::tests
