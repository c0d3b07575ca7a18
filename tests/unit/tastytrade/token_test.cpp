#include "adapters/tastytrade/token.hpp"

#include <doctest/doctest.h>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>

#include "fakes.hpp"

using namespace tributary;
using namespace tributary::tests::tastytrade;
using domain::Errc;
using std::chrono::seconds;

namespace {

constexpr const char* endpoint = "/oauth/token";

std::vector<std::string> tokens_used(const World& world) {
    std::vector<std::string> used;
    for (const ports::HttpCall& call : world.transport.calls) {
        if (const auto field = call.fields.find("Authorization")) {
            used.emplace_back(*field);
        }
    }
    return used;
}

domain::Error refused_with(World& world, FakeTransport::Outcome answer) {
    world.transport.script("POST /oauth/token", {std::move(answer)});
    const auto page = world.fetch("customer");
    REQUIRE_FALSE(page);
    return page.error();
}

}  // namespace

TEST_CASE("a token lives as long as it says, 15 minutes where it does not, a day at most") {
    const auto lifetime = [](const std::string& rest) {
        return tastytrade::parse_token(R"({"access_token":"a")" + rest + "}")->lifetime;
    };
    CHECK(lifetime(R"(,"expires_in":300)") == seconds(300));
    CHECK(lifetime(R"(,"expires_in":"300")") == seconds(300));
    CHECK(lifetime("") == seconds(900));
    CHECK(lifetime(R"(,"expires_in":null)") == seconds(900));
    CHECK(lifetime(R"(,"expires_in":-5)") == seconds(900));
    CHECK(lifetime(R"(,"expires_in":9000000000000000000)") == seconds(86400));
}

TEST_CASE("an answer without a token fit for a header breaks the contract") {
    for (const char* body : {"", "[]", "{}", "<html>", R"({"access_token":""})", R"({"access_token":null})",
                             R"({"access_token":"a\r\nX: y"})", R"({"access_token":{"a":1}})"}) {
        const auto token = tastytrade::parse_token(body);
        REQUIRE_MESSAGE(!token, body);
        CHECK(token.error().code == Errc::contract);
    }
}

TEST_CASE("one token serves until a minute before it ends") {
    World world;
    CHECK(world.fetch("customer"));
    world.clock.advance(seconds(839));
    CHECK(world.fetch("customer"));
    CHECK(world.transport.count(endpoint) == 1);
    world.clock.advance(seconds(1));
    CHECK(world.fetch("customer"));
    CHECK(world.transport.count(endpoint) == 2);
    CHECK(tokens_used(world) == std::vector<std::string>{"Bearer t1", "Bearer t1", "Bearer t2"});
}

TEST_CASE("a token that lives less than two minutes is renewed at half its life") {
    World world;
    world.transport.script("POST /oauth/token", {token_answer("t1", "30"), token_answer("t2", "30")});
    CHECK(world.fetch("customer"));
    world.clock.advance(seconds(14));
    CHECK(world.fetch("customer"));
    CHECK(world.transport.count(endpoint) == 1);
    world.clock.advance(seconds(1));
    CHECK(world.fetch("customer"));
    CHECK(world.transport.count(endpoint) == 2);
}

TEST_CASE("many fetches at once cause one refresh") {
    World world({.profile = "C1", .account = {}});
    const auto pages = world.fetch_together({"customer", "accounts", "customer", "accounts", "customer"});
    for (const auto& page : pages) {
        CHECK(page);
    }
    CHECK(world.transport.count(endpoint) == 1);
    world.clock.advance(seconds(900));
    CHECK(world.fetch_together({"customer", "accounts"}).at(1));
    CHECK(world.transport.count(endpoint) == 2);
}

TEST_CASE("a token refused early is renewed once and the read repeated once") {
    World world;
    const auto expired = json_answer(401, R"({"error":{"code":"unauthorized","message":"m"}})");
    world.transport.script("GET /customers/me", {expired, json_answer(200, fixture("customer.json"))});
    CHECK(world.fetch("customer"));
    CHECK(world.transport.count(endpoint) == 2);
    CHECK(tokens_used(world) == std::vector<std::string>{"Bearer t1", "Bearer t2"});
}

