#include <doctest/doctest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include "domain/json/write.hpp"
#include "fakes.hpp"
#include "fixture.hpp"
#include "tests/support/run_task.hpp"

using namespace tributary;
using domain::Errc;
using tests::fixture;
using tests::Rig;
using tests::run_task;
using tests::text_in;
using tests::tree;

namespace {

const std::string login_route = "POST /users/authentication/login";
const std::string refresh_route = "POST /users/authentication/refresh";
const std::string user_route = "GET /users/me";

constexpr auto plain = R"({"username": "u", "password": "p"})";
/// The secret of RFC 6238's vectors, in base32.
constexpr auto two_factor =
    R"({"username": "u", "password": "p", "totp_secret": "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"})";

std::string tokens(const std::string& access, const std::string& refresh, const std::string& expires) {
    return R"({"result": {"accessToken": ")" + access + R"(", "refreshToken": ")" + refresh +
           R"(", "accessExpiresAt": ")" + expires + R"(", "sessionExpiresAt": "2005-03-25T01:58:29Z"}})";
}

json::Object body_of(const domain::ports::HttpCall& call) {
    return *tree(call.body).if_object();
}

std::string bearer_of(const domain::ports::HttpCall& call) {
    return std::string(call.fields.find("Authorization").value_or(""));
}

auto fetch_user(domain::ports::ProviderSession& session) {
    static const std::string stream = "user";
    return run_task(session.fetch(stream, {}));
}

}  // namespace

TEST_CASE("login sends the RFC 6238 code as challenge and its token with the request") {
    Rig rig;
    rig.transport.answer(login_route, 200, fixture("login"));
    rig.transport.answer(user_route, 200, fixture("own_user"));
    const auto session = rig.open(two_factor);
    REQUIRE(fetch_user(*session).has_value());
    REQUIRE(rig.transport.calls.size() == 2);
    const auto& login = rig.transport.calls[0];
    CHECK(login.fields.find("Content-Type") == "application/json");
    CHECK_FALSE(login.fields.find("Authorization").has_value());
    CHECK(text_in(body_of(login), "username") == "u");
    CHECK(text_in(body_of(login), "password") == "p");
    CHECK(text_in(body_of(login), "challenge") == "081804");
    CHECK(bearer_of(rig.transport.calls[1]) == "Bearer access-1");
}

TEST_CASE("login without two-factor authentication sends no challenge") {
    Rig rig;
    rig.transport.answer(login_route, 200, fixture("login"));
    rig.transport.answer(user_route, 200, fixture("own_user"));
    REQUIRE(fetch_user(*rig.open(plain)).has_value());
    CHECK(json::find(body_of(rig.transport.calls[0]), "challenge") == nullptr);
}

TEST_CASE("the device is the same in every session of a connection") {
    Rig rig;
    for (int i = 0; i < 2; ++i) {
        rig.transport.answer(login_route, 200, fixture("login"));
        rig.transport.answer(user_route, 200, fixture("own_user"));
        REQUIRE(fetch_user(*rig.open(plain)).has_value());
    }
    const std::string device = text_in(body_of(rig.transport.calls[0]), "deviceId");
    CHECK(domain::parse_uuid(device).has_value());
    CHECK(text_in(body_of(rig.transport.calls[2]), "deviceId") == device);
}

TEST_CASE("the paths of login and refresh follow the settings") {
    Rig rig;
    rig.transport.answer("POST /auth/login", 200, fixture("login"));
    rig.transport.answer(user_route, 200, fixture("own_user"));
    const auto session = rig.open(plain, R"({"login_path": "/auth/login", "refresh_path": "/auth/refresh"})");
    REQUIRE(fetch_user(*session).has_value());
    rig.clock.advance(std::chrono::hours(1));
    rig.transport.answer("POST /auth/refresh", 200, fixture("login"));
    rig.transport.answer(user_route, 200, fixture("own_user"));
    REQUIRE(fetch_user(*session).has_value());
    CHECK(rig.transport.count("POST /auth/refresh") == 1);
}

