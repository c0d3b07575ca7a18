#include "adapters/postgres/array_text.hpp"

#include <doctest/doctest.h>

#include <vector>

#include "adapters/postgres/failure.hpp"

using namespace tributary;
using postgres::array_of;
using postgres::ArrayText;

TEST_CASE("an array of nothing is an empty array, and of one empty text an array of one") {
    CHECK(ArrayText().text() == "{}");
    CHECK(array_of(std::vector<std::string>{""}).text() == R"({""})");
}

TEST_CASE("texts are quoted, so that braces, commas and the word NULL stay texts") {
    CHECK(array_of(std::vector<std::string>{"a,b", "{x}", "NULL", " "}).text() ==
          R"({"a,b","{x}","NULL"," "})");
}

TEST_CASE("quotes and backslashes are escaped and line breaks kept") {
    CHECK(array_of(std::vector<std::string>{R"(say "hi" \ bye)", "a\nb"}).text() ==
          "{\"say \\\"hi\\\" \\\\ bye\",\"a\nb\"}");
}

TEST_CASE("an absent element is NULL without quotes") {
    const std::vector<std::optional<std::string>> texts = {"a", std::nullopt, ""};
    CHECK(array_of(texts).text() == R"({"a",NULL,""})");
}

TEST_CASE("numbers, truth values, ids and times are bare") {
    CHECK(array_of(std::vector<int>{-1, 20}).text() == "{-1,20}");
    CHECK(array_of(std::vector<bool>{true, false}).text() == "{t,f}");
    CHECK(array_of(std::vector<domain::Uuid>{{}}).text() == "{00000000-0000-0000-0000-000000000000}");
    CHECK(array_of(std::vector{domain::Timestamp(std::chrono::microseconds(1))}).text() ==
          "{1970-01-01T00:00:00.000001Z}");
}

TEST_CASE("an element that cannot be stored is refused") {
    CHECK_THROWS_AS(array_of(std::vector<std::string>{std::string("a\0b", 3)}), postgres::Failure);
    CHECK_THROWS_AS(array_of(std::vector<std::string>{"\xff"}), postgres::Failure);
}
