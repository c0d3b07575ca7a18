#include "adapters/postgres/pool.hpp"

#include <doctest/doctest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <future>
#include <thread>

#include "adapters/postgres/failure.hpp"
#include "adapters/postgres/transaction.hpp"
#include "tests/support/store_fixture.hpp"

using namespace tributary;
using namespace tests;
using postgres::Pool;
using postgres::PoolOptions;
using postgres::Row;
using postgres::Transaction;
using std::chrono::milliseconds;

namespace {

/// Runs a task on an io_context and thread of its own.
template <class T>
std::future<domain::Result<T>> in_background(domain::ports::Task<domain::Result<T>> task) {
    return std::async(std::launch::async,
                      [task = std::move(task)]() mutable { return run_task(std::move(task)); });
}

std::int64_t backend_of(Transaction& tx) {
    return Row(tx.exec("SELECT pg_backend_pid()")[0]).number(0);
}

std::int64_t backend_of(Pool& pool) {
    return good(pool.run({}, [](Transaction& tx) { return backend_of(tx); }));
}

void terminate(std::int64_t backend) {
    migrated_database().run("SELECT pg_terminate_backend(" + std::to_string(backend) + ", 5000)");
}

}  // namespace

TEST_CASE("a session ended under a job fails the job, and the next job has a new session with its limits") {
    Pool pool(StoreFixture::pool_options(1));
    std::int64_t ended = 0;
    const auto outcome = run_task(pool.run({}, [&](Transaction& tx) {
        ended = backend_of(tx);
        terminate(ended);
        return backend_of(tx);
    }));
    CHECK(error_of(outcome) == "unavailable");
    CHECK(backend_of(pool) != ended);
    CHECK(good(pool.run({}, [](Transaction& tx) {
              return Row(tx.exec("SELECT concat_ws(' ', current_setting('statement_timeout'),"
                                 " current_setting('lock_timeout'),"
                                 " current_setting('idle_in_transaction_session_timeout'))")[0])
                  .text(0);
          })) == "10s 5s 15s");
}

TEST_CASE("a session ended while nobody used it costs no job") {
    Pool pool(StoreFixture::pool_options(1));
    const std::int64_t ended = backend_of(pool);
    terminate(ended);
    CHECK(backend_of(pool) != ended);
}

TEST_CASE("a job that refuses writes nothing, and one that returns has written") {
    Pool pool(StoreFixture::pool_options(1));
    const auto insert = [](Transaction& tx, const std::string& name) {
        tx.exec("INSERT INTO tenants (tenant_id, name, created_at) VALUES ($1, $2, now())", id_of(name),
                name);
    };
    CHECK(error_of(pool.run({}, [&](Transaction& tx) {
              insert(tx, "refused");
              postgres::refuse(domain::Errc::invalid_input, "no");
          })) == "invalid_input");
    good(pool.run({}, [&](Transaction& tx) { insert(tx, "written"); }));
    CHECK(migrated_database().value(
              "SELECT string_agg(name, ' ') FROM tenants WHERE name IN ('refused', 'written')") == "written");
}

TEST_CASE("a conflict of the job's own is tried three times where asked, once where not") {
    Pool pool(StoreFixture::pool_options(1));
    for (const bool retried : {true, false}) {
        int attempts = 0;
        CHECK(error_of(pool.run({std::nullopt, retried}, [&](Transaction&) {
                  ++attempts;
                  postgres::refuse(domain::Errc::conflict, "again");
              })) == "conflict");
        CHECK(attempts == (retried ? 3 : 1));
    }
}

TEST_CASE("a serialization failure is retried whoever asks, and its work done once") {
    Pool pool(StoreFixture::pool_options(1));
    int attempts = 0;
    const auto collide_twice = [&](Transaction& tx) {
        ++attempts;
        if (attempts < 3) tx.exec("DO $$ BEGIN RAISE EXCEPTION 'made up' USING ERRCODE = '40001'; END $$");
        return attempts;
    };
    CHECK(good(pool.run({}, collide_twice)) == 3);
}

