#include <doctest/doctest.h>

#include "domain/http/grammar.hpp"

using namespace tributary;

TEST_CASE("a media type is told in any case and with any parameters") {
    for (const std::string_view json :
         {"application/json", "Application/JSON", "APPLICATION/JSON; charset=utf-8",
          "application/json;charset=x", "application/json ;q=1", " application/json\t"}) {
        CAPTURE(json);
        CHECK(http::has_media_type(json, "application/json"));
    }
}

TEST_CASE("a media type that only looks like another is not taken for it") {
    for (const std::string_view other :
         {"", ";", "application/json5", "application/jsonp; charset=utf-8", "text/json",
          "text/plain; application/json", "application/json, text/plain"}) {
        CAPTURE(other);
        CHECK_FALSE(http::has_media_type(other, "application/json"));
    }
}
