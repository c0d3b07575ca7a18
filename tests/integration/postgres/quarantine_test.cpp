#include <doctest/doctest.h>

#include <algorithm>

#include "domain/content_hash.hpp"
#include "domain/json/write.hpp"
#include "tests/support/store_fixture.hpp"

using namespace tributary;
using namespace tests;
using namespace domain::ports;
using domain::Quarantined;

namespace {

struct QuarantineFixture : StoreFixture {
    domain::Uuid connection = connect("one").id;
    StreamRef users{connection, "users"};

    void keep(const StreamRef& stream, const std::vector<Quarantined>& objects) {
        must([&](PageTransaction& page) { good(page.quarantine(stream, 3, objects)); });
    }

    std::vector<QuarantineEntry> entries(QuarantineQuery query = {}) {
        return good(store.quarantine().quarantine(tenant, query));
    }

    [[nodiscard]] long count() const {
        return std::stol(value("SELECT count(*) FROM quarantine WHERE tenant_id = $T"));
    }
};

std::vector<Quarantined> numbered(std::size_t from, std::size_t to) {
    std::vector<Quarantined> objects;
    for (std::size_t i = from; i < to; ++i) {
        objects.push_back({json::Value(std::to_string(i)), "no id"});
    }
    return objects;
}

}  // namespace

TEST_CASE_FIXTURE(QuarantineFixture, "the list shows why and since when, one entry its payload as well") {
    keep(users, {{json::Object{{"name", "x"}}, "no id"}});
    REQUIRE(entries().size() == 1);
    const QuarantineEntry entry = entries()[0];
    CHECK(entry.stream == users);
    CHECK(entry.reason == "no id");
    CHECK(entry.first_seen_at == entry.last_seen_at);
    const QuarantinedObject object = good(store.quarantine().quarantined_object(tenant, entry.id));
    CHECK(object.raw == R"({"name":"x"})");
    CHECK(object.content_hash == domain::content_hash(object.raw));
    CHECK(object.fullness == 3);
    CHECK(error_of(store.quarantine().quarantined_object(tenant, id_of("none"))) == "not_found");
    StoreFixture other;
    CHECK(error_of(other.store.quarantine().quarantined_object(other.tenant, entry.id)) == "not_found");
}

TEST_CASE_FIXTURE(QuarantineFixture, "content that comes again is written once an hour at most") {
    keep(users, numbered(0, 1));
    const std::string version = "SELECT xmin FROM quarantine WHERE tenant_id = $T";
    const std::string before = value(version);
    keep(users, numbered(0, 1));
    CHECK(value(version) == before);
    value(
        "WITH aged AS (UPDATE quarantine SET last_seen_at = last_seen_at - interval '61 minutes' "
        "WHERE tenant_id = $T RETURNING 1) SELECT count(*) FROM aged");
    keep(users, numbered(0, 1));
    CHECK(entries()[0].last_seen_at > entries()[0].first_seen_at);
}

TEST_CASE_FIXTURE(QuarantineFixture,
                  "a stream keeps so many objects and no more, others have their own room") {
    keep(users, numbered(0, most_quarantined - 1));
    keep(users, numbered(most_quarantined - 1, most_quarantined + 5));
    CHECK(count() == static_cast<long>(most_quarantined));
    keep(users, numbered(0, 10));
    CHECK(count() == static_cast<long>(most_quarantined));
    keep({connection, "accounts"}, numbered(0, 10));
    CHECK(count() == static_cast<long>(most_quarantined) + 10);
    CHECK(entries({.stream = "accounts"}).size() == 10);
    CHECK(entries({.connection_id = id_of("none")}).empty());
}

TEST_CASE_FIXTURE(QuarantineFixture, "contents are released by hash, of their own stream alone") {
    keep(users, numbered(0, 3));
    keep({connection, "accounts"}, numbered(0, 3));
    must([&](PageTransaction& page) {
        const auto hashes = good(page.quarantined(users));
        CHECK(hashes.size() == 3);
        CHECK(std::ranges::count(hashes, domain::content_hash("\"1\"")) == 1);
        good(page.release_quarantined(users, std::vector{domain::content_hash("\"1\"")}));
    });
    CHECK(count() == 5);
}

TEST_CASE_FIXTURE(QuarantineFixture, "a schedule is held only while no run is under way") {
    const auto hold = [&] {
        return page([&](PageTransaction& page) { return page.hold_schedule(connection); });
    };
    CHECK(error_of(hold()) == "none");
    const ClaimedRun claimed = claim(connection);
    CHECK(error_of(hold()) == "conflict");
    good(store.connections().finish_run(tenant, {connection, claimed.fence}, claimed.run_id, succeeded()));
    CHECK(error_of(hold()) == "none");
    CHECK(error_of(page([&](PageTransaction& page) { return page.hold_schedule(id_of("none")); })) ==
          "not_found");
}

TEST_CASE_FIXTURE(QuarantineFixture,
                  "an owner whose lease ran out commits nothing once somebody held the schedule") {
    const ClaimedRun claimed = claim(connection);
    database.run(
        "UPDATE due_queue SET lease_until = now() - interval '1 second' WHERE lease_owner IS NOT NULL");
    must([&](PageTransaction& page) { good(page.hold_schedule(connection)); });
    const auto late =
        page([&](PageTransaction& page) { return page.check_fence({connection, claimed.fence}); });
    CHECK(error_of(late) == "stale_owner");
    // Its run goes on with the next owner.
    CHECK(claim(connection).run_id == claimed.run_id);
}

TEST_CASE_FIXTURE(QuarantineFixture, "no run of a connection begins while its schedule is held") {
    must([&](PageTransaction& page) {
        good(page.hold_schedule(connection));
        StoreFixture other;
        CHECK(good(other.store.connections().claim_connection(id_of("owner"), connection,
                                                              std::chrono::seconds(60)))
                  .empty());
    });
    CHECK(claim(connection).connection.id == connection);
}