TEST_CASE("a connection lost during COMMIT leaves the outcome in doubt, and is not tried again") {
    const Database database;
    database.run("CREATE TABLE fatal (id integer)");
    database.run(
        "CREATE FUNCTION end_session() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS"
        " $$ BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END $$");
    database.run(
        "CREATE CONSTRAINT TRIGGER at_commit AFTER INSERT ON fatal DEFERRABLE INITIALLY DEFERRED"
        " FOR EACH ROW EXECUTE FUNCTION end_session()");
    database.run("GRANT INSERT ON fatal TO PUBLIC");
    PoolOptions options;
    options.url = database.url();
    options.threads = 1;
    Pool pool(options);
    int attempts = 0;
    CHECK(error_of(pool.run({std::nullopt, true}, [&](Transaction& tx) {
              ++attempts;
              tx.exec("INSERT INTO fatal VALUES (1)");
          })) == "in_doubt");
    CHECK(attempts == 1);
    CHECK(backend_of(pool) > 0);
}

TEST_CASE("what the server refuses with is told by its SQLSTATE, whichever exception libpqxx makes of it") {
    Pool pool(StoreFixture::pool_options(1));
    const std::pair<std::string, std::string> expectations[] = {
        {"57014", "timed_out"},     {"55P03", "timed_out"},     {"53100", "unavailable"},
        {"53200", "unavailable"},   {"53300", "unavailable"},   {"25006", "unavailable"},
        {"58030", "unavailable"},   {"42501", "configuration"}, {"42P01", "configuration"},
        {"42703", "configuration"}, {"42883", "internal"},      {"42601", "internal"},
        {"23505", "conflict"},      {"23503", "conflict"},      {"23502", "conflict"},
        {"23514", "conflict"},      {"40001", "conflict"},      {"40P01", "conflict"},
        {"22021", "contract"},      {"22P02", "internal"},      {"0A000", "internal"},
        {"P0001", "internal"},      {"57P01", "unavailable"},   {"08006", "unavailable"}};
    for (const auto& [sqlstate, expected] : expectations) {
        CAPTURE(sqlstate);
        const std::string raise =
            "DO $$ BEGIN RAISE EXCEPTION 'made up' USING ERRCODE = '" + sqlstate + "'; END $$";
        CHECK(error_of(pool.run({}, [&raise](Transaction& tx) { tx.exec(raise); })) == expected);
    }
}

TEST_CASE("a statement that runs too long is ended by the server, and the session stays") {
    PoolOptions options = StoreFixture::pool_options(1);
    options.statement_timeout = milliseconds(1000);
    Pool pool(options);
    const std::int64_t backend = backend_of(pool);
    CHECK(error_of(pool.run({}, [](Transaction& tx) { tx.exec("SELECT pg_sleep(30)"); })) == "timed_out");
    CHECK(backend_of(pool) == backend);
}

TEST_CASE("a lock that does not come free in time is given up") {
    PoolOptions options = StoreFixture::pool_options(2);
    options.lock_timeout = milliseconds(50);
    Pool pool(options);
    std::promise<void> locked;
    std::promise<void> release;
    auto holder = in_background(pool.run({}, [&](Transaction& tx) {
        tx.exec("LOCK TABLE tenants IN ACCESS EXCLUSIVE MODE");
        locked.set_value();
        release.get_future().wait();
    }));
    locked.get_future().wait();
    CHECK(error_of(pool.run({}, [](Transaction& tx) { tx.exec("SELECT count(*) FROM tenants"); })) ==
          "timed_out");
    release.set_value();
    good(holder.get());
}

TEST_CASE("a server that takes the connection and never answers costs a job its deadline, not a thread") {
    boost::asio::io_context io;
    boost::asio::ip::tcp::acceptor silent(io, {boost::asio::ip::make_address("127.0.0.1"), 0});
    PoolOptions options;
    options.url = "host=127.0.0.1 dbname=x sslmode=disable connect_timeout=2 port=" +
                  std::to_string(silent.local_endpoint().port());
    options.threads = 1;
    options.deadline = milliseconds(300);
    Pool pool(options);
    auto first = in_background(pool.run({}, [](Transaction&) {}));
    auto second = in_background(pool.run({}, [](Transaction&) {}));
    CHECK(error_of(second.get()) != "none");
    CHECK(error_of(first.get()) != "none");
}

TEST_CASE("a job that waits for a connection is answered at its deadline, and does not run afterwards") {
    boost::asio::io_context io;
    boost::asio::ip::tcp::acceptor silent(io, {boost::asio::ip::make_address("127.0.0.1"), 0});
    PoolOptions options;
    options.url = "host=127.0.0.1 dbname=x sslmode=disable connect_timeout=30 port=" +
                  std::to_string(silent.local_endpoint().port());
    options.threads = 1;
    options.deadline = milliseconds(50);
    Pool pool(options);
    const auto begun = std::chrono::steady_clock::now();
    bool ran = false;
    CHECK(error_of(pool.run({}, [&ran](Transaction&) { ran = true; })) == "timed_out");
    CHECK(error_of(pool.run({}, [](Transaction&) {})) == "timed_out");
    CHECK(std::chrono::steady_clock::now() - begun < std::chrono::seconds(10));
    silent.close();  // ends the attempt to connect, for which the pool would wait
    CHECK_FALSE(ran);
}

