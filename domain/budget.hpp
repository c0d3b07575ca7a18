// How many requests a credential may make: a token bucket kept as one number (GCRA), with two lanes. Pure;
// all times are whole microseconds of one clock, PostgreSQL's, so that every replica computes the same.
#pragma once

#include <array>
#include <cstdint>

#include "domain/enum_pair.hpp"

namespace tributary::domain {

/// Interactive requests (somebody waits for them) go before background ones (a schedule does).
enum class Lane { interactive, background };

constexpr auto names_of(Lane) {
    using enum Lane;
    return std::to_array<EnumName<Lane>>({{interactive, "interactive"}, {background, "background"}});
}

/// What a provider's operator allows. Both at least 1; the rate at most a million.
struct BudgetTerms {
    /// Requests a second, sustained.
    std::int64_t rate = 1;
    /// Requests at once after a pause.
    std::int64_t burst = 1;

    friend bool operator==(const BudgetTerms&, const BudgetTerms&) = default;
};

/// Microseconds that one request costs. Rounded up: the rate is never exceeded by a fraction.
std::int64_t interval_of(const BudgetTerms& terms);
/// Tokens of a full bucket that background requests leave to interactive ones: a fifth, at least one of two.
std::int64_t reserve_of(const BudgetTerms& terms);

/// What is kept of a bucket. Zero of both is a full bucket.
struct BudgetState {
    /// When the bucket will be full again (the theoretical arrival time of GCRA).
    std::int64_t tat = 0;
    /// Nothing is granted before this moment.
    std::int64_t blocked_until = 0;
};

struct Drawn {
    std::int64_t granted = 0;
    /// How long until a token of this lane is free; 0 where more were.
    std::int64_t wait = 0;
};

/// No block is said to last longer than this, whatever stands in the row: a clock may have been set back.
inline constexpr std::int64_t longest_block_us = 3'600'000'000;

/// Takes up to `wanted` tokens, as many as there are. Within any t seconds no more than rate * t + burst are
/// granted. A clock that was set back costs one full bucket at most, not the time it went back.
Drawn draw(BudgetState& state, const BudgetTerms& terms, Lane lane, std::int64_t wanted, std::int64_t now);

/// Tokens that a lane could draw now, were nothing blocked.
std::int64_t available(const BudgetState& state, const BudgetTerms& terms, Lane lane, std::int64_t now);

/// How many tokens to draw at a time: few for a quiet credential, so that few die unused, more for a busy
/// one, so that there is no round trip a request. At most a fifth of a second's worth, at least one.
class DrawSize {
  public:
    [[nodiscard]] std::int64_t tokens(const BudgetTerms& terms) const;
    /// All were used within their life: twice as many next time.
    void used_up(const BudgetTerms& terms);
    /// Some died: half as many next time.
    void wasted();

  private:
    std::int64_t tokens_ = 4;
};

}  // namespace tributary::domain
