#include "services/api/list_parameters.hpp"

#include <doctest/doctest.h>

using namespace tributary;
using api::flag_of;
using api::page_size_of;

namespace {

http::Query query_of(std::string_view text) {
    auto query = http::split_query(text);
    REQUIRE(query);
    return std::move(*query);
}

}  // namespace

TEST_CASE("a page has 50 items where nobody says otherwise") {
    CHECK(page_size_of(query_of("")) == 50U);
    CHECK(page_size_of(query_of("page_size=0")) == 50U);
}

TEST_CASE("a page has as many items as asked for, up to 1000") {
    CHECK(page_size_of(query_of("page_size=1")) == 1U);
    CHECK(page_size_of(query_of("page_size=1000")) == 1000U);
    CHECK(page_size_of(query_of("page_size=1001")) == 1000U);
    CHECK(page_size_of(query_of("page_size=99999999999999999999999")) == 1000U);
}

TEST_CASE("a page size that is no whole number is refused with its pointer") {
    for (const char* text :
         {"page_size=", "page_size=-1", "page_size=abc", "page_size=1.5", "page_size=10x", "page_size=%2010",
          "page_size=-99999999999999999999999", "page_size=99999999999999999999999x"}) {
        CAPTURE(text);
        const auto size = page_size_of(query_of(text));
        REQUIRE_FALSE(size);
        CHECK(size.error().code == domain::Errc::invalid_input);
        CHECK(size.error().pointer == "/page_size");
    }
}

TEST_CASE("a flag is true, false or not given, and nothing else") {
    CHECK(flag_of(query_of("include_deleted=true"), "include_deleted") == true);
    CHECK(flag_of(query_of("include_deleted=false"), "include_deleted") == false);
    CHECK(flag_of(query_of("other=true"), "include_deleted") == false);
    for (const char* text :
         {"include_deleted=", "include_deleted", "include_deleted=1", "include_deleted=TRUE"}) {
        CAPTURE(text);
        const auto flag = flag_of(query_of(text), "include_deleted");
        REQUIRE_FALSE(flag);
        CHECK(flag.error().pointer == "/include_deleted");
    }
}