TEST_CASE("a job past its deadline loses its connection and the thread takes the next one") {
    PoolOptions options = StoreFixture::pool_options(1);
    options.deadline = milliseconds(2000);
    options.statement_timeout = std::chrono::minutes(1);
    Pool pool(options);
    CHECK(error_of(pool.run({}, [](Transaction& tx) { tx.exec("SELECT pg_sleep(30)"); })) == "timed_out");
    CHECK(backend_of(pool) > 0);
}

TEST_CASE("a full queue refuses at once, and a waiting job is not lost") {
    PoolOptions options = StoreFixture::pool_options(1);
    options.queue = 1;
    Pool pool(options);
    std::promise<void> running;
    std::promise<void> release;
    auto busy = in_background(pool.run({}, [&](Transaction&) {
        running.set_value();
        release.get_future().wait();
    }));
    running.get_future().wait();
    boost::asio::io_context io;
    // Both on one thread, in order: the first fills the queue, the second finds it full.
    std::vector<std::string> outcomes;
    const auto submit = [&](const char* name) {
        boost::asio::co_spawn(io, pool.run({}, [](Transaction&) {}),
                              [&outcomes, name](std::exception_ptr, const domain::Result<void>& outcome) {
                                  outcomes.push_back(std::string(name) + " " + error_of(outcome));
                              });
    };
    submit("waiting");
    submit("refused");
    while (outcomes.empty()) {
        io.run_one();
    }
    CHECK(outcomes == std::vector<std::string>{"refused unavailable"});
    release.set_value();
    io.run();
    CHECK(outcomes.back() == "waiting none");
    good(busy.get());
}

TEST_CASE("a pool that ends finishes what runs and tells what waits that it will not run") {
    std::promise<void> running;
    std::promise<void> release;
    auto pool = std::make_unique<Pool>(StoreFixture::pool_options(1));
    auto busy = in_background(pool->run({}, [&](Transaction& tx) {
        running.set_value();
        release.get_future().wait();
        return backend_of(tx);
    }));
    running.get_future().wait();
    boost::asio::io_context io;
    std::string waiting;
    boost::asio::co_spawn(
        io, pool->run({}, [](Transaction&) {}),
        [&waiting](std::exception_ptr, const domain::Result<void>& outcome) { waiting = error_of(outcome); });
    io.poll();
    std::thread ending([&pool] { pool.reset(); });
    io.run();
    CHECK(waiting == "cancelled");
    release.set_value();
    ending.join();
    CHECK(good(busy.get()) > 0);
}

TEST_CASE("results come home to the executor that asked") {
    Pool pool(StoreFixture::pool_options(2));
    boost::asio::io_context io;
    const auto here = std::this_thread::get_id();
    const auto task = [&]() -> domain::ports::Task<bool> {
        for (int i = 0; i < 20; ++i) {
            const auto backend = co_await pool.run({}, [](Transaction& tx) { return backend_of(tx); });
            if (!backend || std::this_thread::get_id() != here) co_return false;
        }
        co_return true;
    };
    CHECK(run_task(io, task()));
}

TEST_CASE_FIXTURE(StoreFixture,
                  "a job of one moment sees nothing that is committed while it runs, and cannot write") {
    const std::string count = "SELECT count(*) FROM commits WHERE tenant_id = '" + to_text(tenant) + "'";
    const auto job = [&](bool writes) {
        return [&, writes](postgres::Transaction& tx) {
            const std::string before = postgres::Row(tx.script(count)[0]).text(0);
            database.run("INSERT INTO commits (tenant_id, commit_no, at, cause, run_id) VALUES ('" +
                         to_text(tenant) + "', 1, now(), 'run', gen_random_uuid())");
            CHECK(postgres::Row(tx.script(count)[0]).text(0) == before);
            if (writes) tx.script("DELETE FROM commits");
        };
    };
    good(store.pool().run({.tenant = tenant, .snapshot = true}, job(false)));
    database.run("DELETE FROM commits WHERE tenant_id = '" + to_text(tenant) + "'");
    CHECK_FALSE(run_task(store.pool().run({.tenant = tenant, .snapshot = true}, job(true))));
}