TEST_CASE("a token is kept for its lifetime and refreshed a minute before its end") {
    Rig rig;
    rig.transport.answer(login_route, 200, tokens("access-1", "refresh-1", "2005-03-18T02:58:29Z"));
    for (int i = 0; i < 3; ++i) {
        rig.transport.answer(user_route, 200, fixture("own_user"));
    }
    const auto session = rig.open(plain);
    REQUIRE(fetch_user(*session).has_value());
    rig.clock.advance(std::chrono::minutes(58));
    REQUIRE(fetch_user(*session).has_value());
    CHECK(rig.transport.calls.size() == 3);
    rig.clock.advance(std::chrono::minutes(1));
    rig.transport.answer(refresh_route, 200, tokens("access-2", "refresh-2", "2005-03-18T03:58:29Z"));
    REQUIRE(fetch_user(*session).has_value());
    CHECK(text_in(body_of(rig.transport.calls[3]), "refreshToken") == "refresh-1");
    CHECK(bearer_of(rig.transport.calls[4]) == "Bearer access-2");
    CHECK(rig.transport.count(login_route) == 1);
}

TEST_CASE("a refresh that gives no new refresh token leaves the old one in use") {
    Rig rig;
    rig.transport.answer(login_route, 200, tokens("access-1", "refresh-1", "2005-03-18T02:58:29Z"));
    rig.transport.answer(
        refresh_route, 200,
        R"({"result": {"accessToken": "access-2", "accessExpiresAt": "2005-03-18T03:58:29Z"}})");
    rig.transport.answer(refresh_route, 200, tokens("access-3", "refresh-3", "2005-03-18T04:58:29Z"));
    const auto session = rig.open(plain);
    for (int i = 0; i < 3; ++i) {
        rig.transport.answer(user_route, 200, fixture("own_user"));
        REQUIRE(fetch_user(*session).has_value());
        rig.clock.advance(std::chrono::hours(1));
    }
    CHECK(text_in(body_of(rig.transport.calls[4]), "refreshToken") == "refresh-1");
    CHECK(rig.transport.count(login_route) == 1);
}

TEST_CASE("a refresh that fails falls back to a login with a code of its own") {
    Rig rig;
    rig.transport.answer(login_route, 200, tokens("access-1", "refresh-1", "2005-03-18T02:58:29Z"));
    rig.transport.answer(user_route, 200, fixture("own_user"));
    const auto session = rig.open(two_factor);
    REQUIRE(fetch_user(*session).has_value());
    rig.clock.advance(std::chrono::hours(1));
    rig.transport.answer(refresh_route, 404, "no such path");
    rig.transport.answer(login_route, 200, tokens("access-2", "refresh-2", "2005-03-18T04:58:29Z"));
    rig.transport.answer(user_route, 200, fixture("own_user"));
    REQUIRE(fetch_user(*session).has_value());
    CHECK(bearer_of(rig.transport.calls.back()) == "Bearer access-2");
    CHECK(text_in(body_of(rig.transport.calls[3]), "challenge") != "081804");
}

TEST_CASE("a session whose end has passed is not refreshed but logged in anew") {
    Rig rig;
    rig.transport.answer(login_route, 200, tokens("access-1", "refresh-1", "2005-03-18T02:58:29Z"));
    rig.transport.answer(user_route, 200, fixture("own_user"));
    const auto session = rig.open(plain);
    REQUIRE(fetch_user(*session).has_value());
    rig.clock.advance(std::chrono::hours(24 * 8));
    rig.transport.answer(login_route, 200, tokens("access-2", "refresh-2", "2005-03-26T02:58:29Z"));
    rig.transport.answer(user_route, 200, fixture("own_user"));
    REQUIRE(fetch_user(*session).has_value());
    CHECK(rig.transport.count(refresh_route) == 0);
}

