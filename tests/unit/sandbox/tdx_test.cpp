#include <doctest/doctest.h>

#include <set>

#include "bench.hpp"
#include "domain/json/write.hpp"

using namespace tributary;
using namespace tributary::sandbox;

namespace {

std::string status_word(const HttpReply& reply) {
    return text_at(body_of(reply), {"status"});
}

HttpRequest bearer_get(std::string_view target, const std::string& token) {
    return make_request("GET", "/api/rest/v1" + std::string(target),
                        {{"Host", "127.0.0.1:9999"}, {"Authorization", "Bearer " + token}});
}

HttpRequest refresh(const std::string& token) {
    return make_request("POST", "/api/rest/v1/users/authentication/refresh",
                        {{"Content-Type", "application/json"}},
                        json::write(json::Object{{"refreshToken", token}}));
}

}  // namespace

TEST_CASE("T-DX signatures reproduce the vectors of the documented rule") {
    TdxLogin login;
    login.api_secret = "0c3c11e3e74de307866a2d67a9c71f97";
    const auto sign = [&login](std::string_view target) {
        const HttpRequest request = make_request("GET", target, {{"Host", "api.t-dx.com"}});
        return tdx_signature(login, tdx_signed_text(request, "fcebf5ef5-69d3-4a37-b1d3-69fd462cf54c",
                                                    "f93c979d-b00d-43a9-9b9c-fd4cd9547fa6", "1567755304968"));
    };
    CHECK(sign("/api/rest/v1/users/me") == "3QKKb5fFH65mkyn8UotuYVFLfgP5ZjqKp6TpgRVje6o=");
    CHECK(sign("/api/rest/v1/sub-accounts/mine?limit=100") == "eHuNoG63XskeqvIp6gf06DELObkkecaN9eKudI7lP4Y=");
}

TEST_CASE("T-DX checks a signature over the exact bytes of the request") {
    Bench bench;
    for (const char* name : {"tdx-01", "tdx-02", "tdx-03"}) {
        CHECK(bench.tdx(bench.tdx_signed(bench.tdx_named(name), "/users/me")).status == 200);
    }
    const TdxLogin& login = bench.tdx_named("tdx-01");
    CHECK(bench.tdx(bench.tdx_signed(login, "/users?limit=5", "application/json")).status == 200);
    HttpRequest other_query = bench.tdx_signed(login, "/users?limit=5");
    other_query.query = "limit=6";
    const HttpRequest unsigned_type =
        with_header(bench.tdx_signed(login, "/users"), "Content-Type", "application/json");
    const HttpRequest stripped_type =
        with_header(bench.tdx_signed(login, "/users", "application/json"), "Content-Type", std::nullopt);
    const HttpRequest other_host = with_header(bench.tdx_signed(login, "/users"), "Host", "127.0.0.1:1");
    TdxLogin other_variant = login;
    other_variant.variant = TdxVariant::raw_digest;
    TdxLogin other_key = login;
    other_key.api_key = "unknown";
    for (const HttpRequest& bad :
         {other_query, unsigned_type, stripped_type, other_host, bench.tdx_signed(other_variant, "/users"),
          bench.tdx_signed(other_key, "/users"),
          with_header(bench.tdx_signed(login, "/users"), "Authorization", std::nullopt)}) {
        const HttpReply reply = bench.tdx(bad);
        CHECK(reply.status == 401);
        CHECK(status_word(reply) == "UNAUTHENTICATED");
    }
}

TEST_CASE("T-DX takes a nonce once and a timestamp within 150 seconds") {
    Bench bench;
    const TdxLogin& login = bench.tdx_named("tdx-02");
    const HttpRequest once = bench.tdx_signed(login, "/users/me");
    CHECK(bench.tdx(once).status == 200);
    CHECK(bench.tdx(once).status == 401);
    const HttpRequest early = bench.tdx_signed(login, "/users/me");
    const HttpRequest late = bench.tdx_signed(login, "/users/me");
    bench.now += std::chrono::seconds(150);
    CHECK(bench.tdx(early).status == 200);
    bench.now += std::chrono::seconds(1);
    CHECK(bench.tdx(late).status == 401);
    CHECK(bench.control("POST", "/clock", R"({"skew_seconds": 160})").status == 200);
    CHECK(bench.tdx(bench.tdx_signed(login, "/users/me")).status == 401);
}

