#include "adapters/decode/whole_number.hpp"

#include <doctest/doctest.h>

#include <optional>
#include <string>

#include "domain/json/parse.hpp"

using namespace tributary;

namespace {

std::optional<std::string> id_sent_as(std::string_view json_text) {
    const auto parsed = json::parse(json_text);
    REQUIRE(parsed);
    return decode::id_text(parsed->root.find("id"));
}

}  // namespace

TEST_CASE("an id is its text or its digits where it was sent as a text or a whole number") {
    CHECK(id_sent_as(R"({"id": "A-7"})") == "A-7");
    CHECK(id_sent_as(R"({"id": " "})") == " ");
    CHECK(id_sent_as(R"({"id": 7})") == "7");
    CHECK(id_sent_as(R"({"id": 12345678901234567890123})") == "12345678901234567890123");
}

TEST_CASE("an id is nothing where a number could be written in other ways") {
    CHECK_FALSE(id_sent_as(R"({"id": -7})"));
    CHECK_FALSE(id_sent_as(R"({"id": 7.0})"));
    CHECK_FALSE(id_sent_as(R"({"id": 7e3})"));
}

TEST_CASE("an id is nothing where it is missing, empty or of another type") {
    CHECK_FALSE(decode::id_text(nullptr));
    CHECK_FALSE(id_sent_as(R"({"key": "A-7"})"));
    CHECK_FALSE(id_sent_as(R"({"id": ""})"));
    CHECK_FALSE(id_sent_as(R"({"id": null})"));
    CHECK_FALSE(id_sent_as(R"({"id": true})"));
    CHECK_FALSE(id_sent_as(R"({"id": ["A-7"]})"));
    CHECK_FALSE(id_sent_as(R"({"id": {"id": "A-7"}})"));
}
