#include "domain/budget.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <random>

using namespace tributary;
using domain::BudgetState;
using domain::BudgetTerms;
using domain::Drawn;
using domain::DrawSize;
using domain::Lane;

namespace {

constexpr std::int64_t second = 1'000'000;
constexpr std::int64_t start = 1'700'000'000 * second;

std::int64_t granted(BudgetState& state, const BudgetTerms& terms, Lane lane, std::int64_t wanted,
                     std::int64_t now) {
    return draw(state, terms, lane, wanted, now).granted;
}

}  // namespace

TEST_CASE("a full bucket gives its burst, then one token an interval") {
    const BudgetTerms terms{10, 5};
    BudgetState state;
    CHECK(granted(state, terms, Lane::interactive, 100, start) == 5);
    const Drawn none = draw(state, terms, Lane::interactive, 1, start);
    CHECK(none.granted == 0);
    CHECK(none.wait == second / 10);
    CHECK(granted(state, terms, Lane::interactive, 1, start + second / 10 - 1) == 0);
    CHECK(granted(state, terms, Lane::interactive, 1, start + second / 10) == 1);
    CHECK(granted(state, terms, Lane::interactive, 100, start + 10 * second) == 5);
}

TEST_CASE("background requests leave a reserve that interactive ones still get") {
    const BudgetTerms terms{10, 10};
    BudgetState state;
    CHECK(available(state, terms, Lane::background, start) == 8);
    CHECK(granted(state, terms, Lane::background, 100, start) == 8);
    const Drawn none = draw(state, terms, Lane::background, 1, start);
    CHECK(none.granted == 0);
    CHECK(none.wait == second / 10);
    CHECK(available(state, terms, Lane::interactive, start) == 2);
    CHECK(granted(state, terms, Lane::interactive, 100, start) == 2);
    // While interactive requests take what comes, background ones get nothing.
    for (std::int64_t now = start + second / 10; now < start + 5 * second; now += second / 10) {
        CHECK(granted(state, terms, Lane::background, 1, now) == 0);
        CHECK(granted(state, terms, Lane::interactive, 1, now) == 1);
    }
}

TEST_CASE("a bucket of one token has no reserve, one of two has") {
    CHECK(domain::reserve_of({1, 1}) == 0);
    CHECK(domain::reserve_of({1, 2}) == 1);
    CHECK(domain::reserve_of({1, 9}) == 1);
    CHECK(domain::reserve_of({300, 300}) == 60);
    BudgetState state;
    CHECK(granted(state, {1, 1}, Lane::background, 5, start) == 1);
}

