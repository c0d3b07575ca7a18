#include "domain/breaker.hpp"

#include <doctest/doctest.h>

#include <random>

using namespace tributary;
using domain::BreakerState;
using domain::CircuitBreaker;
using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

const CircuitBreaker::Time start{std::chrono::hours(1)};

CircuitBreaker opened() {
    CircuitBreaker breaker;
    for (int i = 0; i < CircuitBreaker::failures_to_open; ++i) {
        breaker.failed(start);
    }
    return breaker;
}

}  // namespace

TEST_CASE("a breaker opens at the fifth failure in a row, and a success in between starts the count again") {
    CircuitBreaker breaker;
    for (int i = 0; i < 4; ++i) {
        breaker.failed(start);
    }
    CHECK(breaker.admit(start));
    breaker.succeeded();
    for (int i = 0; i < 4; ++i) {
        breaker.failed(start);
        CHECK(breaker.state() == BreakerState::closed);
    }
    breaker.failed(start);
    CHECK(breaker.state() == BreakerState::open);
    CHECK_FALSE(breaker.admit(start));
    CHECK(breaker.wait(start) == seconds(30));
}

TEST_CASE("an open breaker lets one probe through in thirty seconds") {
    CircuitBreaker breaker = opened();
    CHECK_FALSE(breaker.admit(start + milliseconds(29'999)));
    const auto probe = start + seconds(30);
    CHECK(breaker.admit(probe));
    CHECK(breaker.state() == BreakerState::half_open);
    CHECK_FALSE(breaker.admit(probe));
    breaker.failed(probe + seconds(10));
    CHECK(breaker.state() == BreakerState::open);
    CHECK(breaker.wait(probe + seconds(10)) == seconds(20));
    CHECK(breaker.admit(probe + seconds(30)));
}

TEST_CASE("a probe that succeeds closes the breaker, one that nobody reports is followed by another") {
    CircuitBreaker breaker = opened();
    CHECK(breaker.admit(start + seconds(30)));
    CHECK(breaker.admit(start + seconds(60)));
    breaker.succeeded();
    CHECK(breaker.state() == BreakerState::closed);
    CHECK(breaker.admit(start + seconds(60)));
    CHECK(breaker.wait(start + seconds(60)) == seconds(0));
}

TEST_CASE("requests that were under way when the breaker opened do not put the probe off") {
    CircuitBreaker breaker = opened();
    breaker.failed(start + seconds(20));
    CHECK(breaker.admit(start + seconds(30)));
}

TEST_CASE("whatever happens, a host in trouble is asked at most once in thirty seconds") {
    std::mt19937 random(7);
    CircuitBreaker breaker = opened();
    auto now = start;
    auto last = start;
    std::size_t probes = 0;
    for (int step = 0; step < 200'000; ++step) {
        now += milliseconds(random() % 5'000);
        if (breaker.admit(now)) {
            REQUIRE(now - last >= seconds(30));
            last = now;
            ++probes;
        }
        if (random() % 2 == 0) {
            breaker.failed(now);
        }
    }
    CHECK(probes > 1'000);
}
