#include "services/api/rate_limit.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>
#include <string>
#include <thread>
#include <vector>

using namespace tributary;
using namespace std::chrono_literals;
using domain::Result;
using domain::Uuid;
using domain::ports::Task;

namespace {

/// Set by hand, read by many threads.
struct ManualClock final : domain::ports::Clock {
    std::atomic<std::chrono::steady_clock::duration> at{1h};

    [[nodiscard]] domain::Timestamp now() const override { return {}; }

    [[nodiscard]] std::chrono::steady_clock::time_point steady_now() const override {
        return std::chrono::steady_clock::time_point(at.load());
    }

    void advance(std::chrono::steady_clock::duration by) { at = at.load() + by; }

    Task<Result<void>> sleep(std::chrono::steady_clock::duration) override { co_return Result<void>(); }
};

Uuid caller(std::uint32_t number) {
    return domain::named_uuid({}, std::to_string(number));
}

struct Fixture {
    ManualClock clock;
    api::RateLimits limits{60'000, clock};

    bool admits(const Uuid& who) { return limits.take(who)->admitted; }

    int admitted(const Uuid& who, int asked) {
        int count = 0;
        for (int i = 0; i < asked; ++i) {
            count += admits(who) ? 1 : 0;
        }
        return count;
    }
};

}  // namespace

TEST_CASE_FIXTURE(Fixture,
                  "a caller may make a twentieth of its quota at once, then as many as time brings back") {
    CHECK(admitted(caller(1), 4000) == 3000);
    clock.advance(999'999ns);
    CHECK(admitted(caller(1), 10) == 0);
    clock.advance(1ns);
    CHECK(admitted(caller(1), 10) == 1);
    clock.advance(1s);
    CHECK(admitted(caller(1), 4000) == 1000);
    clock.advance(1h);
    CHECK(admitted(caller(1), 4000) == 3000);
}

TEST_CASE_FIXTURE(Fixture, "no minute has more than 105 % of the quota, however the requests fall") {
    // Asks for three times the quota: evenly, in clumps, and in one clump after a pause.
    for (const auto step :
         {std::chrono::steady_clock::duration(1ms), std::chrono::steady_clock::duration(70ms),
          std::chrono::steady_clock::duration(5s)}) {
        CAPTURE(step.count());
        clock.advance(10min);
        std::vector<std::pair<std::chrono::steady_clock::duration, int>> let_through;
        const int each = static_cast<int>(3000 * step / std::chrono::steady_clock::duration(1s)) + 1;
        for (auto passed = 0ns; passed < 3min; passed += step) {
            clock.advance(step);
            let_through.emplace_back(clock.at.load(), admitted(caller(1), std::min(each, 5000)));
        }
        int in_window = 0;
        int most = 0;
        std::size_t oldest = 0;
        for (const auto& [at, count] : let_through) {
            in_window += count;
            for (; let_through[oldest].first <= at - 60s; ++oldest) {
                in_window -= let_through[oldest].second;
            }
            most = std::max(most, in_window);
        }
        CHECK(most <= 63'000);
        CHECK(most >= (step < 5s ? 60'000 : 30'000));
    }
}

TEST_CASE_FIXTURE(Fixture, "a caller beyond its quota costs its neighbour nothing") {
    CHECK(admitted(caller(1), 10'000) == 3000);
    CHECK(admitted(caller(2), 3000) == 3000);
    for (int i = 0; i < 1000; ++i) {
        clock.advance(2ms);
        admitted(caller(1), 10);
        CHECK(admits(caller(2)));
    }
}

TEST_CASE_FIXTURE(Fixture,
                  "several threads together get one caller's quota, and each neighbour all of its own") {
    std::atomic<int> shared = 0;
    std::atomic<int> own = 0;
    {
        std::vector<std::jthread> threads;
        for (std::uint32_t thread = 0; thread < 8; ++thread) {
            threads.emplace_back([&, thread] {
                for (int i = 0; i < 2000; ++i) {
                    shared += admits(caller(0)) ? 1 : 0;
                    own += admits(caller(thread + 1)) ? 1 : 0;
                }
            });
        }
    }
    CHECK(shared == 3000);
    CHECK(own == 8 * 2000);
}

TEST_CASE_FIXTURE(Fixture, "callers are remembered while they count and never more than the bound") {
    for (std::uint32_t i = 0; i < 30'000; ++i) {
        CHECK(admits(caller(i)));
    }
    CHECK(limits.remembered() <= api::RateLimits::max_principals);
    CHECK(limits.remembered() > api::RateLimits::max_principals / 2);
    clock.advance(1s);
    admitted(caller(0), 3000);
    for (std::uint32_t i = 0; i < 30'000; ++i) {
        admits(caller(i + 1));
    }
    // Others that were full again made room, not the one that still waits.
    CHECK_FALSE(admits(caller(0)));
}

TEST_CASE("the fields tell the policy, what is left and when there is more") {
    ManualClock clock;
    api::RateLimits limits(60, clock);
    const auto fields_after = [&](int requests) {
        domain::ports::HttpReply reply;
        std::optional<api::RateVerdict> verdict;
        for (int i = 0; i < requests; ++i) {
            verdict = limits.take(caller(1));
        }
        api::add_rate_fields(reply, *verdict);
        CHECK(reply.fields.find("RateLimit-Policy") == "\"default\";q=60;w=60");
        return std::string(*reply.fields.find("RateLimit"));
    };
    CHECK(fields_after(1) == "\"default\";r=2;t=1");
    CHECK(fields_after(1) == "\"default\";r=1;t=2");
    CHECK(fields_after(1) == "\"default\";r=0;t=1");
    CHECK(fields_after(1) == "\"default\";r=0;t=1");
    clock.advance(2s);
    CHECK(fields_after(1) == "\"default\";r=1;t=2");
}

TEST_CASE("the smallest quotas admit one request at a time") {
    ManualClock clock;
    api::RateLimits limits(1, clock);
    CHECK(limits.take(caller(1))->admitted);
    const auto second = limits.take(caller(1));
    CHECK_FALSE(second->admitted);
    CHECK(second->reset == 60s);
    clock.advance(60s);
    CHECK(limits.take(caller(1))->admitted);
}

TEST_CASE("a quota of 0 is no limit") {
    ManualClock clock;
    api::RateLimits limits(0, clock);
    CHECK_FALSE(limits.take(caller(1)));
    CHECK(limits.remembered() == 0);
}

TEST_CASE("a key is a caller of its own, and so is a token's subject in its tenant") {
    const Uuid tenant = domain::named_uuid({}, "tenant");
    const domain::ports::Principal key{tenant, domain::named_uuid({}, "key"), {}, "API key 1"};
    const domain::ports::Principal token{tenant, {}, {}, "token alice"};
    CHECK(api::caller_of(key) == key.key_id);
    CHECK(api::caller_of(token) != Uuid{});
    CHECK(api::caller_of(token) == api::caller_of({tenant, {}, {"read"}, "token alice"}));
    CHECK(api::caller_of(token) != api::caller_of({tenant, {}, {}, "token bob"}));
    CHECK(api::caller_of(token) != api::caller_of({domain::named_uuid({}, "other"), {}, {}, "token alice"}));
}
