#include "domain/compose.hpp"

#include <doctest/doctest.h>

using namespace tributary;
using namespace tributary::domain;

namespace {

Attribute attribute(std::string id) {
    Attribute made;
    made.id = std::move(id);
    return made;
}

}  // namespace

TEST_CASE("a field that the better record does not mention is taken from the next") {
    Profile fuller;
    fuller.first_name = std::string("John");
    Profile other;
    other.first_name = std::string("Johnny");
    other.phone = std::string("+1");
    complete_with(fuller, other);
    CHECK(fuller.first_name.value() == "John");
    CHECK(fuller.phone.value() == "+1");
}

TEST_CASE("a null of the better record is something said and wins") {
    Profile fuller;
    fuller.decease_date = Null{};
    Profile other;
    other.decease_date = parse_date("2020-01-01").value();
    complete_with(fuller, other);
    CHECK(fuller.decease_date.is_null());
}

TEST_CASE("attributes of several records are united by id") {
    Profile fuller;
    fuller.attributes = {attribute("b"), attribute("a")};
    Profile other;
    other.attributes = {attribute("c"), attribute("a")};
    complete_with(fuller, other);
    REQUIRE(fuller.attributes.size() == 3);
    CHECK(fuller.attributes[0].id == "a");
    CHECK(fuller.attributes[2].id == "c");
}

TEST_CASE("details and nested sections are completed member by member") {
    Profile fuller;
    fuller.details = {{"a", 1}};
    fuller.tax.number = std::string("*****1234");
    Profile other;
    other.details = {{"a", 2}, {"b", 3}};
    other.tax.subject_to_withholding = false;
    complete_with(fuller, other);
    CHECK(fuller.details == json::Object{{"a", 1}, {"b", 3}});
    CHECK(fuller.tax.number.value() == "*****1234");
    CHECK_FALSE(fuller.tax.subject_to_withholding.value());
}