TEST_CASE("a throttled refresh is an error with its wait and costs no login") {
    Rig rig;
    rig.transport.answer(login_route, 200, fixture("login"));
    rig.transport.answer(user_route, 200, fixture("own_user"));
    const auto session = rig.open(plain);
    REQUIRE(fetch_user(*session).has_value());
    rig.clock.advance(std::chrono::hours(1));
    rig.transport.answer(refresh_route, 429, "");
    CHECK(fetch_user(*session).error().code == Errc::throttled);
    CHECK(rig.transport.count(login_route) == 1);
}

TEST_CASE("a 401 renews the token once and repeats the request once") {
    Rig rig;
    rig.transport.answer(login_route, 200, fixture("login"));
    rig.transport.answer(user_route, 401, "");
    rig.transport.answer(refresh_route, 200, tokens("access-2", "refresh-2", "2005-03-18T02:58:29Z"));
    rig.transport.answer(user_route, 200, fixture("own_user"));
    const auto session = rig.open(plain);
    REQUIRE(fetch_user(*session).has_value());
    CHECK(bearer_of(rig.transport.calls.back()) == "Bearer access-2");
    CHECK(rig.transport.calls.size() == 4);
}

TEST_CASE("a second 401 is unauthenticated and asked no third time") {
    Rig rig;
    rig.transport.answer(login_route, 200, fixture("login"));
    rig.transport.answer(refresh_route, 200, tokens("access-2", "refresh-2", "2005-03-18T02:58:29Z"));
    rig.transport.answer(user_route, 401, "");
    rig.transport.answer(user_route, 401, "");
    const auto session = rig.open(plain);
    CHECK(fetch_user(*session).error().code == Errc::unauthenticated);
    CHECK(rig.transport.calls.size() == 4);
}

TEST_CASE("requests at the same time share one login, and one refresh after a 401 for all") {
    Rig rig;
    boost::asio::io_context io;
    rig.transport.answer(login_route, 200, tokens("access-1", "refresh-1", "2005-03-18T02:58:29Z"));
    rig.transport.answer(refresh_route, 200, tokens("access-2", "refresh-2", "2005-03-18T02:58:29Z"));
    const auto session = rig.open(plain);
    const std::string stream = "user";
    constexpr int requests = 5;
    rig.transport.decide = [](const domain::ports::HttpCall& call) {
        domain::ports::HttpAnswer answer;
        answer.status = bearer_of(call) == "Bearer access-2" ? 200 : 401;
        answer.body = fixture("own_user");
        return call.method == "GET" ? std::optional<tests::FakeTransport::Answer>(std::move(answer))
                                    : std::nullopt;
    };
    int succeeded = 0;
    for (int i = 0; i < requests; ++i) {
        boost::asio::co_spawn(
            io, session->fetch(stream, {}),
            [&succeeded](std::exception_ptr failure, const domain::Result<domain::Page>& page) {
                succeeded += !failure && page.has_value() ? 1 : 0;
            });
    }
    io.run();
    CHECK(succeeded == requests);
    CHECK(rig.transport.count(login_route) == 1);
    CHECK(rig.transport.count(refresh_route) == 1);
    CHECK(rig.transport.count(user_route) > requests);
}

TEST_CASE("a second session within the same half minute waits for the next code") {
    Rig rig;
    for (int i = 0; i < 2; ++i) {
        rig.transport.answer(login_route, 200, fixture("login"));
        rig.transport.answer(user_route, 200, fixture("own_user"));
    }
    REQUIRE(fetch_user(*rig.open(two_factor)).has_value());
    REQUIRE(fetch_user(*rig.open(two_factor)).has_value());
    REQUIRE(rig.clock.slept.size() == 1);
    CHECK(rig.clock.slept[0] == std::chrono::seconds(1));
    CHECK(text_in(body_of(rig.transport.calls[0]), "challenge") == "081804");
    CHECK(text_in(body_of(rig.transport.calls[2]), "challenge") == "050471");
}

