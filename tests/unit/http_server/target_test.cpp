#include "domain/http/target.hpp"

#include <doctest/doctest.h>

#include <array>
#include <string>
#include <vector>

using namespace tributary;
using domain::Errc;

namespace {

using Segments = std::vector<std::string>;

}  // namespace

TEST_CASE("a path is split before it is decoded") {
    CHECK(http::split_path("/") == Segments{});
    CHECK(http::split_path("/v1/customers") == Segments{"v1", "customers"});
    CHECK(http::split_path("/v1/accounts/5WT%2F00001") == Segments{"v1", "accounts", "5WT/00001"});
    CHECK(http::split_path("/a+b/%C3%A9") == Segments{"a+b", "\xC3\xA9"});
    CHECK(http::split_path("/a//b/") == Segments{"a", "", "b", ""});
    CHECK(http::split_path("/...") == Segments{"..."});
}

TEST_CASE("a path that could be read in two ways is refused") {
    constexpr std::array<std::string_view, 17> refused = {
        "",   "a",       "/%",      "/%4",  "/%4g",    "/%%41",      "/%00", "/%0a",          "/%7F",
        "/.", "/a/../b", "/%2e%2E", "/%C3", "/%C0%AF", "/%ED%A0%80", "/%FF", "/%F4%90%80%80",
    };
    for (const auto path : refused) {
        CAPTURE(path);
        const auto segments = http::split_path(path);
        REQUIRE_FALSE(segments);
        CHECK(segments.error().code == Errc::invalid_input);
    }
}

TEST_CASE("a query is decoded into parameters in their order") {
    const auto query =
        http::split_query("as_of=2026-01-02T03%3A04%3A05%2B02%3A00&name=J%C3%B6rg+M&flag&empty=&eq=a=b");
    REQUIRE(query);
    REQUIRE(query->find("as_of"));
    CHECK(*query->find("as_of") == "2026-01-02T03:04:05+02:00");
    CHECK(*query->find("name") == "J\xC3\xB6rg M");
    CHECK(query->find("flag")->empty());
    CHECK(query->find("empty")->empty());
    CHECK(*query->find("eq") == "a=b");
    CHECK(query->find("other") == nullptr);
    CHECK(query->begin()->first == "as_of");
    CHECK(http::split_query("")->empty());
}

TEST_CASE("a query with a key given twice is refused by name, however the key is written") {
    const auto query = http::split_query("page_size=1&page%5Fsize=2");
    REQUIRE_FALSE(query);
    CHECK(query.error().code == Errc::invalid_input);
    CHECK(query.error().detail.contains("page_size"));
    CHECK(query.error().pointer == "/page_size");
    CHECK(http::split_query("a~/b=1&a~/b=2").error().pointer == "/a~0~1b");
}

TEST_CASE("a query with bad encoding or without a name is refused") {
    for (const std::string_view text :
         {"a=%zz", "%=1", "a=%00", "a=%C3", "=1", "&", "a=1&&b=2", "a=%0D%0Ab"}) {
        CAPTURE(text);
        CHECK_FALSE(http::split_query(text));
    }
    CHECK(http::split_query("a=1&").has_value());
}
