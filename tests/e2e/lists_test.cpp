// Lists as a client walks them: filters, order, links, conditions, several objects at once.

#include <doctest/doctest.h>

#include <algorithm>
#include <set>

#include "domain/time.hpp"
#include "tests/e2e/system/running_system.hpp"
#include "tests/e2e/system/tree.hpp"

using namespace tributary;
using namespace tributary::e2e;

namespace {

std::set<std::string> ids_of(const std::vector<json::Value>& items) {
    std::set<std::string> ids;
    for (const json::Value& item : items) {
        ids.insert(text(item, "id"));
    }
    return ids;
}

/// All items of a list with these parameters, page by page, as the Link fields lead.
std::vector<json::Value> follow_links(Api& api, std::string target) {
    std::vector<json::Value> items;
    while (!target.empty()) {
        const Answer page = api.get(target);
        REQUIRE_MESSAGE(page.status == 200, target << " answered " << page.body);
        const json::Array& found = array(page.json, "items");
        items.insert(items.end(), found.begin(), found.end());
        const std::string link = page.field("Link");
        const std::size_t end = link.find(">; rel=\"next\"");
        target = end == std::string::npos
                     ? ""
                     : link.substr(link.rfind('<', end) + 1, end - link.rfind('<', end) - 1);
    }
    return items;
}

bool has_profile(const json::Value& customer, const std::string& key, const std::string& value) {
    return std::ranges::any_of(array(customer, "profiles"),
                               [&](const json::Value& profile) { return text(profile, key) == value; });
}

/// Projects an item to one of its times.
auto time_at(std::string_view key) {
    return [key](const json::Value& item) { return domain::parse_timestamp(text(item, key)).value(); };
}

}  // namespace

TEST_CASE("a filtered list holds what the whole list holds of it, on every kind of object") {
    RunningSystem& system = RunningSystem::synced();
    Api& api = system.api();
    const auto all = api.list("/v1/accounts", 1000);
    for (const auto& [name, key] :
         {std::pair("provider", "provider"), std::pair("status", "status"), std::pair("type", "type")}) {
        std::set<std::string> values;
        for (const json::Value& account : all) {
            values.insert(text(account, key));
        }
        std::size_t counted = 0;
        for (const std::string& value : values) {
            CAPTURE(value);
            if (value.empty()) continue;
            const auto chosen =
                follow_links(api, "/v1/accounts?page_size=400&" + std::string(name) + "=" + value);
            for (const json::Value& account : chosen) {
                CHECK(text(account, key) == value);
            }
            counted += chosen.size();
        }
        CHECK(counted ==
              static_cast<std::size_t>(std::ranges::count_if(
                  all, [&key](const json::Value& account) { return !text(account, key).empty(); })));
    }
    const auto customers = api.list("/v1/customers", 1000);
    const auto of_tdx = ids_of(follow_links(api, "/v1/customers?provider=tdx&page_size=7"));
    for (const json::Value& customer : customers) {
        CHECK(of_tdx.contains(text(customer, "id")) == has_profile(customer, "provider", "tdx"));
    }
    CHECK(follow_links(api, "/v1/sub-accounts?provider=upvest").empty());
    CHECK_FALSE(follow_links(api, "/v1/account-groups?provider=upvest&page_size=1000").empty());
}

TEST_CASE("a list of one connection holds the objects that it brings") {
    RunningSystem& system = RunningSystem::synced();
    Api& api = system.api();
    const std::string connection = system.connections().at("tasty-02");
    const auto chosen = follow_links(api, "/v1/accounts?connection_id=" + connection);
    CHECK_FALSE(chosen.empty());
    for (const json::Value& account : chosen) {
        const json::Array& sources = array(account, "freshness.sources");
        CHECK(std::ranges::any_of(
            sources, [&](const json::Value& source) { return text(source, "connection_id") == connection; }));
    }
    CHECK(api.get("/v1/accounts?connection_id=" + connection.substr(1)).pointer() == "/connection_id");
    CHECK(api.get("/v1/sub-accounts?status=active").pointer() == "/status");
}

