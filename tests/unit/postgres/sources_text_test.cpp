#include "adapters/postgres/sources_text.hpp"

#include <doctest/doctest.h>

#include "adapters/postgres/failure.hpp"

using namespace tributary;
using domain::ports::StreamRef;

TEST_CASE("sources come back as they were stored") {
    const domain::Uuid one = domain::named_uuid({}, "one");
    const domain::Uuid two = domain::named_uuid({}, "two");
    const std::vector<StreamRef> sources = {{one, "users"}, {two, "account groups"}, {one, ""}};
    CHECK(postgres::sources_from_text(postgres::sources_to_text(sources)) == sources);
    CHECK(postgres::sources_from_text("").empty());
}

TEST_CASE("a stream name with a line break is refused") {
    const std::vector<StreamRef> sources = {{{}, "a\nb"}};
    CHECK_THROWS_AS(postgres::sources_to_text(sources), postgres::Failure);
}

TEST_CASE("a line that names no stream is left out") {
    CHECK(postgres::sources_from_text("nonsense\n\n").empty());
}
