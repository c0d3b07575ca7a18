#include "services/replay/field_changes.hpp"

#include <doctest/doctest.h>

#include "domain/json/parse.hpp"

using namespace tributary;
using replay::field_changes;
using replay::FieldChange;
using replay::FieldChangeKind;

namespace {

/// "+added -removed ~changed", in the order of paths.
std::string told(std::string_view before, std::string_view after) {
    const auto left = json::parse(before);
    const auto right = json::parse(after);
    REQUIRE(left.has_value());
    REQUIRE(right.has_value());
    std::string text;
    for (const FieldChange& change : field_changes(left->root, right->root)) {
        const char sign = change.kind == FieldChangeKind::added     ? '+'
                          : change.kind == FieldChangeKind::removed ? '-'
                                                                    : '~';
        text += (text.empty() ? "" : " ") + std::string(1, sign) + change.path;
    }
    return text;
}

}  // namespace

TEST_CASE("fields that came, went and changed are told by their names") {
    CHECK(told(R"({"a":1,"b":2,"c":3})", R"({"b":2,"c":4,"d":5})") == "-a ~c +d");
    CHECK(told(R"({"tax":{"number":"1"}})", R"({"tax":{"number":"2","country":"DE"}})") ==
          "+tax.country ~tax.number");
}

TEST_CASE("a key that is a value is not told") {
    CHECK(told(R"({"limits":{"ada@example.com":1}})", R"({"limits":{"ada@example.com":2,"5WT00001":3}})") ==
          "+limits.{} ~limits.{}");
}

TEST_CASE("the order of members and equal values are no difference") {
    CHECK(told(R"({"a":1,"b":[{"c":null}]})", R"({"b":[{"c":null}],"a":1})") == "");
}

TEST_CASE("null, absent, and another type are told apart") {
    CHECK(told(R"({"a":null})", R"({})") == "-a");
    CHECK(told(R"({"a":null})", R"({"a":""})") == "~a");
    CHECK(told(R"({"a":{"b":1}})", R"({"a":[1]})") == "~a");
    CHECK(told(R"({"a":0.10})", R"({"a":0.1})") == "~a");
}

TEST_CASE("elements of a list are told under its path, each difference once") {
    CHECK(told(R"({"l":[{"x":1},{"x":2},{"x":3}]})", R"({"l":[{"x":9},{"x":9},{"x":3}]})") == "~l[].x");
    CHECK(told(R"({"l":[1]})", R"({"l":[1,2,3]})") == "+l[]");
    CHECK(told(R"({"l":[1,2]})", R"({"l":[2]})") == "-l[] ~l[]");
}
