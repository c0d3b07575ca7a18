#include <doctest/doctest.h>

#include "adapters/postgres/migrate.hpp"
#include "adapters/postgres/opening.hpp"
#include "adapters/postgres/service_role.hpp"
#include "tests/mutants/trial.hpp"
#include "tests/support/store_fixture.hpp"

using namespace tributary;
using namespace tributary::mutants;
using tests::error_of;
using tests::good;

namespace {

constexpr auto key_id = "aaaaaaaaaaaaaaaa";

struct Migrated : tests::Database {
    Migrated() { good(postgres::migrate(url())); }

    /// What becomes of a statement of this role's: an SQLSTATE's class, or "done".
    [[nodiscard]] std::string tried(const std::string& role, const std::string& sql) const {
        try {
            run("SET ROLE " + role + "; " + sql);
            return "done";
        } catch (const std::exception& refused) {
            const std::string_view what = refused.what();
            return what.contains("permission denied") || what.contains("must be") ? "denied"
                                                                                  : std::string(what);
        }
    }
};

}  // namespace

TEST_CASE("a role that owns nothing can do all that the service does") {
    World world(Wall::up);
    make_service_role(world.database());
    Trial as_owner(world, "tributary_test");
    Trial as_service(world, service_role);
    for (const Step& step : scenario()) {
        const Outcome outcome = as_service.run(step, {});
        CAPTURE(step.name);
        CHECK(difference(outcome, as_owner.run(step, {})) == "");
    }
}

TEST_CASE("the service's role opens the database, and has no way around row-level security") {
    const Migrated database;
    make_service_role(database);
    const std::string url = database.url() + " user=" + service_role;
    good(postgres::check_database(url, key_id, postgres::FirstKey::adopt, service_role));
    CHECK(error_of(postgres::check_database(database.url(), key_id, postgres::FirstKey::adopt,
                                            service_role)) == "configuration");
    CHECK(error_of(postgres::migrate(url)) == "configuration");
    CHECK(database.value("SELECT count(*) FROM pg_class WHERE pg_get_userbyid(relowner) = '" +
                         std::string(service_role) + "'") == "0");
    CHECK(database.tried(service_role, "SELECT count(*) FROM runs") == "done");
    for (const auto& table : database.rows("SELECT relname FROM pg_class WHERE relrowsecurity")) {
        CAPTURE(table[0]);
        CHECK(database.tried(service_role, "TRUNCATE " + table[0]) == "denied");
        CHECK(database.tried(service_role, "ALTER TABLE " + table[0] + " DISABLE ROW LEVEL SECURITY") ==
              "denied");
        CHECK(database.tried(service_role, "ALTER TABLE " + table[0] + " NO FORCE ROW LEVEL SECURITY") ==
              "denied");
        CHECK(database.tried(service_role, "DROP POLICY own_tenant ON " + table[0]) == "denied");
        CHECK(database.tried(service_role, "CREATE TRIGGER t BEFORE INSERT ON " + table[0] +
                                               " EXECUTE FUNCTION suppress_redundant_updates_trigger()") ==
              "denied");
    }
    CHECK(database.tried(service_role, "CREATE TABLE own (id integer)") == "denied");
    CHECK(database.tried(service_role, "ALTER ROLE " + std::string(service_role) + " BYPASSRLS") == "denied");
    CHECK(database.tried(service_role, "UPDATE schema_migrations SET checksum = ''") == "denied");
    // What was told and what documents said may go, and cannot be made another.
    for (const char* table : {"history", "changes", "commits"}) {
        CHECK(database.tried(service_role, std::string("UPDATE ") + table + " SET tenant_id = tenant_id") ==
              "denied");
    }
}

TEST_CASE("a table that a later migration brings is the service's to use once its role is admitted again") {
    const Migrated database;
    make_service_role(database);
    database.run("SET ROLE tributary_test; CREATE TABLE later (tenant_id uuid)");
    CHECK(database.tried(service_role, "INSERT INTO later VALUES (NULL)") == "denied");
    good(postgres::admit_service_role(database.url(), service_role));
    good(postgres::admit_service_role(database.url(), service_role));
    CHECK(database.tried(service_role, "INSERT INTO later VALUES (NULL)") == "done");
}

TEST_CASE("no role is admitted that is not there, owns the tables, or passes row-level security") {
    const Migrated database;
    const auto detail_for = [&](const std::string& role) {
        const auto admitted = postgres::admit_service_role(database.url(), role);
        REQUIRE(error_of(admitted) == "configuration");
        return admitted.error().detail;
    };
    database.run("CREATE ROLE tributary_test_passes LOGIN BYPASSRLS");
    database.run(
        "CREATE ROLE tributary_test_member LOGIN NOINHERIT; GRANT tributary_test TO tributary_test_member");
    CHECK(detail_for("no_such_role").contains("does not exist"));
    CHECK(detail_for("tributary_test").contains("owns the tables"));
    CHECK(detail_for("tributary_test_passes").contains("BYPASSRLS"));
    CHECK(detail_for("tributary_test_member").contains("a member of it"));
    // Whoever admits need not be the owner, and what is refused keeps its rights.
    const std::string member =
        database.url() + " user=tributary_test_member options='-c role=tributary_test'";
    CHECK(error_of(postgres::admit_service_role(member, "tributary_test")) == "configuration");
    CHECK(database.tried("tributary_test", "SELECT count(*) FROM runs") == "done");
    database.run("DROP ROLE tributary_test_passes, tributary_test_member");
}