TEST_CASE("a token refused early for several fetches at once is renewed once for all") {
    World world({.profile = "C1", .account = {}});
    const auto expired = json_answer(401, R"({"error":{"code":"unauthorized","message":"m"}})");
    world.transport.script("GET /customers/me",
                           {expired, expired, json_answer(200, fixture("customer.json"))});
    const auto pages = world.fetch_together({"customer", "customer"});
    CHECK(pages[0]);
    CHECK(pages[1]);
    CHECK(world.transport.count(endpoint) == 2);
}

TEST_CASE("a refusal of the old token that comes late does not cost the new one") {
    World world({.profile = "C1", .account = {}});
    const auto expired = json_answer(401, R"({"error":{"code":"unauthorized","message":"m"}})");
    world.transport.script("GET /customers/me", {expired, json_answer(200, fixture("customer.json"))});
    world.transport.script("GET /customers/me/accounts",
                           {expired, json_answer(200, fixture("accounts.json"))});
    world.transport.slow.insert("/customers/me/accounts");
    const auto pages = world.fetch_together({"customer", "accounts"});
    CHECK(pages[0]);
    CHECK(pages[1]);
    CHECK(world.transport.count(endpoint) == 2);
}

TEST_CASE("a read refused with a fresh token too is given up as unauthenticated") {
    World world;
    world.transport.script("GET /customers/me", {json_answer(401, R"({"error":{"code":"unauthorized"}})")});
    const auto page = world.fetch("customer");
    REQUIRE_FALSE(page);
    CHECK(page.error().code == Errc::unauthenticated);
    CHECK(page.error().detail.find("(unauthorized)") != std::string::npos);
    CHECK(world.transport.count(endpoint) == 2);
    CHECK(world.transport.count("/customers/me") == 2);
}

TEST_CASE("an HTML 401 is a configuration error that no refresh is spent on") {
    World world;
    world.transport.script("GET /customers/me", {html_answer(401)});
    const auto page = world.fetch("customer");
    REQUIRE_FALSE(page);
    CHECK(page.error().code == Errc::configuration);
    CHECK(page.error().detail.find("User-Agent") != std::string::npos);
    CHECK(world.transport.count(endpoint) == 1);
    CHECK(world.transport.count("/customers/me") == 1);
}

TEST_CASE("a refused grant is unauthenticated whatever its envelope, and its secrets are not repeated") {
    const FakeTransport::Outcome answers[] = {
        json_answer(400, R"({"error_code":"invalid_grant","error_description":"Invalid JWT"})"),
        json_answer(400, R"({"error":"invalid_grant","error_description":"r3fresh"})"),
        json_answer(401, R"({"error":{"code":"invalid_credentials","message":"r3fresh"}})"),
        json_answer(403, R"({"error":"access_denied"})"), json_answer(403, "")};
    for (const auto& answer : answers) {
        World world;
        const domain::Error error = refused_with(world, answer);
        CHECK(error.code == Errc::unauthenticated);
        CHECK(error.detail.find("r3fresh") == std::string::npos);
        CHECK(error.detail.find("s3cret") == std::string::npos);
    }
}

TEST_CASE("a token call that was refused is repeated by no other stream of the run") {
    const std::pair<FakeTransport::Outcome, Errc> table[] = {
        {json_answer(400, R"({"error":"invalid_grant"})"), Errc::unauthenticated},
        {json_answer(401, ""), Errc::unauthenticated},
        {json_answer(403, ""), Errc::unauthenticated},
        {html_answer(401), Errc::configuration},
        {json_answer(200, R"({"token":"x"})"), Errc::contract},
        {html_answer(404), Errc::contract}};
    for (const auto& [answer, code] : table) {
        World world;
        CHECK(refused_with(world, answer).code == code);
        for (int i = 0; i < 3; ++i) {
            world.clock.advance(std::chrono::hours(1));
            CHECK(world.fetch("accounts").error().code == code);
        }
        CHECK(world.read("5WT00001").error().code == code);
        CHECK(world.transport.count(endpoint) == 1);
        CHECK(world.transport.calls.size() == 1);
    }
}

