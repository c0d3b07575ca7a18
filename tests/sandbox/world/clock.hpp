// The providers' clock. Two things can be bent from outside: how old everything issued so far is (tokens,
// sessions) and how far the providers' clock is off (signature windows, one-time passwords).
#pragma once

#include <chrono>
#include <functional>

#include "domain/time.hpp"

namespace tributary::sandbox {

class SandboxClock {
  public:
    explicit SandboxClock(std::function<domain::Timestamp()> real) : real_(std::move(real)) {}

    /// What the providers' clock reads: signature windows, one-time passwords and the timestamps they report.
    [[nodiscard]] domain::Timestamp now() const { return real_() + skew_; }

    /// The clock by which lifetimes run out; ahead of now() by what age() added.
    [[nodiscard]] domain::Timestamp lifetime_now() const { return real_() + aged_; }

    /// Makes everything issued so far older.
    void age(std::chrono::seconds by) { aged_ += by; }

    /// Sets how far the providers' clock is ahead of real time; negative is behind.
    void set_skew(std::chrono::seconds skew) { skew_ = skew; }

  private:
    std::function<domain::Timestamp()> real_;
    std::chrono::seconds aged_{0};
    std::chrono::seconds skew_{0};
};

}  // namespace tributary::sandbox
