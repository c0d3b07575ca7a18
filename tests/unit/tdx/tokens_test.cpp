#include "adapters/tdx/tokens.hpp"

#include <doctest/doctest.h>

#include "fixture.hpp"

using namespace tributary;
using domain::Timestamp;

namespace {

Timestamp at(std::string_view text) {
    return *domain::parse_timestamp(text);
}

std::string answer(std::string_view access_expires_at) {
    return R"({"result": {"accessToken": "a", "accessExpiresAt": ")" + std::string(access_expires_at) +
           "\"}}";
}

const Timestamp noon = at("2026-01-02T12:00:00Z");

}  // namespace

TEST_CASE("the documented login answer is read whole") {
    const auto tokens = tdx::decode_tokens(tests::fixture("login"), at("2005-03-18T01:58:29Z"));
    REQUIRE(tokens.has_value());
    CHECK(tokens->access == "access-1");
    CHECK(tokens->refresh == "11111111-2222-4333-8444-555555555555");
    CHECK(tokens->renew_at == at("2005-03-18T02:57:29Z"));
    CHECK(tokens->session_ends_at == at("2005-03-25T01:58:29Z"));
}

TEST_CASE("an answer without the result wrapper is read too") {
    CHECK(tdx::decode_tokens(R"({"accessToken": "a"})", noon)->access == "a");
}

TEST_CASE("a short-lived token is renewed at half its life instead of at every request") {
    CHECK(tdx::decode_tokens(answer("2026-01-02T12:01:00Z"), noon)->renew_at == at("2026-01-02T12:00:30Z"));
}

TEST_CASE("an end that is past, missing or unreadable leaves the renewal to a 401") {
    CHECK_FALSE(tdx::decode_tokens(answer("2026-01-02T11:00:00Z"), noon)->renew_at.has_value());
    CHECK_FALSE(tdx::decode_tokens(answer("tomorrow"), noon)->renew_at.has_value());
    CHECK_FALSE(tdx::decode_tokens(R"({"result": {"accessToken": "a"}})", noon)->renew_at.has_value());
}

TEST_CASE("an answer without a usable access token breaks the contract") {
    for (const std::string body : {"", "{}", R"({"result": null})", R"({"result": {"accessToken": ""}})",
                                   R"({"result": {"accessToken": "a\r\nX: y"}})", "<html>"}) {
        CAPTURE(body);
        const auto tokens = tdx::decode_tokens(body, noon);
        REQUIRE_FALSE(tokens.has_value());
        CHECK(tokens.error().code == domain::Errc::contract);
    }
}

TEST_CASE("the login body carries the challenge only where there is one") {
    const tdx::Login login{"u", "p\"", std::nullopt};
    CHECK(tdx::login_body(login, std::nullopt, "d") == R"({"username":"u","password":"p\"","deviceId":"d"})");
    CHECK(tdx::login_body(login, "081804", "d") ==
          R"({"username":"u","password":"p\"","challenge":"081804","deviceId":"d"})");
    CHECK(tdx::refresh_body("r") == R"({"refreshToken":"r"})");
}

TEST_CASE("an answer to a login that is no JSON is told as T-DX's, and never quoted") {
    const auto tokens = tdx::decode_tokens("<html>hotel</html>", noon);
    REQUIRE_FALSE(tokens.has_value());
    CHECK(tokens.error().detail.starts_with("T-DX's answer to the login is no JSON."));
    CHECK(tokens.error().detail.find("hotel") == std::string::npos);
}
