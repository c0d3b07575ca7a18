// What becomes of links that were made before they had an id.

#include <doctest/doctest.h>

#include "adapters/postgres/migrate.hpp"
#include "domain/ids.hpp"
#include "tests/support/store_fixture.hpp"

using namespace tributary;
using namespace tests;

TEST_CASE("a link of before gets the id that the service computes") {
    constexpr std::size_t before_ids = 23;
    const Database database;
    good(postgres::migrate(database.url(), postgres::embedded_migrations().first(before_ids)));
    const domain::Uuid tenant = id_of("tenant");
    const auto [low, high] = std::minmax({id_of("one"), id_of("other")});
    database.run("INSERT INTO tenants (tenant_id, name, created_at) VALUES ('" + to_text(tenant) +
                 "', 'main', now())");
    database.run("INSERT INTO links VALUES ('" + to_text(tenant) + "', '" + to_text(low) + "', '" +
                 to_text(high) + "', 'linked', 'contact_and_name', '[]', false, now())");
    good(postgres::migrate(database.url()));
    CHECK(database.value("SELECT link_id FROM links") ==
          to_text(domain::identity_link_id(tenant, low, high)));
    CHECK(database.value("SELECT count(*) FROM links WHERE decided_by IS NULL AND reason IS NULL") == "1");
}
