// Where the customer has what customers show.
#include "adapters/tastytrade/field_origins.hpp"

#include <doctest/doctest.h>

#include "adapters/tastytrade/pages.hpp"
#include "adapters/tastytrade/provider.hpp"
#include "fakes.hpp"
#include "tests/support/field_origins.hpp"

using namespace tributary;

TEST_CASE("each place of the table of origins brings its field and no other") {
    const auto provider = tastytrade::make_provider();
    // Which of the two objects is there tells the kind.
    tests::check_origins(*provider, "customer", tastytrade::field_origins("customer"),
                         json::Object{{"id", "me"}}, {"kind"});
}

TEST_CASE("every field of a person that the customer has is in the table of origins") {
    const auto provider = tastytrade::make_provider();
    for (const char* file : {"customer.json", "customer_certification.json", "customer_entity.json"}) {
        CAPTURE(file);
        const auto page = tastytrade::decode_customer(tests::tastytrade::fixture(file),
                                                      {.connection = "c", .profile = "C0000037211"});
        REQUIRE(page.has_value());
        REQUIRE(page->observations.size() == 1);
        tests::check_complete(*provider, "customer", page->observations.front().raw);
    }
}
