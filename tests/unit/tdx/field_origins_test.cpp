// Where users have what customers show.
#include "adapters/tdx/field_origins.hpp"

#include <doctest/doctest.h>

#include "adapters/tdx/provider.hpp"
#include "fixture.hpp"
#include "leaves.hpp"
#include "tests/support/field_origins.hpp"

using namespace tributary;

TEST_CASE("each place of the table of origins brings its field and no other") {
    const auto provider = tdx::make_provider();
    for (const std::string stream : {"user", "users"}) {
        CAPTURE(stream);
        tests::check_origins(*provider, stream, tdx::field_origins(stream), json::Object{{"id", "u-1"}});
    }
}

TEST_CASE("every field of a person that a user has is in the table of origins") {
    const auto provider = tdx::make_provider();
    for (const tests::Example& example : tests::examples) {
        if (example.name != "own_user" && example.name != "users") {
            continue;
        }
        const auto page = example.decode(tests::fixture(example.name));
        REQUIRE(page.has_value());
        for (const domain::Observation& user : page->observations) {
            tests::check_complete(*provider, example.name == "users" ? "users" : "user", user.raw);
        }
    }
}
