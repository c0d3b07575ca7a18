#include "services/webhooks/key_ring.hpp"

#include <doctest/doctest.h>
#include <spdlog/logger.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <set>

#include "tests/support/run_task.hpp"

using namespace tributary;
using namespace tributary::webhooks;
using namespace std::chrono_literals;
using domain::Result;
using domain::ports::Task;
using domain::ports::WebhookKey;
using domain::ports::WebhookTarget;

namespace {

class SetClock final : public domain::ports::Clock {
  public:
    [[nodiscard]] domain::Timestamp now() const override { return {}; }

    [[nodiscard]] std::chrono::steady_clock::time_point steady_now() const override { return at; }

    Task<Result<void>> sleep(std::chrono::steady_clock::duration /*duration*/) override {
        co_return Result<void>();
    }

    std::chrono::steady_clock::time_point at{std::chrono::hours(100)};
};

/// A ring over a provider that lists what a test says.
struct Ringed {
    boost::asio::io_context io;
    SetClock clock;
    std::vector<std::string> listed{"a"};
    std::set<std::string> subscriptions{"s"};
    bool refuses = false;
    int asked = 0;
    KeyRing ring{io.get_executor(), clock, [this](WebhookTarget) { return answer(); },
                 std::make_shared<spdlog::logger>("test")};

    Task<Result<Proofs>> answer() {
        ++asked;
        // Lets others arrive meanwhile.
        co_await boost::asio::post(co_await boost::asio::this_coro::executor, boost::asio::use_awaitable);
        if (refuses) {
            co_return domain::fail(domain::Errc::unavailable, "The provider is away.");
        }
        Proofs proofs{{}, subscriptions};
        for (const std::string& id : listed) {
            proofs.keys.push_back({id, "material of " + id});
        }
        co_return proofs;
    }

    static WebhookTarget target(std::uint8_t number = 1) {
        WebhookTarget target;
        target.connection.id.bytes[0] = number;
        return target;
    }

    bool finds(const std::string& id, std::uint8_t connection = 1) {
        const auto key = tests::run_task(io, ring.find(target(connection), id));
        return key && key->material == "material of " + id;
    }

    /// "own", "foreign" or the error's code.
    std::string subscription(const std::string& id, std::uint8_t connection = 1) {
        const auto own = tests::run_task(io, ring.subscribed(target(connection), id));
        if (!own) return std::string(name_of(own.error().code));
        return *own ? "own" : "foreign";
    }
};

}  // namespace

TEST_CASE_FIXTURE(Ringed, "a key is asked for once and remembered") {
    CHECK(finds("a"));
    CHECK(finds("a"));
    CHECK(asked == 1);
}

TEST_CASE_FIXTURE(Ringed, "any number of unknown keys cost one question a minute") {
    for (int i = 0; i < 500; ++i) {
        CHECK_FALSE(finds("unknown " + std::to_string(i)));
        clock.at += 100ms;
    }
    CHECK(asked == 1);
    clock.at += 60s;
    CHECK_FALSE(finds("unknown"));
    CHECK(asked == 2);
}

TEST_CASE_FIXTURE(Ringed, "all who wait for a key share one question") {
    int found = 0;
    for (int i = 0; i < 50; ++i) {
        boost::asio::co_spawn(
            io, ring.find(target(), "a"),
            [&found](std::exception_ptr, std::optional<WebhookKey> key) { found += key ? 1 : 0; });
    }
    io.run();
    CHECK(found == 50);
    CHECK(asked == 1);
}

TEST_CASE_FIXTURE(
    Ringed, "a new key is found when its first delivery comes, and one that left the set is forgotten") {
    CHECK(finds("a"));
    clock.at += 2min;
    listed = {"a", "b"};
    CHECK(finds("b"));
    CHECK(finds("a"));
    CHECK(asked == 2);
    listed = {"b"};
    CHECK(finds("a"));
    clock.at += 1h;
    CHECK_FALSE(finds("a"));
    CHECK(finds("b"));
    CHECK(asked == 3);
}

TEST_CASE_FIXTURE(Ringed, "a key is kept while its provider cannot be asked") {
    CHECK(finds("a"));
    refuses = true;
    clock.at += 2h;
    CHECK(finds("a"));
    CHECK_FALSE(finds("b"));
    CHECK(asked == 2);
}

TEST_CASE_FIXTURE(Ringed, "connections have rings of their own") {
    CHECK(finds("a", 1));
    CHECK(finds("a", 2));
    CHECK(asked == 2);
    CHECK_FALSE(finds("x", 1));
    CHECK(asked == 2);
}

TEST_CASE_FIXTURE(Ringed, "the answer that brings the keys brings the subscriptions") {
    CHECK(finds("a"));
    CHECK(subscription("s") == "own");
    CHECK(asked == 1);
}

TEST_CASE_FIXTURE(Ringed, "any number of foreign subscriptions cost one question a minute") {
    CHECK(finds("a"));
    clock.at += 2min;
    for (int i = 0; i < 500; ++i) {
        CHECK(subscription("foreign " + std::to_string(i)) == "foreign");
        clock.at += 100ms;
    }
    CHECK(asked == 2);
    CHECK(subscription("s") == "own");
    CHECK(asked == 2);
}

TEST_CASE_FIXTURE(Ringed,
                  "a new subscription is learned by one question, and one that is gone is forgotten") {
    CHECK(finds("a"));
    clock.at += 2min;
    subscriptions = {"t"};
    CHECK(subscription("t") == "own");
    CHECK(asked == 2);
    CHECK(subscription("s") == "foreign");
    CHECK(asked == 2);
}

TEST_CASE_FIXTURE(Ringed, "an unknown subscription is not judged while the provider cannot be asked") {
    CHECK(finds("a"));
    refuses = true;
    clock.at += 2min;
    CHECK(subscription("t") == "unauthenticated");
    CHECK(subscription("t") == "unauthenticated");
    CHECK(subscription("s") == "own");
    CHECK(asked == 2);
    refuses = false;
    subscriptions = {"s", "t"};
    clock.at += 2min;
    CHECK(subscription("t") == "own");
    CHECK(asked == 3);
}

TEST_CASE_FIXTURE(Ringed, "one connection's subscription is foreign to another") {
    CHECK(finds("a", 1));
    subscriptions = {"t"};
    CHECK(finds("a", 2));
    CHECK(subscription("s", 1) == "own");
    CHECK(subscription("s", 2) == "foreign");
    CHECK(subscription("t", 1) == "foreign");
}
