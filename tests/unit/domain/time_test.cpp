#include "domain/time.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace tributary::domain;

TEST_CASE("an instant reads the same from any offset and any number of fraction digits") {
    const auto text_of = [](const char* text) { return to_text(parse_timestamp(text).value()); };
    CHECK(text_of("2019-03-14T15:39:31.265+00:00") == "2019-03-14T15:39:31.265Z");
    CHECK(text_of("2019-03-14T17:39:31.265+02:00") == "2019-03-14T15:39:31.265Z");
    CHECK(text_of("2021-07-21T14:10:00.00Z") == "2021-07-21T14:10:00Z");
    CHECK(text_of("2021-07-21T14:10:00.123456789Z") == "2021-07-21T14:10:00.123456Z");
    CHECK(text_of("1969-12-31T23:59:59.5Z") == "1969-12-31T23:59:59.500Z");
    CHECK(text_of("2024-02-29t23:59:59z") == "2024-02-29T23:59:59Z");
    CHECK(text_of("2024-03-01T00:29:00-23:30") == "2024-03-01T23:59:00Z");
    CHECK(text_of("2024-01-01T00:00:00+14:00") == "2023-12-31T10:00:00Z");
}

TEST_CASE("an instant without a zone, out of range or with trailing text is refused") {
    for (const char* text : {"2021-07-21T14:10:00", "2021-07-21", "2021-13-01T00:00:00Z",
                             "2021-02-30T00:00:00Z", "2021-07-21T25:00:00Z", "2021-07-21T14:10:00ZZ",
                             "2021-07-21T14:10:00.Z", "", "2021-07-21 14:10:00Z", "0000-01-01T00:00:00Z",
                             "0001-01-01T00:00:00+01:00", "-001-01-01T00:00:00Z", "+021-07-21T14:10:00Z"}) {
        CAPTURE(text);
        CHECK_FALSE(parse_timestamp(text).has_value());
    }
}

TEST_CASE("a date must exist on the calendar") {
    CHECK(to_text(parse_date("2000-02-29").value()) == "2000-02-29");
    CHECK_FALSE(parse_date("1999-02-29").has_value());
    CHECK_FALSE(parse_date("2000-1-01").has_value());
    CHECK_FALSE(parse_date("2000-01-01T").has_value());
}
