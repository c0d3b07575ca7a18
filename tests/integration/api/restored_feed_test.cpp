// The feed through pg_dump and a restore: a copy goes on where it was, and is told where it cannot.
#include <doctest/doctest.h>

#include "copy.hpp"
#include "domain/document.hpp"
#include "domain/json/parse.hpp"
#include "reading.hpp"

using namespace tributary;
using namespace tests;
using domain::EntityKind;
using domain::ports::ChangePage;
using domain::ports::ChangeQuery;

namespace {

/// A database that a dump was restored to, and a store over it.
struct Restored {
    Database database;
    SeededRandom random;
    postgres::Store store;

    explicit Restored(const Database& source) : store(filled_from(source), random) {}

  private:
    [[nodiscard]] postgres::PoolOptions filled_from(const Database& source) const {
        database.restore_from(source);
        postgres::PoolOptions options = StoreFixture::pool_options(2);
        options.url = database.url();
        return options;
    }
};

/// A copy and how far it is.
struct Follower {
    Copy copy;
    std::optional<domain::Position> at;

    [[nodiscard]] domain::Result<ChangePage> page(postgres::Store& store, const domain::Uuid& tenant) const {
        ChangeQuery query;
        query.after = at;
        query.limit = 3;
        return run_task(store.changes().changes(tenant, query));
    }

    void follow(postgres::Store& store, const domain::Uuid& tenant) {
        for (bool more = true; more;) {
            const ChangePage told = good(page(store, tenant));
            for (const auto& change : told.changes)
                copy.apply(change);
            at = told.next;
            more = told.more;
        }
    }
};

std::map<std::string, std::string> source(postgres::Store& store, const domain::Uuid& tenant) {
    std::map<std::string, std::string> all;
    for (const auto& document :
         good(store.reads().list({tenant}, list_of(EntityKind::account, 1'000))).documents) {
        auto parsed = json::parse(domain::content_of(document.body));
        REQUIRE(parsed);
        all[to_text(document.id)] = Copy::sorted(*parsed->root.if_object());
    }
    return all;
}

}  // namespace

TEST_CASE("a feed goes on in a restored database: a copy from before the dump becomes what that one says") {
    Reading reading(2);
    for (int i = 0; i < 12; ++i)
        reading.write("doc-" + std::to_string(i % 5), i % 4 == 3);
    Follower follower;
    follower.follow(reading.store, reading.tenant);
    REQUIRE(follower.copy.shown() == source(reading.store, reading.tenant));
    // In the dump, but not in the copy.
    reading.write("doc-6");
    const auto earlier = good(reading.store.reads().list({reading.tenant, 5}, list_of(EntityKind::account)));

    Restored restored(reading.database);
    for (int i = 0; i < 9; ++i) {
        write_account(restored.store, reading.tenant, "doc-" + std::to_string(i % 7), i % 4 == 1);
    }
    follower.follow(restored.store, reading.tenant);
    CHECK(follower.copy.shown() == source(restored.store, reading.tenant));
    CHECK(follower.copy.shown() != source(reading.store, reading.tenant));
    CHECK(follower.at->commit == 22);
    const auto restored_earlier =
        good(restored.store.reads().list({reading.tenant, 5}, list_of(EntityKind::account)));
    REQUIRE(restored_earlier.documents.size() == earlier.documents.size());
    for (std::size_t i = 0; i < earlier.documents.size(); ++i) {
        CHECK(restored_earlier.documents[i].body == earlier.documents[i].body);
    }
}

TEST_CASE(
    "a feed of a restored older dump is told from what happened since, also where it has gone as far again") {
    Reading reading(2);
    for (int i = 0; i < 4; ++i)
        reading.write("doc-" + std::to_string(i));
    Follower early;
    early.follow(reading.store, reading.tenant);
    Restored restored(reading.database);

    for (int i = 0; i < 3; ++i)
        reading.write("lost-" + std::to_string(i));
    Follower late;
    late.follow(reading.store, reading.tenant);
    const auto seen = good(reading.store.reads().moment({reading.tenant}));
    // Ahead of all that the restored one has.
    CHECK(error_of(late.page(restored.store, reading.tenant)) == "expired");
    for (int i = 0; i < 6; ++i)
        write_account(restored.store, reading.tenant, "new-" + std::to_string(i));
    // The same number, and another commit.
    CHECK(error_of(late.page(restored.store, reading.tenant)) == "expired");
    CHECK(error_of(restored.store.reads().moment({reading.tenant, {}, position_of(seen)})) == "expired");
    CHECK(error_of(restored.store.reads().moment({reading.tenant, seen})) == "expired");

    early.follow(restored.store, reading.tenant);
    CHECK(early.copy.shown() == source(restored.store, reading.tenant));
}
