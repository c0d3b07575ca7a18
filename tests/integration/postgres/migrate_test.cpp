#include "adapters/postgres/migrate.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <thread>

#include "adapters/postgres/opening.hpp"
#include "tests/support/store_fixture.hpp"

using namespace tributary;
using namespace tests;
using postgres::migrate;
using postgres::Migration;

namespace {

constexpr Migration sample[] = {
    {1, "0001_first", "11", "CREATE TABLE first (id integer); SELECT pg_sleep(0.05)"},
    {2, "0002_second", "22", "CREATE TABLE second (id integer)"},
};

domain::Result<void> check_schema(const std::string& url) {
    return postgres::check_database(url, "0123456789abcdef", postgres::FirstKey::only_look);
}

std::string detail_of(const domain::Result<void>& result) {
    return result ? "" : result.error().detail;
}

}  // namespace

TEST_CASE("an empty database is migrated once, and then has the program's schema") {
    const Database database;
    auto checked = check_schema(database.url());
    CHECK(error_of(checked) == "configuration");
    CHECK(detail_of(checked).find("tributary migrate") != std::string::npos);
    const auto applied = good(migrate(database.url()));
    CHECK(applied.size() == postgres::embedded_migrations().size());
    CHECK(applied.front() == "0001_tenants");
    good(check_schema(database.url()));
    CHECK(good(migrate(database.url())).empty());
}

TEST_CASE("ten migrators at once apply each migration once") {
    const Database database;
    std::atomic<int> applied{0};
    std::atomic<int> failed{0};
    std::vector<std::thread> migrators;
    for (int i = 0; i < 10; ++i) {
        migrators.emplace_back([&] {
            const auto names = migrate(database.url(), sample);
            if (names) {
                applied += static_cast<int>(names->size());
            } else {
                ++failed;
            }
        });
    }
    for (std::thread& migrator : migrators) {
        migrator.join();
    }
    CHECK(applied == 2);
    CHECK(failed == 0);
    CHECK(database.value("SELECT count(*) FROM schema_migrations") == "2");
}

TEST_CASE("a migration that fails leaves nothing of itself and everything before it") {
    const Database database;
    constexpr Migration broken[] = {sample[0],
                                    {2, "0002_broken", "33", "CREATE TABLE half (id integer); SELECT 1/0"}};
    CHECK(error_of(migrate(database.url(), broken)) == "internal");
    CHECK(database.value("SELECT count(*) FROM schema_migrations") == "1");
    CHECK(database.value("SELECT to_regclass('half')") == "");
    CHECK(good(migrate(database.url(), sample)) == std::vector<std::string>{"0002_second"});
}

TEST_CASE(
    "a database with a table of the same name is refused by the migration and the table, and left as it is") {
    const Database database;
    database.run("CREATE TABLE tenants (id integer)");
    const auto refused = migrate(database.url());
    REQUIRE(error_of(refused) == "configuration");
    CHECK(refused.error().detail.find("0001_tenants") != std::string::npos);
    CHECK(refused.error().detail.find("\"tenants\"") != std::string::npos);
    CHECK(refused.error().detail.find("empty database") != std::string::npos);
    CHECK(database.value("SELECT to_regclass('schema_migrations')") == "");
    CHECK(database.value("SELECT to_regclass('api_keys')") == "");
}

TEST_CASE("a schema whose ledger has lost a row is refused by the migration that does not fit") {
    const auto all = postgres::embedded_migrations();
    for (std::size_t lost = 0; lost < all.size(); ++lost) {
        CAPTURE(all[lost].name);
        const Database database;
        good(migrate(database.url()));
        database.run("DELETE FROM schema_migrations WHERE version > " + std::to_string(lost));
        const auto refused = migrate(database.url());
        if (refused) continue;  // a migration that can be applied twice
        CHECK(error_of(refused) == "configuration");
        // The first that cannot be applied twice; those before it were.
        std::size_t refusing = lost;
        while (refusing + 1 < all.size() &&
               refused.error().detail.find(all[refusing].name) == std::string::npos) {
            ++refusing;
        }
        CHECK(refused.error().detail.find(all[refusing].name) != std::string::npos);
        CHECK(refused.error().detail.find("schema_migrations") != std::string::npos);
        CHECK(database.value("SELECT count(*) FROM schema_migrations") == std::to_string(refusing));
    }
}

TEST_CASE("a schema_migrations of another program is told as such") {
    const Database database;
    database.run("CREATE TABLE schema_migrations (version text PRIMARY KEY)");
    const auto refused = migrate(database.url());
    REQUIRE(error_of(refused) == "configuration");
    CHECK(refused.error().detail.find("another program") != std::string::npos);
}

TEST_CASE("a database older than the program is told to be migrated") {
    const Database database;
    good(migrate(database.url(), postgres::embedded_migrations().first(2)));
    const auto checked = check_schema(database.url());
    CHECK(error_of(checked) == "configuration");
    CHECK(detail_of(checked).find("older") != std::string::npos);
    CHECK(detail_of(checked).find("tributary migrate") != std::string::npos);
}

TEST_CASE("a database newer than the program is refused by check and by migrate") {
    const Database database;
    good(migrate(database.url()));
    database.run("INSERT INTO schema_migrations VALUES (9999, '9999_future', 'ff', now())");
    const auto checked = check_schema(database.url());
    CHECK(error_of(checked) == "configuration");
    CHECK(detail_of(checked).find("newer than this program") != std::string::npos);
    CHECK(error_of(migrate(database.url())) == "configuration");
}

TEST_CASE("an edited migration is refused by its name") {
    const Database database;
    good(migrate(database.url()));
    database.run("UPDATE schema_migrations SET checksum = 'edited' WHERE version = 2");
    const auto checked = check_schema(database.url());
    CHECK(error_of(checked) == "configuration");
    CHECK(detail_of(checked).find("0002_connections") != std::string::npos);
    CHECK(error_of(migrate(database.url())) == "configuration");
}

TEST_CASE("a database that is away, and one that does not exist, are told apart") {
    CHECK(error_of(check_schema("host=127.0.0.1 port=1 dbname=x")) == "unavailable");
    CHECK(error_of(migrate("host=127.0.0.1 port=1 dbname=x")) == "unavailable");
    const Database database;
    CHECK(error_of(check_schema(database.url() + " dbname=tributary_absent")) == "configuration");
    CHECK(error_of(check_schema("nonsense")) == "configuration");
}

TEST_CASE("the embedded migrations are numbered from 1 and carry their checksums") {
    int expected = 0;
    for (const Migration& migration : postgres::embedded_migrations()) {
        CHECK(migration.version == ++expected);
        CHECK(migration.checksum.size() == 64);
        CHECK_FALSE(migration.sql.empty());
    }
    CHECK(expected >= 7);
}
