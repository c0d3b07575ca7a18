#include <doctest/doctest.h>

#include <utility>

#include "fakes.hpp"
#include "fixture.hpp"
#include "tests/support/run_task.hpp"

using namespace tributary;
using domain::Errc;
using domain::Result;
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

/// The connection's committed tokens, which are expired; a commit fails while the store is away.
class FakeShared final : public domain::ports::SharedTokens {
  public:
    domain::ports::Task<Result<domain::ports::HeldTokens>> get(std::optional<std::int64_t>,
                                                               domain::ports::RenewTokens renew) override {
        Result<domain::ports::Tokens> renewed = co_await renew(committed);
        if (!renewed) {
            co_return std::unexpected(renewed.error());
        }
        if (away) {
            co_return domain::fail(Errc::unavailable, "The store is away.");
        }
        committed = *renewed;
        co_return domain::ports::HeldTokens{*std::move(renewed), ++generation};
    }

    std::optional<domain::ports::Tokens> committed;
    std::int64_t generation = 0;
    bool away = false;
};

std::string tokens(const std::string& access, const std::string& refresh, const std::string& expires) {
    return R"({"result": {"accessToken": ")" + access + R"(", "refreshToken": ")" + refresh +
           R"(", "accessExpiresAt": ")" + expires + R"(", "sessionExpiresAt": "2005-03-25T01:58:29Z"}})";
}

Result<domain::Page> fetch_user(domain::ports::ProviderSession& session) {
    static const std::string stream = "user";
    return run_task(session.fetch(stream, {}));
}

std::string last_bearer(const Rig& rig) {
    return std::string(rig.transport.calls.back().fields.find("Authorization").value_or(""));
}

std::string last_refresh(const Rig& rig) {
    return text_in(*tree(rig.transport.calls.back().body).if_object(), "refreshToken");
}

}  // namespace

TEST_CASE("a refresh that could not be committed is used by no request, at no attempt") {
    Rig rig;
    FakeShared shared;
    rig.shared = &shared;
    rig.transport.answer(login_route, 200, tokens("access-1", "refresh-1", "2005-03-18T02:58:29Z"));
    rig.transport.answer(user_route, 200, fixture("own_user"));
    const auto session = rig.open(plain);
    REQUIRE(fetch_user(*session).has_value());
    rig.clock.advance(std::chrono::hours(1));

    shared.away = true;
    for (const std::string access : {"access-2", "access-3"}) {
        CAPTURE(access);
        rig.transport.answer(refresh_route, 200, tokens(access, "lost", "2005-03-18T03:58:29Z"));
        rig.transport.answer(user_route, 200, fixture("own_user"));
        const auto page = fetch_user(*session);
        REQUIRE_FALSE(page.has_value());
        CHECK(page.error().code == Errc::unavailable);
        CHECK(last_refresh(rig) == "refresh-1");
    }
    CHECK(rig.transport.count(user_route) == 1);

    shared.away = false;
    rig.transport.answer(refresh_route, 200, tokens("access-4", "refresh-4", "2005-03-18T03:58:29Z"));
    REQUIRE(fetch_user(*session).has_value());
    CHECK(last_bearer(rig) == "Bearer access-4");
    CHECK(shared.committed->refresh == "refresh-4");
}

TEST_CASE("a login that could not be committed is used by no request, at no attempt") {
    Rig rig;
    FakeShared shared;
    shared.away = true;
    rig.shared = &shared;
    const auto session = rig.open(plain);
    for (const std::string access : {"access-1", "access-2"}) {
        CAPTURE(access);
        rig.transport.answer(login_route, 200, tokens(access, "lost", "2005-03-18T02:58:29Z"));
        const auto page = fetch_user(*session);
        REQUIRE_FALSE(page.has_value());
        CHECK(page.error().code == Errc::unavailable);
    }
    CHECK(rig.transport.count(login_route) == 2);
    CHECK(rig.transport.count(user_route) == 0);
}

TEST_CASE("a token refused by T-DX stays refused when its successor could not be committed") {
    Rig rig;
    FakeShared shared;
    rig.shared = &shared;
    rig.transport.answer(login_route, 200, tokens("access-1", "refresh-1", "2005-03-18T02:58:29Z"));
    rig.transport.answer(user_route, 200, fixture("own_user"));
    const auto session = rig.open(plain);
    REQUIRE(fetch_user(*session).has_value());

    shared.away = true;
    rig.transport.answer(user_route, 401, "");
    for (const std::string access : {"access-2", "access-3"}) {
        CAPTURE(access);
        rig.transport.answer(refresh_route, 200, tokens(access, "lost", "2005-03-18T03:58:29Z"));
        const auto page = fetch_user(*session);
        REQUIRE_FALSE(page.has_value());
        CHECK(page.error().code == Errc::unavailable);
        CHECK(last_refresh(rig) == "refresh-1");
    }
    CHECK(rig.transport.count(user_route) == 2);
}

TEST_CASE("the connection's expired token is sent by no new session whose refresh failed") {
    Rig rig;
    FakeShared shared;
    shared.committed = domain::ports::Tokens{"expired", "refresh-1"};
    rig.shared = &shared;
    const auto session = rig.open(plain);
    for (int attempt = 1; attempt <= 2; ++attempt) {
        CAPTURE(attempt);
        rig.transport.answer(refresh_route, 429, "");
        const auto page = fetch_user(*session);
        REQUIRE_FALSE(page.has_value());
        CHECK(page.error().code == Errc::throttled);
    }
    CHECK(rig.transport.count(refresh_route) == 2);
    CHECK(rig.transport.count(user_route) == 0);
}
