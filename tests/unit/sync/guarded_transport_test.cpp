#include "services/sync/guarded_transport.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <random>

#include "traffic_world.hpp"

using namespace tributary;
using namespace tests;
using domain::BreakerState;
using domain::Errc;
using domain::Lane;
using domain::Result;
using domain::ports::HttpAnswer;
using domain::ports::Task;
using std::chrono::milliseconds;
using std::chrono::seconds;
using sync::GuardedTransport;

namespace {

std::string error_of(const Result<HttpAnswer>& answer) {
    return answer ? "none" : std::string(name_of(answer.error().code));
}

/// Asks again and again, whatever comes back, until the virtual time is over.
Task<void> keep_asking(TrafficWorld& world, GuardedTransport& transport,
                       std::chrono::steady_clock::time_point until, std::string target) {
    while (world.clock.steady_now() < until) {
        const auto answer = co_await transport.send({.origin = "https://host", .target = target});
        if (!answer) {
            co_await world.clock.sleep(milliseconds(100));
        }
    }
}

/// The most requests in any window of this length.
std::size_t most_within(const std::vector<std::chrono::steady_clock::time_point>& asked, seconds window) {
    std::size_t most = 0;
    for (std::size_t first = 0, last = 0; last < asked.size(); ++last) {
        while (asked[last] - asked[first] >= window) {
            ++first;
        }
        most = std::max(most, last - first + 1);
    }
    return most;
}

}  // namespace

TEST_CASE_FIXTURE(
    TrafficWorld,
    "a request passes with its answer untouched, and a busy session draws far less often than it asks") {
    provider.answer = [](std::size_t n) { return answer_of(n == 0 ? 404 : 200); };
    GuardedTransport transport = guarded();
    const auto answer = ask(transport);
    REQUIRE(answer);
    CHECK(answer->status == 404);
    for (int i = 0; i < 500; ++i) {
        REQUIRE(ask(transport));
    }
    CHECK(provider.asked.size() == 501);
    CHECK(budgets.draws < 60);
}

TEST_CASE_FIXTURE(TrafficWorld, "many runs with one credential keep to its rate in every window") {
    traffic.terms["upvest"] = {20, 20};
    std::vector<GuardedTransport> transports;
    for (int i = 0; i < 12; ++i) {
        transports.push_back(guarded(i % 2 == 0 ? Lane::interactive : Lane::background));
    }
    std::vector<Task<void>> tasks;
    for (std::size_t i = 0; i < transports.size(); ++i) {
        tasks.push_back(keep_asking(*this, transports[i], clock.steady_now() + seconds(120),
                                    "/users/" + std::to_string(i)));
    }
    run(std::move(tasks));
    // 1.2 times the rate in any ten seconds, and what is due is used.
    CHECK(most_within(provider.asked, seconds(10)) <= 240);
    CHECK(provider.asked.size() > 20 * 100);
    const auto elapsed =
        std::chrono::duration<double>(provider.asked.back() - provider.asked.front()).count();
    CHECK(static_cast<double>(provider.asked.size()) <= 20 * elapsed + 20);
}

TEST_CASE_FIXTURE(TrafficWorld,
                  "while interactive requests use the whole rate, background ones wait or give way") {
    traffic.terms["upvest"] = {10, 10};
    std::vector<GuardedTransport> transports;
    transports.push_back(guarded(Lane::background));
    for (int i = 0; i < 4; ++i) {
        transports.push_back(guarded(Lane::interactive));
    }
    std::vector<Task<void>> tasks;
    for (std::size_t i = 1; i < transports.size(); ++i) {
        tasks.push_back(keep_asking(*this, transports[i], clock.steady_now() + seconds(60), "/i"));
    }
    std::vector<std::string> outcomes;
    const auto background = [](TrafficWorld& world, GuardedTransport& transport,
                               std::vector<std::string>& out) -> Task<void> {
        co_await world.clock.sleep(seconds(20));
        for (int i = 0; i < 5; ++i) {
            const auto answer = co_await transport.send({.origin = "https://host", .target = "/b"});
            out.push_back(error_of(answer));
        }
    };
    tasks.push_back(background(*this, transports[0], outcomes));
    run(std::move(tasks));
    CHECK(std::ranges::count(outcomes, "throttled") >= 4);
}

