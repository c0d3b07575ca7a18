#include <doctest/doctest.h>

#include "adapters/postgres/pool.hpp"
#include "adapters/postgres/transaction.hpp"
#include "tests/support/store_fixture.hpp"

using namespace tributary;
using namespace tests;
using postgres::Pool;
using postgres::PoolOptions;
using postgres::Row;
using postgres::Transaction;

namespace {

std::int64_t backend_of(Pool& pool) {
    return good(
        pool.run({}, [](Transaction& tx) { return Row(tx.exec("SELECT pg_backend_pid()")[0]).number(0); }));
}

std::int64_t backend_by_statement_alone(Pool& pool) {
    static const postgres::Statement asked{"backend", "SELECT pg_backend_pid()"};
    return good(pool.run({.alone = true}, [](Transaction& tx) { return Row(tx.exec(asked)[0]).number(0); }));
}

void terminate(std::int64_t backend) {
    migrated_database().run("SELECT pg_terminate_backend(" + std::to_string(backend) + ", 5000)");
}

}  // namespace

TEST_CASE("a statement prepared on a session is prepared anew on the next one") {
    const postgres::Statement doubled{"doubled", "SELECT 2 * $1::bigint"};
    Pool pool(StoreFixture::pool_options(1));
    const auto ask = [&](std::int64_t value) {
        return run_task(
            pool.run({}, [&](Transaction& tx) { return Row(tx.exec(doubled, value)[0]).number(0); }));
    };
    CHECK(good(ask(2)) == 4);
    CHECK(good(ask(3)) == 6);
    CHECK(good(pool.run({}, [](Transaction& tx) {
              return Row(tx.exec("SELECT count(*) FROM pg_prepared_statements")[0]).number(0);
          })) == 1);
    terminate(backend_of(pool));
    CHECK(good(ask(4)) == 8);
}

TEST_CASE("a job whose prepared statement a pooler lost says so, and the next one has a session of its own") {
    const postgres::Statement one{"one", "SELECT 1 WHERE $1::bigint = 1"};
    Pool pool(StoreFixture::pool_options(1));
    const auto ask = [&] {
        return run_task(pool.run({}, [&](Transaction& tx) { return tx.exec(one, 1).size(); }));
    };
    CHECK(good(ask()) == 1);
    good(pool.run({}, [](Transaction& tx) { tx.exec("DEALLOCATE ALL"); }));
    const auto lost = ask();
    CHECK(error_of(lost) == "configuration");
    CHECK(lost.error().detail.find("database.prepared") != std::string::npos);
    CHECK(good(ask()) == 1);
}

TEST_CASE("a statement that could not be prepared is prepared on another session the next time") {
    const Database database;
    const postgres::Statement things{"things", "SELECT 1 FROM things WHERE $1::bigint = 1"};
    PoolOptions options = StoreFixture::pool_options(1);
    options.url = database.url();
    Pool pool(options);
    const auto ask = [&] {
        return run_task(pool.run({}, [&](Transaction& tx) { return tx.exec(things, 1).size(); }));
    };
    const std::int64_t before = backend_of(pool);
    CHECK(error_of(ask()) == "configuration");
    database.run("CREATE TABLE things ()");
    database.run("GRANT SELECT ON things TO PUBLIC");
    CHECK(good(ask()) == 0);
    CHECK(backend_of(pool) != before);
}

TEST_CASE("a prepared statement whose first run failed can be run again on the same session") {
    const postgres::Statement reciprocal{"reciprocal", "SELECT 1 / $1::bigint"};
    Pool pool(StoreFixture::pool_options(1));
    const auto ask = [&](std::int64_t value) {
        return run_task(
            pool.run({}, [&](Transaction& tx) { return Row(tx.exec(reciprocal, value)[0]).number(0); }));
    };
    const std::int64_t before = backend_of(pool);
    CHECK(error_of(ask(0)) == "internal");
    CHECK(good(ask(1)) == 1);
    CHECK(backend_of(pool) == before);
}

TEST_CASE("a prepared statement whose columns a migration changed costs no job") {
    const Database database;
    database.run("CREATE TABLE things (thing integer)");
    database.run("GRANT SELECT ON things TO PUBLIC");
    const postgres::Statement things{"things", "SELECT thing FROM things WHERE $1::bigint = 1"};
    PoolOptions options = StoreFixture::pool_options(1);
    options.url = database.url();
    Pool pool(options);
    const auto ask = [&] {
        return run_task(pool.run({}, [&](Transaction& tx) { return tx.exec(things, 1).size(); }));
    };
    CHECK(good(ask()) == 0);
    const std::int64_t before = backend_of(pool);
    database.run("ALTER TABLE things ALTER COLUMN thing TYPE bigint");
    CHECK(good(ask()) == 0);
    CHECK(backend_of(pool) != before);
}

TEST_CASE("nothing is prepared by name where the settings forbid it") {
    const postgres::Statement one{"one", "SELECT 1 WHERE $1::bigint = 1"};
    PoolOptions options = StoreFixture::pool_options(1);
    options.prepared = false;
    Pool pool(options);
    CHECK(good(pool.run({}, [&](Transaction& tx) {
              tx.exec(one, 1);
              return Row(tx.exec("SELECT count(*) FROM pg_prepared_statements")[0]).number(0);
          })) == 0);
}

TEST_CASE("a session ended while nobody used it costs no statement that stands alone") {
    Pool pool(StoreFixture::pool_options(1));
    const std::int64_t ended = backend_by_statement_alone(pool);
    terminate(ended);
    CHECK(backend_by_statement_alone(pool) != ended);
}

TEST_CASE("a statement alone whose name the server does not know any more is run as others are") {
    Pool pool(StoreFixture::pool_options(1));
    backend_by_statement_alone(pool);
    // As a pooler does, that carries prepared statements under names of its own.
    good(pool.run({}, [](Transaction& tx) { tx.exec("DEALLOCATE ALL"); }));
    backend_by_statement_alone(pool);
    CHECK(good(pool.run({.alone = true}, [](Transaction& tx) {
              // No transaction of their own: the two are of one.
              tx.exec(postgres::Statement{"mark", "SELECT set_config('tributary.mark', $1::text, true)"},
                      "here");
              return Row(tx.exec(postgres::Statement{"marked",
                                                     "SELECT current_setting('tributary.mark', true)"})[0])
                  .text(0);
          })) == "here");
}
