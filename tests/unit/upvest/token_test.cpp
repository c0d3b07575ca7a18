#include "adapters/upvest/token.hpp"

#include <doctest/doctest.h>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <exception>
#include <optional>
#include <set>

#include "tests/unit/upvest/verifier.hpp"
#include "tests/unit/upvest/world.hpp"

using namespace tributary;
using domain::Errc;
using domain::Page;
using domain::Result;
using tests::answer;
using tests::World;

namespace {

using namespace std::chrono_literals;

domain::ports::Task<Result<Page>> fetch_of(World& world, std::string stream) {
    Result<Page> page = co_await world.session->fetch(stream, {{}, 0, 1000});
    co_return page;
}

/// Starts a fetch of one small page; the result is there once the context has run.
void start_fetch(World& world, std::optional<Result<Page>>& result, boost::asio::cancellation_slot slot = {},
                 std::string stream = "users") {
    boost::asio::co_spawn(
        world.io, fetch_of(world, std::move(stream)),
        boost::asio::bind_cancellation_slot(slot, [&](const std::exception_ptr& thrown, Result<Page> page) {
            result = thrown ? Result<Page>(domain::fail(Errc::internal, "thrown")) : std::move(page);
        }));
}

Result<domain::ports::HttpAnswer> refuse_first_token(int& refusals) {
    return answer(++refusals == 1 ? 401 : 200, std::string(tests::empty_list));
}

}  // namespace

TEST_CASE("a token serves every request until a minute before it ends") {
    World world;
    REQUIRE(world.fetch("users"));
    world.clock.advance(1738s);
    REQUIRE(world.fetch("accounts"));
    CHECK(world.tokens_given == 1);
    world.clock.advance(1s);
    REQUIRE(world.fetch("accounts"));
    CHECK(world.tokens_given == 2);
    CHECK(world.transport.calls.back().fields.find("authorization") == "Bearer token-2");
}

TEST_CASE("a token that lives no two minutes serves for the first half of its life") {
    for (const int life : {2, 30, 60, 118}) {
        CAPTURE(life);
        World world;
        int asked = 0;
        world.answers["/auth/token"] = [&] {
            ++asked;
            return answer(200, R"({"access_token":"t","expires_in":)" + std::to_string(life) + "}");
        };
        REQUIRE(world.fetch("users"));
        world.clock.advance(std::chrono::seconds(life / 2 - 1));
        REQUIRE(world.fetch("users"));
        CHECK(asked == 1);
        world.clock.advance(1s);
        REQUIRE(world.fetch("users"));
        CHECK(asked == 2);
    }
}

TEST_CASE("a token that says nothing of its life serves one request") {
    for (const auto* life : {"", R"(,"expires_in":0)", R"(,"expires_in":-5)", R"(,"expires_in":null)"}) {
        World world;
        int asked = 0;
        world.answers["/auth/token"] = [&] {
            ++asked;
            return answer(200, R"({"access_token":"t")" + std::string(life) + "}");
        };
        REQUIRE(world.fetch("users"));
        REQUIRE(world.fetch("users"));
        CHECK(asked == 2);
    }
}

TEST_CASE("a lifetime beyond every clock is capped and does not overflow") {
    World world;
    int asked = 0;
    world.answers["/auth/token"] = [&] {
        ++asked;
        return answer(200, R"({"access_token":"t","expires_in":9223372036854775807})");
    };
    REQUIRE(world.fetch("users"));
    REQUIRE(world.fetch("users"));
    CHECK(asked == 1);
}

TEST_CASE("fetches that start together share one token call") {
    World world;
    std::array<std::optional<Result<Page>>, 5> results;
    for (auto& result : results) {
        start_fetch(world, result);
    }
    world.io.run();
    for (const auto& result : results) {
        REQUIRE(result.has_value());
        CHECK(result->has_value());
    }
    CHECK(world.tokens_given == 1);
    CHECK(world.transport.calls_to("/users").size() == 5);
}

TEST_CASE("fetches that share a token call share its failure, and the next fetch asks anew") {
    World world;
    int asked = 0;
    world.answers["/auth/token"] = [&] {
        ++asked;
        return answer(503, "");
    };
    std::array<std::optional<Result<Page>>, 3> results;
    for (auto& result : results) {
        start_fetch(world, result);
    }
    world.io.run();
    for (const auto& result : results) {
        REQUIRE(result.has_value());
        CHECK(result->error().code == Errc::unavailable);
    }
    CHECK(asked == 1);
    CHECK(world.fetch("users").error().code == Errc::unavailable);
    CHECK(asked == 2);
}

TEST_CASE("when the fetch that asks for the token is cancelled, one that waits for it asks instead") {
    World world;
    world.transport.hang_once = true;
    boost::asio::cancellation_signal cancel;
    std::optional<Result<Page>> first;
    std::optional<Result<Page>> second;
    start_fetch(world, first, cancel.slot());
    start_fetch(world, second);
    world.io.poll();
    REQUIRE_FALSE(first.has_value());
    REQUIRE_FALSE(second.has_value());
    cancel.emit(boost::asio::cancellation_type::terminal);
    world.io.run();
    REQUIRE(first.has_value());
    CHECK(first->error().code == Errc::cancelled);
    REQUIRE(second.has_value());
    CHECK(second->has_value());
}

