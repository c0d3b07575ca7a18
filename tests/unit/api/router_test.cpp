#include "services/api/router.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>

#include "domain/http/target.hpp"
#include "services/admin/api_key.hpp"
#include "services/api/page_routes.hpp"

using namespace tributary;
using api::Endpoint;
using api::Match;
using api::Route;

namespace {

constexpr std::string_view some_id = "0190d0c0-0000-7000-8000-000000000001";

std::vector<std::string> segments_of(std::string path) {
    for (std::size_t at = path.find("{id}"); at != std::string::npos; at = path.find("{id}")) {
        path.replace(at, 4, some_id);
    }
    for (const auto& [place, text] : {std::pair("{provider}", "upvest"), std::pair("{number}", "5WT00002")}) {
        if (const std::size_t at = path.find(place); at != std::string::npos) {
            path.replace(at, std::string_view(place).size(), text);
        }
    }
    auto segments = http::split_path(path);
    REQUIRE(segments);
    return std::move(*segments);
}

bool has_id(const Route& route) {
    return std::ranges::find(route.segments, "{id}") != route.segments.end();
}

/// Some path that both take: they have as many segments, and where both are fixed they are the same.
bool overlap(const Route& a, const Route& b) {
    return a.method == b.method &&
           std::ranges::equal(a.segments, b.segments, [](std::string_view left, std::string_view right) {
               return left == right || left.starts_with('{') || right.starts_with('{');
           });
}

}  // namespace

TEST_CASE("every route is found under its own template, with the id in its place") {
    for (const Route& route : api::routes()) {
        const std::string path = api::template_of(route);
        CAPTURE(path);
        const Match found = api::match(route.method, segments_of(path));
        REQUIRE(found.route != nullptr);
        CHECK(found.route->endpoint == route.endpoint);
        CHECK(found.id == (has_id(route) ? some_id : std::string_view()));
    }
}

TEST_CASE("no path leads to two routes") {
    for (const Route& a : api::routes()) {
        for (const Route& b : api::routes()) {
            CAPTURE(api::template_of(a));
            CAPTURE(api::template_of(b));
            CHECK((&a == &b || !overlap(a, b)));
        }
    }
}

TEST_CASE("every endpoint has exactly one route") {
    std::set<Endpoint> seen;
    for (const Route& route : api::routes()) {
        CHECK(seen.insert(route.endpoint).second);
    }
    CHECK(seen.size() == static_cast<std::size_t>(Endpoint::problem_page) + 1);
}

TEST_CASE("only a delivery, which proves itself, and the documentation are taken without a key") {
    for (const Route& route : api::routes()) {
        CAPTURE(api::template_of(route));
        CHECK(route.scope.empty() ==
              (route.endpoint == Endpoint::receive_webhook || api::is_page(route.endpoint)));
    }
    const Match found = api::match("POST", segments_of("/v1/webhooks/{provider}/{id}"));
    REQUIRE(found.route != nullptr);
    CHECK(found.provider == "upvest");
    CHECK(found.id == some_id);
}

TEST_CASE("every route asks for a scope that a key can have, and what changes something for one that may") {
    for (const Route& route : api::routes()) {
        CAPTURE(api::template_of(route));
        if (route.scope.empty()) {
            continue;
        }
        CHECK(admin::parse_scopes(route.scope));
        // Who has which key is for those to see who make them.
        const bool looks = route.scope == "read" || route.scope == "raw" || route.endpoint == Endpoint::keys;
        const bool asks_by_body = template_of(route).ends_with(":batchGet");
        CHECK(looks == (route.method == "GET" || asks_by_body));
    }
}

TEST_CASE("only what shows payloads as they were sent asks for the scope of raw data") {
    for (const Route& route : api::routes()) {
        const bool shows_payloads =
            route.endpoint == Endpoint::quarantined_object || route.segments.back() == "raw";
        CHECK((route.scope == "raw") == shows_payloads);
    }
}

TEST_CASE("HEAD is answered wherever GET is") {
    for (const Route& route : api::routes()) {
        if (route.method == "GET") {
            const Match found = api::match("HEAD", segments_of(api::template_of(route)));
            REQUIRE(found.route != nullptr);
            CHECK(found.route->endpoint == route.endpoint);
        }
    }
}

TEST_CASE("a known path under an unknown method tells the methods it has") {
    const Match connections = api::match("PUT", segments_of("/v1/connections"));
    CHECK(connections.route == nullptr);
    CHECK(connections.allowed == std::vector<std::string_view>{"GET", "POST"});
    const Match one = api::match("PUT", segments_of("/v1/connections/{id}"));
    CHECK(one.allowed == std::vector<std::string_view>{"GET", "PATCH", "DELETE"});
    CHECK(api::match("GET", segments_of("/v1/connections/{id}/sync")).allowed ==
          std::vector<std::string_view>{"POST"});
}

TEST_CASE("an unknown path has neither a route nor methods") {
    for (const char* path : {"/", "/v1", "/v2/customers", "/customers", "/v1/customers/", "/v1/Customers",
                             "/v1/customers/a/b", "/v1/customers:batch", "/v1/customers/a/overview/c",
                             "/v1/customers//overview", "/v1/runs/a/sync", "/v1/v1/customers"}) {
        CAPTURE(path);
        const Match found = api::match("GET", segments_of(path));
        CHECK(found.route == nullptr);
        CHECK(found.allowed.empty());
    }
}

TEST_CASE("an escaped slash in an id stays in the id") {
    const Match found = api::match("GET", segments_of("/v1/accounts/a%2Fb"));
    REQUIRE(found.route != nullptr);
    CHECK(found.id == "a/b");
}
