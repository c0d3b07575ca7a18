// Where users have what customers show.
#include "adapters/upvest/field_origins.hpp"

#include <doctest/doctest.h>

#include "adapters/upvest/decode.hpp"
#include "adapters/upvest/provider.hpp"
#include "tests/support/field_origins.hpp"
#include "tests/unit/upvest/fixtures.hpp"

using namespace tributary;

TEST_CASE("each place of the table of origins brings its field and no other") {
    const auto provider = upvest::make_provider();
    tests::check_origins(*provider, "users", upvest::field_origins("users"), json::Object{{"id", "u-1"}});
}

TEST_CASE("every field of a person that a user has is in the table of origins") {
    const auto provider = upvest::make_provider();
    const auto page = upvest::decode_list(domain::EntityKind::profile, tests::fixture_text("users"));
    REQUIRE(page.has_value());
    for (const domain::Observation& user : page->observations) {
        tests::check_complete(*provider, "users", user.raw, {"kind"});
    }
}