TEST_CASE("a rate that divides no second is rounded down, never up") {
    CHECK(domain::interval_of({3, 1}) == 333'334);
    CHECK(domain::interval_of({300, 1}) == 3'334);
    CHECK(domain::interval_of({1, 1}) == second);
    CHECK(domain::interval_of({1'000'000, 1}) == 1);
}

TEST_CASE(
    "a blocked credential gets nothing until the moment has come, and no block is told as longer than an "
    "hour") {
    const BudgetTerms terms{10, 5};
    BudgetState state;
    state.blocked_until = start + 30 * second;
    const Drawn blocked = draw(state, terms, Lane::interactive, 5, start);
    CHECK(blocked.granted == 0);
    CHECK(blocked.wait == 30 * second);
    CHECK(granted(state, terms, Lane::interactive, 5, start + 30 * second - 1) == 0);
    CHECK(granted(state, terms, Lane::interactive, 5, start + 30 * second) == 5);
    state.blocked_until = start + 100'000 * second;
    CHECK(draw(state, terms, Lane::interactive, 5, start).wait == 3'600 * second);
}

TEST_CASE("a clock set back by a day costs one full bucket, not a day") {
    const BudgetTerms terms{10, 5};
    BudgetState state;
    CHECK(granted(state, terms, Lane::interactive, 5, start) == 5);
    const std::int64_t yesterday = start - 86'400 * second;
    CHECK(draw(state, terms, Lane::interactive, 1, yesterday).wait == second / 10);
    CHECK(granted(state, terms, Lane::interactive, 1, yesterday + second / 10) == 1);
}

TEST_CASE("a smaller burst or rate takes hold at once and never owes tokens") {
    BudgetState state;
    CHECK(granted(state, {10, 50}, Lane::interactive, 50, start) == 50);
    CHECK(available(state, {10, 5}, Lane::interactive, start) == 0);
    CHECK(draw(state, {10, 5}, Lane::interactive, 1, start).wait == second / 10);
    CHECK(available(state, {10, 5}, Lane::background, start) == 0);
}

TEST_CASE("over a million random draws never more than rate * t + burst is granted in any span of time") {
    std::mt19937_64 random(20'240'607);
    std::size_t steps = 0;
    for (int round = 0; round < 110; ++round) {
        const BudgetTerms terms{static_cast<std::int64_t>(1 + random() % 1'000),
                                static_cast<std::int64_t>(1 + random() % 200)};
        const std::int64_t interval = domain::interval_of(terms);
        BudgetState state;
        std::int64_t now = start;
        // The bucket as it is taught: a level that fills with time. It may never be overdrawn.
        std::int64_t level = terms.burst * interval;
        std::int64_t sum = 0;
        std::int64_t background = 0;
        for (int step = 0; step < 10'000; ++step, ++steps) {
            const auto pause = static_cast<std::int64_t>(
                random() % 8 == 0 ? random() % static_cast<std::uint64_t>(interval * terms.burst * 2)
                                  : random() % static_cast<std::uint64_t>(interval * 2));
            now += pause;
            level = std::min(terms.burst * interval, level + pause);
            const Lane lane = random() % 2 == 0 ? Lane::background : Lane::interactive;
            const auto wanted = static_cast<std::int64_t>(random() % 16);
            const std::int64_t free = available(state, terms, lane, now);
            const Drawn drawn = draw(state, terms, lane, wanted, now);
            REQUIRE(drawn.granted == std::min(wanted, free));
            level -= drawn.granted * interval;
            REQUIRE(level >= 0);
            if (lane == Lane::background && drawn.granted > 0) {
                REQUIRE(level >= domain::reserve_of(terms) * interval);
                background += drawn.granted;
            }
            sum += drawn.granted;
            if (drawn.granted < wanted) {
                REQUIRE(drawn.wait > 0);
                REQUIRE(available(state, terms, lane, now + drawn.wait) >= 1);
                REQUIRE(available(state, terms, lane, now + drawn.wait - 1) == 0);
            }
        }
        const double seconds = static_cast<double>(now - start) / static_cast<double>(second);
        REQUIRE(static_cast<double>(sum) <=
                static_cast<double>(terms.rate) * seconds + static_cast<double>(terms.burst));
        REQUIRE(sum > 0);
        REQUIRE((terms.burst < 2 || background > 0));
    }
    CHECK(steps > 1'000'000);
}

TEST_CASE("a busy credential draws more at a time, up to a fifth of a second's worth, a wasteful one less") {
    const BudgetTerms terms{300, 300};
    DrawSize size;
    CHECK(size.tokens(terms) == 4);
    size.used_up(terms);
    CHECK(size.tokens(terms) == 8);
    for (int i = 0; i < 10; ++i) {
        size.used_up(terms);
    }
    CHECK(size.tokens(terms) == 60);
    size.wasted();
    CHECK(size.tokens(terms) == 60);
    for (int i = 0; i < 10; ++i) {
        size.wasted();
    }
    CHECK(size.tokens(terms) == 1);
    size.used_up({4, 8});
    CHECK(size.tokens({4, 8}) == 1);
    CHECK(DrawSize().tokens({10, 20}) == 2);
}
