#include "adapters/postgres/opening.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <thread>

#include "adapters/postgres/migrate.hpp"
#include "adapters/postgres/transaction.hpp"
#include "tests/support/store_fixture.hpp"

using namespace tributary;
using namespace tests;
using postgres::check_database;
using postgres::FirstKey;

namespace {

const std::string key_a = "aaaaaaaaaaaaaaaa";
const std::string key_b = "bbbbbbbbbbbbbbbb";

struct Migrated : Database {
    Migrated() { good(postgres::migrate(url())); }
};

void check_refused(const domain::Result<void>& checked, std::string_view part) {
    CHECK(error_of(checked) == "configuration");
    if (!checked) CHECK(checked.error().detail.find(part) != std::string::npos);
}

}  // namespace

TEST_CASE("a database keeps to the key it was first used with, and a look binds it to none") {
    const Migrated database;
    good(check_database(database.url(), key_b, FirstKey::only_look));
    good(check_database(database.url(), key_a, FirstKey::adopt));
    good(check_database(database.url(), key_a, FirstKey::adopt));
    good(check_database(database.url(), key_a, FirstKey::only_look));
    check_refused(check_database(database.url(), key_b, FirstKey::adopt), "secrets.key_file");
    check_refused(check_database(database.url(), key_b, FirstKey::only_look), "secrets.key_file");
    CHECK(database.value("SELECT string_agg(key_id, ' ') FROM sealing_key") == key_a);
}

TEST_CASE("of first users with different keys at once all but those with one key are refused") {
    const Migrated database;
    std::atomic<int> good_a{0};
    std::atomic<int> good_b{0};
    std::vector<std::thread> users;
    for (int i = 0; i < 10; ++i) {
        users.emplace_back([&, is_a = i % 2 == 0] {
            if (check_database(database.url(), is_a ? key_a : key_b, FirstKey::adopt))
                ++(is_a ? good_a : good_b);
        });
    }
    for (std::thread& user : users) {
        user.join();
    }
    const bool a_won = database.value("SELECT key_id FROM sealing_key") == key_a;
    CHECK(good_a == (a_won ? 5 : 0));
    CHECK(good_b == (a_won ? 0 : 5));
}

TEST_CASE("a first user waits for another one whose key is not committed yet") {
    const Migrated database;
    postgres::PoolOptions options;
    options.url = database.url();
    postgres::Pool pool(options);
    domain::Result<void> second;
    std::thread user;
    good(pool.run({}, [&](postgres::Transaction& tx) {
        tx.exec("INSERT INTO sealing_key (only_row, key_id) VALUES (true, $1)", key_a);
        user = std::thread([&] { second = check_database(database.url(), key_b, FirstKey::adopt); });
        while (database.value("SELECT count(*) FROM pg_locks WHERE NOT granted") == "0") {
            std::this_thread::yield();
        }
    }));
    user.join();
    check_refused(second, "secrets.key_file");
}

TEST_CASE("a role that row-level security does not hold is refused, by migrate as well") {
    const Migrated database;
    database.run("DROP ROLE IF EXISTS passes_walls");
    database.run("CREATE ROLE passes_walls LOGIN BYPASSRLS");
    database.run("GRANT ALL ON ALL TABLES IN SCHEMA public TO passes_walls");
    for (const std::string& url : {database.superuser_url(), database.url() + " user=passes_walls"}) {
        check_refused(check_database(url, key_a, FirstKey::adopt), "BYPASSRLS");
        CHECK(error_of(postgres::migrate(url)) == "configuration");
    }
    CHECK(database.value("SELECT count(*) FROM sealing_key") == "0");
    good(check_database(database.url(), key_a, FirstKey::adopt));
    database.run("DROP OWNED BY passes_walls");
    database.run("DROP ROLE passes_walls");
}
