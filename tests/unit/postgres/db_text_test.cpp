#include "adapters/postgres/db_text.hpp"

#include <doctest/doctest.h>

#include <string>

#include "adapters/postgres/failure.hpp"

using namespace tributary;

namespace {

domain::Errc refusal_of(std::string_view text) {
    try {
        (void)postgres::db_text(text);
    } catch (const postgres::Failure& failure) {
        return failure.error.code;
    }
    return domain::Errc::internal;
}

}  // namespace

TEST_CASE("text of every length of sequence passes unchanged") {
    for (const std::string text : {"", "plain", "gr\xC3\xBC\xC3\x9F", "\xE2\x82\xAC", "\xF0\x9F\x92\xB6",
                                   "\xEF\xBF\xBF", "\xF4\x8F\xBF\xBF", "\xED\x9F\xBF", "\t\r\n\x01\x7F"}) {
        CHECK(postgres::db_text(text) == text);
    }
}

TEST_CASE("a NUL anywhere is refused as a breach of contract") {
    CHECK(refusal_of(std::string_view("\0", 1)) == domain::Errc::contract);
    CHECK(refusal_of(std::string_view("ab\0cd", 5)) == domain::Errc::contract);
}

TEST_CASE("what is no UTF-8 is refused as a breach of contract") {
    for (const std::string_view text :
         {"\x80", "a\xC3", "\xC0\xAF", "\xC1\xBF", "\xE0\x80\xAF", "\xED\xA0\x80", "\xF0\x80\x80\x80",
          "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xE2\x82", "\xF0\x9F\x92", "\xFF", "\xE2\x28\xA1"}) {
        CHECK(refusal_of(text) == domain::Errc::contract);
    }
}
