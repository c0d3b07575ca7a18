// All chance of a simulation comes from one seed.
#pragma once

#include <chrono>
#include <cstdint>
#include <span>

#include "domain/ports/clock.hpp"

namespace tributary::simulation {

/// SplitMix64: small, fast, and the same on every machine (the standard's distributions are not).
class Dice {
  public:
    explicit Dice(std::uint64_t seed) : state_(seed * 0x9E3779B97F4A7C15U + 0x1234567U) {}

    std::uint64_t next() {
        std::uint64_t z = (state_ += 0x9E3779B97F4A7C15U);
        z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9U;
        z = (z ^ (z >> 27U)) * 0x94D049BB133111EBU;
        return z ^ (z >> 31U);
    }

    /// Below `bound`, which is not zero.
    std::uint64_t below(std::uint64_t bound) { return next() % bound; }

    /// Both ends included.
    std::int64_t between(std::int64_t low, std::int64_t high) {
        return low + static_cast<std::int64_t>(below(static_cast<std::uint64_t>(high - low + 1)));
    }

    std::chrono::milliseconds between(std::chrono::milliseconds low, std::chrono::milliseconds high) {
        return std::chrono::milliseconds(between(low.count(), high.count()));
    }

    bool chance(double probability) {
        return static_cast<double>(next() >> 11U) < probability * 9007199254740992.0;
    }

  private:
    std::uint64_t state_;
};

/// The engine's own randomness: jitter, ids of runs.
class DiceRandom final : public domain::ports::Random {
  public:
    explicit DiceRandom(Dice& dice) : dice_(dice) {}

    void fill(std::span<std::uint8_t> out) override {
        for (std::uint8_t& byte : out) {
            byte = static_cast<std::uint8_t>(dice_.next());
        }
    }

  private:
    Dice& dice_;
};

}  // namespace tributary::simulation