TEST_CASE("a reader who asks for what changed since the last page he knows gets that and nothing else") {
    RunningSystem& system = RunningSystem::synced();
    Api& api = system.api();
    const auto newest = follow_links(api, "/v1/customers?order_by=changed_at%20desc&page_size=500");
    REQUIRE(newest.size() > 2);
    CHECK(std::ranges::is_sorted(newest, std::ranges::greater{}, time_at("changed_at")));
    const std::string since = text(newest.front(), "changed_at");
    for (const json::Value& customer :
         follow_links(api, "/v1/customers?order_by=changed_at&changed_since=" + since)) {
        CHECK(time_at("changed_at")(customer) >= domain::parse_timestamp(since).value());
    }
    CHECK(follow_links(api, "/v1/customers?changed_since=2100-01-01T00:00:00Z").empty());
    const auto made = follow_links(api, "/v1/accounts?order_by=created_at&page_size=1000");
    CHECK(std::ranges::is_sorted(made, std::ranges::less{}, time_at("created_at")));
    CHECK(made.size() == api.list("/v1/accounts", 1000).size());
}

TEST_CASE("a reader who has the newest form of something is told so, and gets no body") {
    RunningSystem& system = RunningSystem::synced();
    Api& api = system.api();
    const std::string id = text(array(api.get("/v1/customers?page_size=1").json, "items").front(), "id");
    for (const std::string& target :
         {"/v1/customers/" + id, std::string("/v1/customers?page_size=3"),
          "/v1/customers/" + id + "/overview", "/v1/customers/" + id + "/accounts"}) {
        CAPTURE(target);
        const Answer first = api.get(target);
        REQUIRE(first.status == 200);
        const std::string tag = first.field("ETag");
        REQUIRE(tag.starts_with("W/\""));
        const Answer again =
            api.ask("GET", target, {api.credentials(), {"If-None-Match", "\"other\", " + tag}});
        CHECK(again.status == 304);
        CHECK(again.body.empty());
        CHECK(again.field("ETag") == tag);
        CHECK(again.field("Tributary-Verified-At") == first.field("Tributary-Verified-At"));
        CHECK(again.field("Cache-Control") == "private, no-cache");
        CHECK(again.field("Vary") == "Authorization, Accept");
        CHECK(api.ask("GET", target, {api.credentials(), {"If-None-Match", "W/\"0.full\""}}).status == 200);
    }
    CHECK_FALSE(api.get("/v1/customers").field("Tributary-Verified-At").empty());
}

TEST_CASE("several objects come in the order asked, and where one is not there none is") {
    RunningSystem& system = RunningSystem::synced();
    Api& api = system.api();
    const Answer first = api.get("/v1/accounts?page_size=3");
    const json::Array& some = array(first.json, "items");
    REQUIRE(some.size() == 3);
    json::Array ids;
    for (const std::size_t i : {2U, 0U, 1U}) {
        ids.emplace_back(text(some[i], "id"));
    }
    const Answer batch = api.post("/v1/accounts:batchGet", json::Object{{"ids", ids}});
    REQUIRE(batch.status == 200);
    const json::Array& found = array(batch.json, "items");
    REQUIRE(found.size() == 3);
    CHECK(text(found[0], "id") == text(some[2], "id"));
    CHECK(text(found[1], "id") == text(some[0], "id"));
    CHECK_FALSE(array(batch.json, "freshness.sources").empty());
    ids.emplace_back("0190d0c0-0000-7000-8000-000000000001");
    const Answer missing = api.post("/v1/accounts:batchGet", json::Object{{"ids", ids}});
    CHECK(missing.status == 404);
    CHECK(missing.pointer() == "/ids/3");
    CHECK(api.post("/v1/customers:batchGet", json::Object{{"ids", json::Array{ids.front()}}}).status == 404);
    CHECK(api.ask("POST", "/v1/accounts:batchGet", {api.credentials()}, "{}").status == 415);
}

TEST_CASE("an account of a customer is found by its number, its provider's id with the provider, or our id") {
    RunningSystem& system = RunningSystem::synced();
    Api& api = system.api();
    const json::Value account =
        array(api.get("/v1/accounts?provider=tastytrade&page_size=1").json, "items").front();
    const std::string customer = text(array(account, "access").front(), "customer_id");
    const std::string base = "/v1/customers/" + customer + "/accounts/";
    const std::string number = text(account, "number");
    for (const std::string& name : {number, "tastytrade:" + number, text(account, "id")}) {
        CAPTURE(name);
        const Answer found = api.get(base + name);
        REQUIRE(found.status == 200);
        CHECK(text(found.json, "id") == text(account, "id"));
    }
    CHECK(api.get(base + "nobody").status == 404);
    CHECK(api.get("/v1/customers/" + customer + "/sub-accounts/" + number).status == 404);
    CHECK(api.get("/v1/customers/me").code() == "no_customer");
}
