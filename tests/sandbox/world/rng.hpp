// A small deterministic generator: the same seed and label give the same draws on every machine and library,
// which the standard distributions do not promise.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace tributary::sandbox {

class Rng {
  public:
    /// Generators of different labels are independent, so that one part of the population can grow without
    /// moving the draws of another.
    Rng(std::uint64_t seed, std::string_view label);

    std::uint64_t next();
    /// Uniform in [0, bound); bound is at least 1.
    std::uint64_t below(std::uint64_t bound);

    /// True in `percent` of 100 draws.
    bool chance(unsigned percent) { return below(100) < percent; }

    /// A version 4 UUID in lower case.
    std::string uuid();
    /// `count` random bytes in lower-case hex.
    std::string hex(std::size_t count);
    /// `count` raw random bytes.
    std::string bytes(std::size_t count);
    /// `count` decimal digits, leading zeros allowed.
    std::string digits(std::size_t count);

    template <class T, std::size_t N>
    const T& pick(const T (&values)[N]) {
        return values[below(N)];
    }

  private:
    std::uint64_t state_;
};

}  // namespace tributary::sandbox