TEST_CASE("a fetch that is cancelled while it waits for another's token call ends, and the other goes on") {
    World world;
    world.transport.hang_once = true;
    boost::asio::cancellation_signal cancel_first;
    boost::asio::cancellation_signal cancel_second;
    std::optional<Result<Page>> first;
    std::optional<Result<Page>> second;
    start_fetch(world, first, cancel_first.slot());
    start_fetch(world, second, cancel_second.slot());
    world.io.poll();
    cancel_second.emit(boost::asio::cancellation_type::terminal);
    world.io.poll();
    REQUIRE(second.has_value());
    CHECK(second->error().code == Errc::cancelled);
    CHECK_FALSE(first.has_value());
    CHECK(world.transport.calls.size() == 1);
    cancel_first.emit(boost::asio::cancellation_type::terminal);
    world.io.run();
    CHECK(first.has_value());
}

TEST_CASE("a refused token is replaced once, and the second attempt has a new token and a new nonce") {
    World world;
    int refusals = 0;
    world.answers["/users"] = [&] { return refuse_first_token(refusals); };
    REQUIRE(world.fetch("users"));
    const auto calls = world.transport.calls_to("/users");
    REQUIRE(calls.size() == 2);
    CHECK(calls[0].fields.find("authorization") == "Bearer token-1");
    CHECK(calls[1].fields.find("authorization") == "Bearer token-2");
    CHECK(calls[0].target == calls[1].target);

    const auto key = crypto::SigningKey::from_pem(tests::vector_key_pem());
    const auto verifier = crypto::VerifyingKey::from_pem(key->public_pem());
    std::set<std::string> nonces;
    for (const auto& call : world.transport.calls) {
        const auto signature = tests::verify(call, *verifier);
        CHECK(signature.good);
        nonces.insert(signature.nonce);
    }
    CHECK(nonces.size() == 4);
}

TEST_CASE("a request refused twice is unauthenticated after exactly two attempts") {
    World world;
    world.answers["/users"] = [] { return answer(401, R"({"type":"unauthorised","status":401})"); };
    const auto page = world.fetch("users");
    REQUIRE_FALSE(page);
    CHECK(page.error().code == Errc::unauthenticated);
    CHECK(world.transport.calls_to("/users").size() == 2);
    CHECK(world.tokens_given == 2);
}

TEST_CASE("a refused token call is unauthenticated at once") {
    World world;
    int asked = 0;
    world.answers["/auth/token"] = [&] {
        ++asked;
        return answer(401, R"({"type":"https://docs.upvest.co/errors/unauthorised","status":401})");
    };
    const auto page = world.fetch("users");
    REQUIRE_FALSE(page);
    CHECK(page.error().code == Errc::unauthenticated);
    CHECK(asked == 1);
    CHECK(world.transport.calls_to("/users").empty());
}

TEST_CASE("a token call that was refused is repeated by no other stream of the run") {
    struct Case {
        int status;
        Errc code;
    };

    for (const Case& refused :
         {Case{400, Errc::unauthenticated}, Case{401, Errc::unauthenticated},
          Case{403, Errc::unauthenticated}, Case{404, Errc::not_found}, Case{406, Errc::contract}}) {
        CAPTURE(refused.status);
        World world;
        int asked = 0;
        world.answers["/auth/token"] = [&] {
            ++asked;
            return answer(refused.status, "{}");
        };
        for (const auto& facts : world.session->streams()) {
            CHECK(world.fetch(facts.name).error().code == refused.code);
            world.clock.advance(std::chrono::hours(1));
        }
        CHECK(world.read("users", "5ec16164").error().code == refused.code);
        CHECK(asked == 1);
    }
}

TEST_CASE("a token call whose answer cannot be used is not repeated by every stream") {
    World world;
    int asked = 0;
    world.answers["/auth/token"] = [&] {
        ++asked;
        return answer(200, "{}");
    };
    for (const auto& facts : world.session->streams()) {
        CHECK(world.fetch(facts.name).error().code == Errc::contract);
    }
    CHECK(asked == 1);
}

TEST_CASE("requests refused together under one token replace it once, not once each") {
    World world;
    REQUIRE(world.fetch("accounts"));
    int refusals = 0;
    world.answers["/users"] = [&] {
        return answer(++refusals <= 3 ? 401 : 200, std::string(tests::empty_list));
    };
    std::array<std::optional<Result<Page>>, 3> results;
    for (auto& result : results) {
        start_fetch(world, result);
    }
    world.io.restart();
    world.io.run();
    for (const auto& result : results) {
        REQUIRE(result.has_value());
        CHECK(result->has_value());
    }
    CHECK(world.tokens_given == 2);
}

TEST_CASE("a late refusal of an old token leaves the token that came after it") {
    World world;
    REQUIRE(world.fetch("accounts"));
    int fast = 0;
    int slow = 0;
    world.answers["/users"] = [&] { return refuse_first_token(fast); };
    world.answers["/account_groups"] = [&] { return refuse_first_token(slow); };
    world.transport.turns["/account_groups"] = 50;
    std::optional<Result<Page>> first;
    std::optional<Result<Page>> second;
    start_fetch(world, first, {}, "account_groups");
    start_fetch(world, second);
    world.io.restart();
    world.io.run();
    REQUIRE(first.has_value());
    CHECK(first->has_value());
    REQUIRE(second.has_value());
    CHECK(second->has_value());
    CHECK(world.tokens_given == 2);
}

TEST_CASE("an answer without a usable token is a contract error that does not repeat it") {
    for (const auto* body : {"", "[]", "{}", R"({"access_token":""})", R"({"access_token":"a\r\nx: y"})",
                             R"({"access_token":"quoted \" text"})", R"({"access_token":null})"}) {
        World world;
        world.answers["/auth/token"] = [&] { return answer(200, body); };
        const auto page = world.fetch("users");
        REQUIRE_FALSE(page);
        CHECK(page.error().code == Errc::contract);
        CHECK(page.error().detail.starts_with("Upvest's token answer"));
        CHECK(page.error().detail.find("quoted") == std::string::npos);
    }
}
