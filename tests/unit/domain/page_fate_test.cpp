#include "domain/page_fate.hpp"

#include <doctest/doctest.h>

#include <initializer_list>

using namespace tributary::domain;

TEST_CASE("one object without a key costs itself and never its page, however small that is") {
    for (const std::size_t items : {1U, 2U, 50U, 1000U}) {
        CHECK(fate_of_page(items, 0) == PageFate::usable);
        CHECK(fate_of_page(items, 1) == PageFate::usable);
    }
    CHECK(fate_of_page(0, 0) == PageFate::usable);
}

TEST_CASE("from two objects without a key on, more than one in a hundred fail the page") {
    CHECK(fate_of_page(3, 2) == PageFate::failed);
    CHECK(fate_of_page(199, 2) == PageFate::failed);
    CHECK(fate_of_page(200, 2) == PageFate::usable);
    CHECK(fate_of_page(1000, 10) == PageFate::usable);
    CHECK(fate_of_page(1000, 11) == PageFate::failed);
    CHECK(fate_of_page(1000, 999) == PageFate::failed);
}

TEST_CASE("the key has vanished where no object of at least two has it") {
    CHECK(fate_of_page(2, 2) == PageFate::key_vanished);
    CHECK(fate_of_page(1000, 1000) == PageFate::key_vanished);
}
