#include "adapters/tastytrade/request.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "domain/json/parse.hpp"

using namespace tributary;

TEST_CASE("a path segment is percent-encoded but for unreserved characters") {
    using tastytrade::percent_encoded;
    CHECK(percent_encoded("5WT00001") == "5WT00001");
    CHECK(percent_encoded("a-b._~") == "a-b._~");
    CHECK(percent_encoded("../a?b#c d%") == "..%2Fa%3Fb%23c%20d%25");
    CHECK(percent_encoded("\xc3\xa9") == "%C3%A9");
}

TEST_CASE("every request says who we are as product and version") {
    const std::string_view agent = tastytrade::user_agent();
    const std::string_view version = agent.substr(agent.find('/') + 1);
    CHECK(agent.starts_with("tributary/"));
    CHECK_FALSE(version.empty());
    CHECK(std::ranges::all_of(version, [](char c) { return c == '.' || (c >= '0' && c <= '9'); }));
    CHECK(tastytrade::read_request("https://o", "/t", "tok").fields.find("User-Agent") == agent);
    CHECK(tastytrade::token_request("https://o", {"s", "r"}).fields.find("User-Agent") == agent);
}

TEST_CASE("a read carries the token and no version header") {
    const auto call = tastytrade::read_request("https://o", "/customers/me", "tok");
    CHECK(call.method == "GET");
    CHECK(call.origin == "https://o");
    CHECK(call.target == "/customers/me");
    CHECK(call.fields.find("Authorization") == "Bearer tok");
    CHECK(call.fields.find("Accept") == "application/json");
    CHECK_FALSE(call.fields.find("Accept-Version"));
    CHECK(call.body.empty());
}

TEST_CASE("the grant is JSON in snake_case with hard characters escaped and no old token") {
    const auto call =
        tastytrade::token_request("https://o", {.client_secret = "s\"\\", .refresh_token = "r"});
    CHECK(call.method == "POST");
    CHECK(call.target == "/oauth/token");
    CHECK(call.fields.find("Content-Type") == "application/json");
    CHECK_FALSE(call.fields.find("Authorization"));
    const auto body = json::parse(call.body);
    REQUIRE(body);
    CHECK(body->root ==
          json::Value(json::Object{
              {"grant_type", "refresh_token"}, {"refresh_token", "r"}, {"client_secret", "s\"\\"}}));
}