TEST_CASE("fetches that wait for a token share its failure instead of asking one after the other") {
    const std::pair<FakeTransport::Outcome, Errc> table[] = {
        {json_answer(400, R"({"error":"invalid_grant"})"), Errc::unauthenticated},
        {html_answer(502), Errc::unavailable}};
    for (const auto& [answer, code] : table) {
        World world;
        world.transport.script("POST /oauth/token", {answer});
        for (const auto& page : world.fetch_together({"customer", "customer", "customer"})) {
            REQUIRE_FALSE(page);
            CHECK(page.error().code == code);
        }
        CHECK(world.transport.count(endpoint) == 1);
    }
}

TEST_CASE("a caller that is cancelled while it renews the token leaves the renewal to those who wait") {
    World world({.profile = "C1", .account = {}});
    const std::string stream = "customer";
    boost::asio::io_context io;
    boost::asio::cancellation_signal cancel;
    bool first_ended = false;
    domain::Result<domain::Page> second = domain::fail(Errc::internal, "never ended");
    boost::asio::co_spawn(
        io, world.session->fetch(stream, {}),
        boost::asio::bind_cancellation_slot(
            cancel.slot(), [&](const std::exception_ptr& thrown, const domain::Result<domain::Page>&) {
                first_ended = thrown != nullptr;
            }));
    boost::asio::co_spawn(
        io, world.session->fetch(stream, {}),
        [&](const std::exception_ptr&, domain::Result<domain::Page> page) { second = page; });
    for (int i = 0; i < 10; ++i) {
        io.run_one();
    }
    REQUIRE(world.transport.calls.size() == 1);
    cancel.emit(boost::asio::cancellation_type::terminal);
    io.run();
    CHECK(first_ended);
    CHECK(second);
    CHECK(world.transport.count(endpoint) == 2);
}

TEST_CASE("a renewal that ended as cancelled is no answer for those who wait for it") {
    World world({.profile = "C1", .account = {}});
    world.transport.script("POST /oauth/token",
                           {domain::fail(Errc::cancelled, "stopping"), token_answer("t2")});
    const auto pages = world.fetch_together({"customer", "customer"});
    REQUIRE_FALSE(pages[0]);
    CHECK(pages[0].error().code == Errc::cancelled);
    CHECK(pages[1]);
}

TEST_CASE("the token endpoint's passing failures keep their meaning and are asked again") {
    const std::pair<FakeTransport::Outcome, Errc> table[] = {
        {json_answer(429, R"({"error":{"code":"throttled"}})"), Errc::throttled},
        {html_answer(502), Errc::unavailable},
        {domain::fail(Errc::timed_out, "late"), Errc::timed_out}};
    for (const auto& [answer, code] : table) {
        World world;
        CHECK(refused_with(world, answer).code == code);
        world.transport.script("POST /oauth/token", {token_answer("t9")});
        CHECK(world.fetch("customer"));
    }
}

TEST_CASE("a wait that tastytrade asks for is passed on") {
    World world;
    auto answer = json_answer(429, "");
    answer.fields.add("Retry-After", "17");
    CHECK(refused_with(world, answer).retry_after == seconds(17));
}

TEST_CASE("a rotated refresh token is used for the next grant") {
    World world;
    world.transport.script(
        "POST /oauth/token",
        {json_answer(200, R"({"access_token":"t1","expires_in":900,"refresh_token":"r2"})"),
         token_answer("t2")});
    CHECK(world.fetch("customer"));
    world.clock.advance(seconds(900));
    CHECK(world.fetch("customer"));
    std::vector<std::string> bodies;
    for (const ports::HttpCall& call : world.transport.calls) {
        if (call.target == endpoint) {
            bodies.push_back(call.body);
        }
    }
    REQUIRE(bodies.size() == 2);
    CHECK(bodies[0].find("r3fresh") != std::string::npos);
    CHECK(bodies[1].find(R"("refresh_token":"r2")") != std::string::npos);
}
