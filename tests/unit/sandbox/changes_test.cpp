#include <doctest/doctest.h>

#include "bench.hpp"
#include "domain/json/write.hpp"

using namespace tributary;
using namespace tributary::sandbox;

namespace {

HttpReply operate(Bench& bench, const std::string& operation) {
    return bench.control("POST", "/changes", "{\"changes\":[" + operation + "]}");
}

HttpReply get_group(Bench& bench, const std::string& token, const std::string& id) {
    return bench.upvest(bench.upvest_get(bench.world().upvest_clients[0], "/account_groups/" + id, token));
}

}  // namespace

TEST_CASE(
    "a group that is added, changed, removed and added again is served so and shown in the ground truth") {
    Bench bench;
    const std::string id = "11111111-1111-4111-8111-111111111111";
    const std::string token = bench.upvest_token(bench.world().upvest_clients[0]);
    const std::string target = R"("provider":"upvest","kind":"account_group","id":")" + id + "\"";
    const auto shown = [&] { return bench.control("GET", "/population").body.find(id) != std::string::npos; };
    CHECK(
        operate(
            bench,
            R"({"op":"add","parent":"upvest-01",)" + target +
                R"(,"value":{"created_at":"2026-01-01T00:00:00Z","updated_at":"2026-01-01T00:00:00Z","status":"ACTIVE","users":[]}})")
            .status == 200);
    CHECK(text_at(body_of(get_group(bench, token, id)), {"status"}) == "ACTIVE");
    CHECK(shown());
    CHECK(operate(bench, R"({"op":"change",)" + target + R"(,"patch":{"status":"CLOSED","users":null}})")
              .status == 200);
    const json::Value changed = body_of(get_group(bench, token, id));
    CHECK(text_at(changed, {"status"}) == "CLOSED");
    CHECK(changed.find("users") == nullptr);
    CHECK(text_at(changed, {"updated_at"}) == domain::to_text(bench.now));
    CHECK(operate(bench, R"({"op":"remove",)" + target + "}").status == 200);
    CHECK(get_group(bench, token, id).status == 404);
    CHECK(!shown());
    CHECK(operate(bench, R"({"op":"readd",)" + target + "}").status == 200);
    CHECK(text_at(body_of(get_group(bench, token, id)), {"status"}) == "CLOSED");
}

TEST_CASE("a tastytrade customer can be added as a login that sees somebody's account") {
    Bench bench;
    const HttpReply reply = bench.control("POST", "/changes", R"({"changes":[
        {"op":"add","provider":"tastytrade","kind":"customer","id":"tasty-11","person":"person-0001","value":{"id":"me","email":"a@b.example"}},
        {"op":"add","provider":"tastytrade","kind":"access","id":"tasty-11/5WT00001","value":{"authority-level":"read-only"}}]})");
    REQUIRE(reply.status == 200);
    const std::string token = bench.tasty_token(bench.world().tastytrade_logins.back());
    const json::Value list = body_of(bench.tasty(bench.tasty_get("/customers/me/accounts", token)));
    CHECK(text_at(array_at(list, {"data", "items"}).at(0), {"authority-level"}) == "read-only");
    CHECK(bench.control("GET", "/connections").body.find("\"tasty-11\"") != std::string::npos);
    CHECK(
        operate(bench, R"({"op":"remove","provider":"tastytrade","kind":"access","id":"tasty-11/5WT00001"})")
            .status == 200);
    CHECK(bench.tasty(bench.tasty_get("/customers/me/accounts/5WT00001", token)).status == 403);
    CHECK(operate(bench, R"({"op":"remove","provider":"tastytrade","kind":"customer","id":"tasty-11"})")
              .status == 200);
    CHECK(bench.tasty(bench.tasty_get("/customers/me", token)).status == 404);
    CHECK(bench.tasty(bench.tasty_get("/customers/me?allow-missing=true", token)).status == 200);
}

TEST_CASE("a removed T-DX sub-account leaves the lists and the user's own view") {
    Bench bench;
    const TdxLogin& login = bench.tdx_named("tdx-02");
    const json::Value before = bench.population();
    const std::string id = text_at(array_at(before, {"tdx", "tdx-02", "sub_accounts"}).at(1), {"id"});
    CHECK(operate(bench, R"({"op":"remove","provider":"tdx","kind":"sub_account","id":")" + id + "\"}")
              .status == 200);
    for (const char* target : {"/sub-accounts/mine", "/users/me"}) {
        const HttpReply reply = bench.tdx(bench.tdx_signed(login, target));
        CHECK(reply.status == 200);
        CHECK(reply.body.find(id) == std::string::npos);
    }
    CHECK(bench.tdx(bench.tdx_signed(login, "/sub-accounts/" + id)).status == 404);
}

TEST_CASE("an operation that cannot be applied says so and changes nothing") {
    Bench bench;
    const std::string before = bench.control("GET", "/population").body;
    for (
        const char* operation :
        {R"({"op":"add","provider":"upvest","kind":"account_group","id":"x","parent":"upvest-99","value":{}})",
         R"({"op":"add","provider":"upvest","kind":"account_group","id":"x","parent":"upvest-01"})",
         R"({"op":"add","provider":"tastytrade","kind":"access","id":"tasty-01","value":{}})",
         R"({"op":"change","provider":"upvest","kind":"user","id":"nobody","patch":{}})",
         R"({"op":"change","provider":"tastytrade","kind":"account","id":"5WT00001","patch":{"account-number":"5WT00002"}})",
         R"({"op":"readd","provider":"tastytrade","kind":"account","id":"5WT00001"})",
         R"({"op":"forget","provider":"tastytrade","kind":"account","id":"5WT00001"})",
         R"({"op":"remove","provider":"nobody","kind":"account","id":"5WT00001"})", R"({"op":"remove"})"}) {
        const HttpReply reply = operate(bench, operation);
        CHECK_MESSAGE(reply.status == 400, operation);
        CHECK(!text_at(body_of(reply), {"error"}).empty());
    }
    CHECK(bench.control("POST", "/changes", "[]").status == 400);
    CHECK(bench.control("GET", "/population").body == before);
}
