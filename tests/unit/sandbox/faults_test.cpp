#include <doctest/doctest.h>

#include "bench.hpp"

using namespace tributary;
using namespace tributary::sandbox;

namespace {

Exchange list_groups(Bench& bench, const std::string& token) {
    return bench.sandbox.upvest(
        bench.upvest_get(bench.world().upvest_clients[0], "/account_groups?limit=10", token));
}

}  // namespace

TEST_CASE("a fault answers in the provider's place for as long as it was told, then the provider again") {
    Bench bench;
    const std::string token = bench.upvest_token(bench.world().upvest_clients[0]);
    REQUIRE(
        bench
            .control("POST", "/faults",
                     R"({"faults":[{"provider":"upvest","path_prefix":"/account_groups","after":1,"times":2,
        "status":503,"headers":{"Retry-After":"2"},"body":"<html>busy</html>","delay_ms":40}]})")
            .status == 200);
    CHECK(list_groups(bench, token).reply.status == 200);
    for (int i = 0; i < 2; ++i) {
        const Exchange bent = list_groups(bench, token);
        CHECK(bent.reply.status == 503);
        CHECK(bent.reply.fields.find("Retry-After") == "2");
        CHECK(bent.reply.body == "<html>busy</html>");
        CHECK(bent.delay == std::chrono::milliseconds(40));
    }
    CHECK(list_groups(bench, token).reply.status == 200);
}

TEST_CASE("a fault drops an item, patches a body, cuts and truncates") {
    Bench bench;
    const std::string token = bench.upvest_token(bench.world().upvest_clients[0]);
    const json::Value whole = body_of(list_groups(bench, token).reply);
    REQUIRE(bench
                .control("POST", "/faults", R"({"faults":[
        {"provider":"upvest","path_prefix":"/account_groups","drop_item":3},
        {"provider":"upvest","path_prefix":"/account_groups","merge":{"meta":{"total_count":7}}},
        {"provider":"upvest","path_prefix":"/account_groups","truncate_at":100},
        {"provider":"upvest","path_prefix":"/account_groups","cut":true}]})")
                .status == 200);
    const json::Value dropped = body_of(list_groups(bench, token).reply);
    CHECK(array_at(dropped, {"data"}).size() == 9);
    CHECK(array_at(dropped, {"data"}).at(3) == array_at(whole, {"data"}).at(4));
    CHECK(at(dropped, {"meta", "count"}) == json::Value(9));
    CHECK(at(dropped, {"meta", "total_count"}) == at(whole, {"meta", "total_count"}));
    CHECK(at(body_of(list_groups(bench, token).reply), {"meta", "total_count"}) == json::Value(7));
    CHECK(list_groups(bench, token).truncate_at == 100);
    CHECK(list_groups(bench, token).cut);
    CHECK(!list_groups(bench, token).cut);
}

TEST_CASE("faults can be listed and cleared, and a rule that makes no sense is refused") {
    Bench bench;
    REQUIRE(bench.control("POST", "/faults", R"({"faults":[{"provider":"tdx","times":5,"status":500}]})")
                .status == 200);
    CHECK(array_at(body_of(bench.control("GET", "/faults")), {"faults"}).size() == 1);
    CHECK(array_at(body_of(bench.control("DELETE", "/faults")), {"faults"}).empty());
    for (const char* rule : {R"({"status":500})", R"({"provider":"tdx","status":99})",
                             R"({"provider":"tdx","statsu":500})", R"({"provider":"tdx","times":"often"})"}) {
        CHECK_MESSAGE(
            bench.control("POST", "/faults", "{\"faults\":[" + std::string(rule) + "]}").status == 400, rule);
    }
}

TEST_CASE("requests are counted by provider, route and status") {
    Bench bench;
    const std::string token = bench.upvest_token(bench.world().upvest_clients[0]);
    (void)list_groups(bench, token);
    (void)list_groups(bench, "wrong");
    const json::Value report = body_of(bench.control("GET", "/requests"));
    bool found = false;
    for (const json::Value& row : array_at(report, {"requests"})) {
        if (text_at(row, {"path"}) != "/account_groups") continue;
        found = true;
        CHECK(text_at(row, {"provider"}) == "upvest");
        CHECK(at(row, {"count"}) == json::Value(2));
        CHECK(at(row, {"by_status", "200"}) == json::Value(1));
        CHECK(at(row, {"by_status", "401"}) == json::Value(1));
    }
    CHECK(found);
    CHECK(array_at(body_of(bench.control("DELETE", "/requests")), {"requests"}).empty());
}