TEST_CASE("T-DX lets a manager list users and refuses everybody else") {
    Bench bench;
    CHECK(bench.tdx(bench.tdx_signed(bench.tdx_named("tdx-01"), "/users")).status == 200);
    for (const char* name : {"tdx-02", "tdx-03"}) {
        const HttpReply reply = bench.tdx(bench.tdx_signed(bench.tdx_named(name), "/users"));
        CHECK(reply.status == 403);
        CHECK(status_word(reply) == "PERMISSION_DENIED");
    }
    const json::Value list = body_of(bench.tdx(bench.tdx_signed(bench.tdx_named("tdx-01"), "/users")));
    const json::Value& listed = array_at(list, {"result"}).at(0);
    for (const char* hidden : {"phoneNumber", "permissions", "subAccounts", "updatedAt"}) {
        CHECK(listed.find(hidden) == nullptr);
    }
}

TEST_CASE("a T-DX login needs password and a one-time password that was never used") {
    Bench bench;
    const TdxLogin& login = bench.tdx_named("tdx-04");
    TdxLogin wrong = login;
    wrong.password = "wrong";
    CHECK(bench.tdx(bench.tdx_login(wrong, bench.tdx_code(login))).status == 401);
    const HttpReply missing = bench.tdx(bench.tdx_login(login, ""));
    CHECK(missing.status == 401);
    CHECK(missing.body.find("MFA_REQUIRED") != std::string::npos);
    const std::string code = bench.tdx_code(login);
    CHECK(bench.tdx(bench.tdx_login(login, code == "000000" ? "000001" : "000000")).status == 401);
    CHECK(bench.tdx(bench.tdx_login(login, code)).status == 200);
    CHECK(bench.tdx(bench.tdx_login(login, code)).status == 401);
    bench.now += std::chrono::seconds(30);
    CHECK(bench.tdx(bench.tdx_login(login, bench.tdx_code(login))).status == 200);
    const HttpRequest untyped = with_header(bench.tdx_login(login, code), "Content-Type", std::nullopt);
    CHECK(bench.tdx(untyped).status == 400);
}

TEST_CASE("a T-DX access token ends after an hour, a refresh renews it until the session ends") {
    Bench bench;
    const TdxLogin& login = bench.tdx_named("tdx-06");
    const json::Value opened = body_of(bench.tdx(bench.tdx_login(login, bench.tdx_code(login))));
    const std::string access = text_at(opened, {"result", "accessToken"});
    CHECK(bench.tdx(bearer_get("/users/me", access)).status == 200);
    CHECK(bench.control("POST", "/clock", R"({"advance_seconds": 3600})").status == 200);
    CHECK(bench.tdx(bearer_get("/users/me", access)).status == 401);
    const std::string first = text_at(opened, {"result", "refreshToken"});
    const json::Value renewed = body_of(bench.tdx(refresh(first)));
    CHECK(bench.tdx(bearer_get("/users/me", text_at(renewed, {"result", "accessToken"}))).status == 200);
    CHECK(text_at(renewed, {"result", "accessExpiresAt"}) ==
          domain::to_text(bench.now + std::chrono::hours(1)));
    CHECK(bench.tdx(refresh(first)).status == 401);
    CHECK(bench.control("POST", "/clock", R"({"advance_seconds": 604800})").status == 200);
    CHECK(bench.tdx(refresh(text_at(renewed, {"result", "refreshToken"}))).status == 401);
}