TEST_CASE_FIXTURE(TrafficWorld,
                  "after a 429 nothing is sent with that credential until the time is over, by any session") {
    provider.answer = [](std::size_t n) { return answer_of(n == 0 ? 429 : 200, n == 0 ? "30" : ""); };
    GuardedTransport first = guarded();
    GuardedTransport second = guarded(Lane::background);
    GuardedTransport other = guarded(Lane::interactive, "b");
    CHECK(ask(first)->status == 429);
    const auto blocked_at = clock.steady_now();
    for (GuardedTransport* transport : {&first, &second}) {
        const auto refused = ask(*transport);
        CHECK(error_of(refused) == "throttled");
        REQUIRE(refused.error().retry_after);
        CHECK(*refused.error().retry_after > seconds(28));
        CHECK(*refused.error().retry_after <= seconds(30));
    }
    CHECK(provider.asked.size() == 1);
    CHECK(ask(other)->status == 200);
    pass(seconds(26));
    // Four seconds are within the patience of either lane.
    CHECK(ask(second)->status == 200);
    CHECK(provider.asked.back() - blocked_at >= milliseconds(29'990));
}

TEST_CASE_FIXTURE(
    TrafficWorld,
    "a 503 that says when to come back is obeyed as a 429 is, one that does not is plain trouble") {
    provider.answer = [](std::size_t n) { return answer_of(503, n == 0 ? "" : "60"); };
    GuardedTransport transport = guarded();
    CHECK(ask(transport)->status == 503);
    CHECK(ask(transport)->status == 503);
    CHECK(error_of(ask(transport)) == "throttled");
    CHECK(provider.asked.size() == 2);
}

TEST_CASE_FIXTURE(TrafficWorld, "a 429 with a wait that means nothing pauses for longer each time") {
    for (const char* text : {"", "-5", "soon", "1.5"}) {
        CAPTURE(text);
        TrafficWorld world;
        world.provider.answer = [text](std::size_t) { return answer_of(429, text); };
        GuardedTransport transport = world.guarded(Lane::interactive);
        for (int i = 0; i < 4; ++i) {
            CHECK(world.ask(transport)->status == 429);
        }
        const auto& asked = world.provider.asked;
        REQUIRE(asked.size() == 4);
        CHECK(asked[1] - asked[0] >= seconds(1));
        CHECK(asked[2] - asked[1] >= seconds(2));
        CHECK(asked[3] - asked[2] >= seconds(4));
    }
}

TEST_CASE_FIXTURE(TrafficWorld, "an absurd wait is obeyed for an hour, not longer") {
    provider.answer = [](std::size_t n) { return answer_of(n == 0 ? 429 : 200, "1000000000"); };
    GuardedTransport transport = guarded();
    CHECK(ask(transport)->status == 429);
    pass(std::chrono::minutes(59));
    CHECK(error_of(ask(transport)) == "throttled");
    pass(seconds(55));
    CHECK(ask(transport)->status == 200);
}

TEST_CASE_FIXTURE(
    TrafficWorld,
    "five failures in a row close a host off, and one probe in thirty seconds finds out when it is back") {
    bool up = false;
    provider.answer = [&up](std::size_t n) -> Result<HttpAnswer> {
        if (up) return answer_of(200);
        if (n % 2 == 0) return answer_of(502);
        return domain::fail(Errc::timed_out, "no answer");
    };
    GuardedTransport transport = guarded();
    const auto probing = [&] {
        for (int i = 0; i < 300; ++i) {
            const auto answer = ask(transport, "/" + std::to_string(i));
            // Nobody asked for a pause: the connection backs off as from any trouble.
            if (!answer) CHECK_FALSE(answer.error().retry_after);
            pass(seconds(1));
        }
    };
    probing();
    CHECK(traffic.hosts.breaker("https://host") == BreakerState::open);
    // Five to open it, then one in thirty of the three hundred seconds.
    CHECK(provider.asked.size() >= 5 + 9);
    CHECK(provider.asked.size() <= 5 + 10);
    up = true;
    pass(seconds(30));
    CHECK(ask(transport)->status == 200);
    CHECK(traffic.hosts.breaker("https://host") == BreakerState::closed);
    CHECK(ask(transport)->status == 200);
    CHECK(traffic.hosts.breaker("https://elsewhere") == BreakerState::closed);
}

TEST_CASE_FIXTURE(TrafficWorld,
                  "where half of all requests fail, second attempts stay a tenth of the first ones") {
    std::mt19937 random(3);
    int in_a_row = 0;
    // Never five in a row: the breaker has its own test.
    provider.answer = [&](std::size_t) {
        in_a_row = random() % 2 == 0 && in_a_row < 4 ? in_a_row + 1 : 0;
        return answer_of(in_a_row > 0 ? 500 : 200);
    };
    GuardedTransport transport = guarded();
    std::size_t first_attempts = 0;
    std::size_t refused = 0;
    for (int call = 0; call < 2'000; ++call) {
        const std::string target = "/" + std::to_string(call);
        for (int attempt = 1; attempt <= 4; ++attempt) {
            const auto answer = ask(transport, target);
            first_attempts += attempt == 1 ? 1U : 0U;
            refused += answer ? 0U : 1U;
            if (answer && answer->status == 200) break;
        }
    }
    const std::size_t extra = provider.asked.size() - first_attempts;
    CHECK(first_attempts == 2'000);
    CHECK(refused > 100);
    CHECK(extra > 150);
    // A tenth, and what a new host starts with.
    CHECK(extra <= first_attempts / 10 + domain::RetryBudget::most_saved);
}

TEST_CASE_FIXTURE(TrafficWorld, "a slow host is asked eight times at once, and holds up no other") {
    provider.latency = seconds(2);
    std::vector<GuardedTransport> transports;
    for (int i = 0; i < 30; ++i) {
        transports.push_back(guarded(Lane::interactive));
    }
    int answered = 0;
    const auto one = [](GuardedTransport& transport, std::string origin, int& count) -> Task<void> {
        const auto answer = co_await transport.send({.origin = std::move(origin), .target = "/"});
        count += answer ? 1 : 0;
    };
    std::vector<Task<void>> tasks;
    for (GuardedTransport& transport : transports) {
        tasks.push_back(one(transport, "https://slow", answered));
    }
    run(std::move(tasks));
    CHECK(provider.most_under_way == sync::Hosts::requests_at_once);
    CHECK(answered == 30);
}

TEST_CASE_FIXTURE(
    TrafficWorld,
    "nothing is sent while the database is away, and a block that could not be told is obeyed here") {
    GuardedTransport transport = guarded();
    budgets.away = true;
    CHECK(error_of(ask(transport)) == "unavailable");
    CHECK(provider.asked.empty());
    budgets.away = false;
    provider.answer = [this](std::size_t) {
        budgets.away = true;
        return answer_of(429, "30");
    };
    CHECK(ask(transport)->status == 429);
    budgets.away = false;
    CHECK(error_of(ask(transport)) == "throttled");
    CHECK(provider.asked.size() == 1);
}

TEST_CASE_FIXTURE(TrafficWorld,
                  "a request that is still connecting when the provider asks for a pause waits it out") {
    provider.connecting = seconds(2);
    GuardedTransport transport = guarded(Lane::interactive);
    const auto started = clock.steady_now();
    int status = 0;
    const auto connect = [](GuardedTransport& through, int& told) -> Task<void> {
        const auto answer = co_await through.send({.origin = "https://host", .target = "/"});
        told = answer ? answer->status : 0;
    };
    const auto pause = [](TrafficWorld& world) -> Task<void> {
        co_await world.clock.sleep(seconds(1));
        world.traffic.memory.block(world.sender().budget, world.clock.steady_now() + seconds(5));
        world.provider.connecting = milliseconds(0);
    };
    std::vector<Task<void>> tasks;
    tasks.push_back(connect(transport, status));
    tasks.push_back(pause(*this));
    run(std::move(tasks));
    CHECK(status == 200);
    REQUIRE(provider.asked.size() == 1);
    CHECK(provider.asked.front() >= started + seconds(6));
}

TEST_CASE_FIXTURE(TrafficWorld,
                  "a request that was held back and then finds nobody fails once, as any other") {
    provider.connecting = seconds(2);
    GuardedTransport transport = guarded(Lane::interactive);
    Result<HttpAnswer> got = answer_of(200);
    const auto connect = [](GuardedTransport& through, Result<HttpAnswer>& told) -> Task<void> {
        told = co_await through.send({.origin = "https://host", .target = "/"});
    };
    const auto pause = [](TrafficWorld& world) -> Task<void> {
        co_await world.clock.sleep(seconds(1));
        world.traffic.memory.block(world.sender().budget, world.clock.steady_now() + seconds(5));
        co_await world.clock.sleep(seconds(2));
        world.provider.unreachable = true;
        // Or it would ask for ever.
        co_await world.clock.sleep(seconds(60));
        world.provider.unreachable = false;
    };
    std::vector<Task<void>> tasks;
    tasks.push_back(connect(transport, got));
    tasks.push_back(pause(*this));
    run(std::move(tasks));
    CHECK(error_of(got) == "unavailable");
    CHECK(provider.asked.empty());
}

TEST_CASE("in 500 storms over two replicas, none asks from 50 ms after the 429 until it is over") {
    std::mt19937 random(2026);
    std::size_t calls = 0;
    for (int trial = 0; trial < 500; ++trial) {
        TrafficWorld world;
        world.traffic.terms["upvest"] = {200, 50};
        world.provider.latency = milliseconds(20);
        sync::Traffic replica{.budgets = world.budgets, .terms = world.traffic.terms};
        const milliseconds news(random() % 45);
        world.budgets.announce = [&](const domain::ports::BudgetBlock& block) {
            // The notification takes its time to every replica.
            boost::asio::co_spawn(
                world.io,
                [](TrafficWorld& in, sync::Traffic& at, domain::ports::BudgetBlock heard,
                   milliseconds late) -> Task<void> {
                    co_await in.clock.sleep(late);
                    for (sync::Traffic* traffic : {&in.traffic, &at}) {
                        traffic->memory.block(heard.key, in.clock.steady_now() + heard.lasts);
                    }
                }(world, replica, block, news),
                [](std::exception_ptr) {});
        };
        const std::size_t struck = 20 + random() % 50;
        const seconds wait(1 + random() % 2);
        std::optional<std::chrono::steady_clock::time_point> told;
        world.provider.answer = [&](std::size_t n) {
            if (n != struck) return answer_of(200);
            told = world.clock.steady_now();
            return answer_of(429, std::to_string(wait.count()));
        };
        const auto until = world.clock.steady_now() + seconds(3);
        std::vector<GuardedTransport> transports;
        for (int i = 0; i < 2; ++i) {
            transports.push_back(world.guarded(Lane::interactive));
            transports.emplace_back(world.provider, world.clock, replica, world.sender(Lane::background));
        }
        std::vector<Task<void>> tasks;
        for (GuardedTransport& transport : transports) {
            tasks.push_back(keep_asking(world, transport, until, "/"));
        }
        world.run(std::move(tasks));
        REQUIRE(told);
        const auto early = std::ranges::count_if(world.provider.asked, [&](auto at) {
            return at > *told + milliseconds(50) && at < *told + wait;
        });
        REQUIRE(early == 0);
        REQUIRE(world.provider.asked.back() > *told + wait);
        calls += world.provider.asked.size();
    }
    CHECK(calls > 20'000);
}
