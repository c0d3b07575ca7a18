#include <doctest/doctest.h>

#include "bench.hpp"
#include "domain/json/write.hpp"

using namespace tributary;
using namespace tributary::sandbox;

namespace {

HttpRequest grant(const json::Object& body, const std::string& agent = "tests/1.0") {
    return make_request("POST", "/oauth/token", {{"User-Agent", agent}, {"Content-Type", "application/json"}},
                        json::write(body));
}

}  // namespace

TEST_CASE("tastytrade answers a request without product and version with the edge's HTML") {
    Bench bench;
    const HttpRequest good =
        bench.tasty_get("/customers/me", bench.tasty_token(bench.world().tastytrade_logins[0]));
    CHECK(bench.tasty(good).status == 200);
    CHECK(bench.tasty(with_header(good, "User-Agent", "tests/1.0 (Linux; x86)")).status == 200);
    for (const std::optional<std::string>& agent :
         {std::optional<std::string>(), std::optional<std::string>("tests"),
          std::optional<std::string>("/1.0"), std::optional<std::string>("tests/")}) {
        const HttpReply reply = bench.tasty(with_header(good, "User-Agent", agent));
        CHECK(reply.status == 401);
        CHECK(reply.fields.find("Content-Type") == "text/html");
        CHECK(reply.body.starts_with("<html>"));
    }
}

TEST_CASE("tastytrade refuses a missing, unknown, foreign and stale token in JSON") {
    Bench bench;
    const HttpRequest good =
        bench.tasty_get("/customers/me", bench.tasty_token(bench.world().tastytrade_logins[0]));
    for (const std::optional<std::string>& header :
         {std::optional<std::string>(), std::optional<std::string>("Bearer nonsense"),
          std::optional<std::string>("nonsense")}) {
        const HttpReply reply = bench.tasty(with_header(good, "Authorization", header));
        CHECK(reply.status == 401);
        CHECK(text_at(body_of(reply), {"error", "code"}) == "unauthorized");
    }
    bench.now += std::chrono::seconds(899);
    CHECK(bench.tasty(good).status == 200);
    bench.now += std::chrono::seconds(1);
    CHECK(bench.tasty(good).status == 401);
}

TEST_CASE("tastytrade's token endpoint refuses a bad grant in its own envelope") {
    Bench bench;
    const TastytradeLogin& login = bench.world().tastytrade_logins[0];
    const json::Object good{{"grant_type", "refresh_token"},
                            {"refresh_token", login.refresh_token},
                            {"client_secret", login.client_secret}};

    struct Case {
        std::string key;
        std::string value;
        int status;
        std::string code;
    };

    for (const Case& each : {Case{"refresh_token", "wrong", 400, "invalid_grant"},
                             Case{"grant_type", "password", 400, "unsupported_grant_type"},
                             Case{"client_secret", "wrong", 401, "invalid_client"},
                             Case{"client_id", "wrong", 401, "invalid_client"},
                             Case{"scope", "read everything", 400, "invalid_scope"}}) {
        json::Object body = good;
        json::set(body, each.key, each.value);
        const HttpReply reply = bench.tasty(grant(body));
        CHECK(reply.status == each.status);
        CHECK(text_at(body_of(reply), {"error_code"}) == each.code);
    }
    CHECK(bench.tasty(grant(good, "none")).fields.find("Content-Type") == "text/html");
    const std::string form = "grant_type=refresh_token&refresh_token=" + login.refresh_token +
                             "&client_secret=" + login.client_secret;
    const HttpReply by_form = bench.tasty(
        make_request("POST", "/oauth/token",
                     {{"User-Agent", "t/1"}, {"Content-Type", "application/x-www-form-urlencoded"}}, form));
    CHECK(by_form.status == 200);
    CHECK(*at(body_of(by_form), {"expires_in"}).if_number() == json::Number{"900"});
}

TEST_CASE("tastytrade's sandbox takes no Accept-Version") {
    Bench bench;
    const HttpRequest good =
        bench.tasty_get("/customers/me", bench.tasty_token(bench.world().tastytrade_logins[0]));
    const HttpReply unknown = bench.tasty(with_header(good, "Accept-Version", "19990101"));
    CHECK(unknown.status == 406);
    CHECK(*at(body_of(unknown), {"error", "code"}).if_number() == json::Number{"406"});
    CHECK(bench.tasty(with_header(good, "Accept-Version", "20251001")).status == 404);
}

TEST_CASE("a tastytrade login sees its own customer and accounts alone, with its own authority") {
    Bench bench;
    const std::string owner = bench.tasty_token(bench.world().tastytrade_logins[0]);
    const std::string spouse = bench.tasty_token(bench.world().tastytrade_logins[1]);
    const auto level = [&bench](const std::string& token, std::size_t index) {
        const json::Value list = body_of(bench.tasty(bench.tasty_get("/customers/me/accounts", token)));
        const json::Value& element = array_at(list, {"data", "items"}).at(index);
        return text_at(element, {"account", "account-number"}) + " " + text_at(element, {"authority-level"});
    };
    CHECK(level(owner, 0) == "5WT00001 owner");
    CHECK(level(spouse, 0) == "5WT00001 trade-only");
    const json::Value single =
        body_of(bench.tasty(bench.tasty_get("/customers/me/accounts/5WT00001", spouse)));
    CHECK(text_at(single, {"data", "account-number"}) == "5WT00001");
    CHECK(at(single, {"data"}).find("authority-level") == nullptr);
    CHECK(text_at(single, {"context"}) == "/customers/me/accounts/5WT00001");
    CHECK(bench.tasty(bench.tasty_get("/customers/me/accounts/5WT00002", spouse)).status == 403);
    CHECK(bench.tasty(bench.tasty_get("/customers/me/accounts/5WT99999", spouse)).status == 404);
    CHECK(bench.tasty(bench.tasty_get("/customers/17", spouse)).status == 403);
    CHECK(bench.tasty(bench.tasty_get("/accounts", spouse)).status == 404);
}