TEST_CASE("T-DX pages give every sub-account once, in one order, whatever the limit") {
    Bench bench;
    const TdxLogin& login = bench.tdx_named("tdx-04");
    const json::Value opened = body_of(bench.tdx(bench.tdx_login(login, bench.tdx_code(login))));
    const std::string token = text_at(opened, {"result", "accessToken"});
    std::vector<std::vector<std::string>> walks;
    for (const char* limit : {"500", "37", "20"}) {
        std::vector<std::string> ids;
        std::string cursor;
        do {
            const HttpReply reply = bench.tdx(bearer_get("/sub-accounts/mine?limit=" + std::string(limit) +
                                                             (cursor.empty() ? "" : "&cursor=" + cursor),
                                                         token));
            REQUIRE(reply.status == 200);
            const json::Value page = body_of(reply);
            for (const json::Value& item : array_at(page, {"result"}))
                ids.push_back(text_at(item, {"id"}));
            cursor = text_at(page, {"pagination", "cursors", "next"});
            std::string encoded;
            for (const char c : cursor)
                encoded += c == '=' ? "%3D" : c == '+' ? "%2B" : c == '/' ? "%2F" : std::string(1, c);
            cursor = encoded;
        } while (!cursor.empty());
        CHECK(std::set(ids.begin(), ids.end()).size() == 620);
        walks.push_back(std::move(ids));
    }
    CHECK(walks[0].size() == 620);
    CHECK(walks[0] == walks[1]);
    CHECK(walks[0] == walks[2]);
}

TEST_CASE("T-DX refuses list parameters that are out of range") {
    Bench bench;
    const TdxLogin& login = bench.tdx_named("tdx-01");
    for (const char* query : {"limit=0", "limit=501", "limit=x", "cursor=bm9uc2Vuc2U%3D", "cursor=!!",
                              "sort=name-asc", "query=a"}) {
        const HttpReply reply = bench.tdx(bench.tdx_signed(login, "/users?" + std::string(query)));
        CHECK_MESSAGE(reply.status == 400, query);
        CHECK(status_word(reply) == "INVALID_ARGUMENT");
    }
    const json::Value page = body_of(bench.tdx(bench.tdx_signed(login, "/users?limit=3")));
    const std::string next = text_at(page, {"pagination", "cursors", "next"});
    REQUIRE(!next.empty());
    CHECK(text_at(page, {"pagination", "cursors", "first"}) ==
          "eyJTb3J0cyI6W10sIkZpbHRlcnMiOltdLCJJc0ZpcnN0Ijp0cnVlfQ==");
    const HttpReply elsewhere = bench.tdx(bench.tdx_signed(login, "/sub-accounts/mine?cursor=" + next));
    CHECK(elsewhere.status == 400);
}

TEST_CASE("T-DX serves single objects within the login's reach") {
    Bench bench;
    const TdxLogin& login = bench.tdx_named("tdx-03");
    const auto get = [&](const std::string& target) { return bench.tdx(bench.tdx_signed(login, target)); };
    CHECK(get("/sub-accounts/" + login.only_sub_account).status == 200);
    CHECK(get("/users/by-sub-account/" + login.only_sub_account).status == 200);
    const json::Value population = bench.population();
    const std::string foreign =
        text_at(array_at(population, {"tdx", "tdx-01", "sub_accounts"}).at(0), {"id"});
    CHECK(get("/sub-accounts/" + foreign).status == 404);
    for (const char* what : {"/users/me/attributes", "/client-accounts/mine/attributes"}) {
        const json::Value list = body_of(get(what));
        const std::string id = text_at(array_at(list, {"result"}).at(0), {"id"});
        CHECK(get(std::string(what) + "/" + id).status == 200);
        CHECK(get(std::string(what) + "/nothing").status == 404);
    }
    CHECK(get("/client-accounts/mine").status == 200);
    CHECK(get("/users/me/preferences").status == 200);
    CHECK(get("/nowhere").status == 404);
}