TEST_CASE("a refused code is followed by one try with the next, because a restart forgets which were used") {
    Rig rig;
    rig.transport.answer(login_route, 401, "");
    rig.transport.answer(login_route, 200, fixture("login"));
    rig.transport.answer(user_route, 200, fixture("own_user"));
    REQUIRE(fetch_user(*rig.open(two_factor)).has_value());
    CHECK(text_in(body_of(rig.transport.calls[1]), "challenge") == "050471");
}

TEST_CASE("refused credentials are unauthenticated for the rest of the run and sent by no other stream") {
    for (const int status : {400, 401, 403, 422}) {
        CAPTURE(status);
        Rig rig;
        const auto session = rig.open(plain);
        for (const auto& facts : session->streams()) {
            CAPTURE(facts.name);
            rig.transport.answer(login_route, status, "");
            CHECK(run_task(session->fetch(facts.name, {})).error().code == Errc::unauthenticated);
            rig.clock.advance(std::chrono::hours(1));
        }
        CHECK(rig.transport.calls.size() == 1);
    }
}

TEST_CASE("a refused login with two-factor authentication costs two codes in a run and no more") {
    Rig rig;
    const auto session = rig.open(two_factor);
    for (const auto& facts : session->streams()) {
        CAPTURE(facts.name);
        rig.transport.answer(login_route, 401, "");
        rig.transport.answer(login_route, 401, "");
        CHECK(run_task(session->fetch(facts.name, {})).error().code == Errc::unauthenticated);
        rig.clock.advance(std::chrono::hours(1));
    }
    CHECK(rig.transport.calls.size() == 2);
    CHECK(rig.clock.slept.size() == 1);
}

TEST_CASE("a login whose answer cannot be used is not repeated by every stream") {
    Rig rig;
    const auto session = rig.open(plain);
    for (const auto& facts : session->streams()) {
        CAPTURE(facts.name);
        rig.transport.answer(login_route, 200, R"({"result": {}})");
        CHECK(run_task(session->fetch(facts.name, {})).error().code == Errc::contract);
    }
    CHECK(rig.transport.calls.size() == 1);
}

TEST_CASE("another session asks again after a refused login, because a person may have mended it") {
    Rig rig;
    rig.transport.answer(login_route, 401, "");
    CHECK(fetch_user(*rig.open(plain)).error().code == Errc::unauthenticated);
    rig.transport.answer(login_route, 200, fixture("login"));
    rig.transport.answer(user_route, 200, fixture("own_user"));
    CHECK(fetch_user(*rig.open(plain)).has_value());
}

TEST_CASE("a login that failed by passing trouble is tried again") {
    Rig rig;
    const auto session = rig.open(plain);
    rig.transport.answer(login_route, 503, "<html>");
    CHECK(fetch_user(*session).error().code == Errc::unavailable);
    rig.transport.answer(login_route, domain::fail(Errc::timed_out, "slow"));
    CHECK(fetch_user(*session).error().code == Errc::timed_out);
    rig.transport.answer(login_route, 429, "");
    CHECK(fetch_user(*session).error().code == Errc::throttled);
    rig.transport.answer(login_route, 200, fixture("login"));
    rig.transport.answer(user_route, 200, fixture("own_user"));
    CHECK(fetch_user(*session).has_value());
}

TEST_CASE("a login path that does not exist is a matter of the configuration") {
    Rig rig;
    rig.transport.answer(login_route, 404, "");
    const auto page = fetch_user(*rig.open(plain));
    CHECK(page.error().code == Errc::configuration);
    CHECK(page.error().pointer == "/settings/login_path");
}

TEST_CASE("a session that waits for a code while its run stops ends as cancelled and logs in no more") {
    Rig rig;
    rig.transport.answer(login_route, 200, fixture("login"));
    rig.transport.answer(user_route, 200, fixture("own_user"));
    REQUIRE(fetch_user(*rig.open(two_factor)).has_value());
    rig.clock.stopping = true;
    const auto second = rig.open(two_factor);
    CHECK(fetch_user(*second).error().code == Errc::cancelled);
    CHECK(rig.clock.slept.size() == 1);
    CHECK(rig.transport.count(login_route) == 1);
}
