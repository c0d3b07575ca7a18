// Who may read an object by itself, on a real store.

#include <doctest/doctest.h>

#include "slow_bank.hpp"

using namespace tributary;
using namespace tributary::tests;
using Next = domain::ports::ObjectClaim::Next;
using namespace std::chrono_literals;

namespace {

struct Fixture : BankFixture {
    domain::ports::ObjectClaim claim_account(const std::string& key, std::chrono::seconds lasts = 60s) {
        return good(store.object_reads().claim_object(tenant, key_of(key), clock.now(), lasts));
    }

    void settle(const domain::ports::ObjectRead& read) {
        good(page([&read](domain::ports::PageTransaction& transaction) {
            return transaction.settle_object_read(read);
        }));
    }
};

}  // namespace

TEST_CASE_FIXTURE(Fixture, "the first who asks reads, and is told which objects and with what credentials") {
    const auto claim = claim_account("a1");
    CHECK(claim.next == Next::read);
    CHECK(claim.objects == std::vector<std::string>{"a1"});
    CHECK(claim.connection.id == connection.id);
    CHECK(claim.sealed_credentials == "sealed:bank");
    CHECK(claim_account("a1").next == Next::wait);
    CHECK(claim_account("a2").next == Next::read);
}

TEST_CASE_FIXTURE(Fixture, "what was read since the moment asked for is not read again, what is older is") {
    const auto before = clock.now();
    settle(claim_account("a1").read);
    CHECK(good(store.object_reads().claim_object(tenant, key_of("a1"), before, 60s)).next == Next::fresh);
    CHECK(good(store.object_reads().claim_object(tenant, key_of("a1"), clock.now() + 1h, 60s)).next ==
          Next::read);
}

TEST_CASE_FIXTURE(Fixture, "a claim that was given up, or whose holder died, is the next one's") {
    const auto first = claim_account("a1");
    CHECK(good(store.object_reads().look_at_object(tenant, key_of("a1"))).under_way);
    good(store.object_reads().give_up_object(tenant, first.read));
    CHECK_FALSE(good(store.object_reads().look_at_object(tenant, key_of("a1"))).under_way);
    CHECK(claim_account("a1", 0s).next == Next::read);
    const auto third = claim_account("a1");
    CHECK(third.next == Next::read);
    // Somebody who held it before gives up nothing of the present holder's.
    good(store.object_reads().give_up_object(tenant, first.read));
    CHECK(good(store.object_reads().look_at_object(tenant, key_of("a1"))).under_way);
    CHECK(good(store.object_reads().look_at_object(tenant, key_of("a1"))).claim == third.read.claim);
}

TEST_CASE_FIXTURE(Fixture,
                  "only a run helps while one is under way, and where the stream has no such object") {
    CHECK(claim_account("unheard of").next == Next::run);
    good(store.connections().request_run(tenant, connection.id, "manual"));
    const auto claimed = claim(connection.id);
    CHECK(claim_account("a1").next == Next::run);
}

TEST_CASE_FIXTURE(Fixture, "only a run helps where other objects of the stream say who may do what with it") {
    CHECK(value("WITH added AS (INSERT INTO access VALUES ($T, '" + to_text(connection.id) +
                "', 'accounts', 'a2', gen_random_uuid(), '" + to_text(id_of_account("a1")) +
                "', 'account', '{}', 0) RETURNING 1) SELECT count(*) FROM added") == "1");
    CHECK(claim_account("a1").next == Next::run);
    CHECK(claim_account("a2").next == Next::read);
}

TEST_CASE_FIXTURE(Fixture, "a customer's objects are the records of its profiles, and too many want a run") {
    const auto give_profiles = [this](int from, int to) {
        for (int i = from; i < to; ++i) {
            CHECK(value("WITH added AS (INSERT INTO memberships (tenant_id, profile_id, customer_id) VALUES "
                        "($T, '" +
                        to_text(id_of_account("a" + std::to_string(i))) + "', '" +
                        to_text(id_of("customer")) + "') RETURNING 1) SELECT count(*) FROM added") == "1");
        }
    };
    const domain::ports::ObjectKey customer{id_of("customer"), {connection.id, "accounts"}};
    give_profiles(0, 20);
    const auto claim = good(store.object_reads().claim_object(tenant, customer, clock.now(), 0s));
    CHECK(claim.next == Next::read);
    CHECK(claim.objects.size() == 20);
    give_profiles(20, 21);
    CHECK(good(store.object_reads().claim_object(tenant, customer, clock.now(), 0s)).next == Next::run);
}

TEST_CASE_FIXTURE(Fixture,
                  "a read counts for nothing where somebody had the connection's lease since it began") {
    const auto read = claim_account("a1").read;
    walk();
    const auto settled = page([&read](domain::ports::PageTransaction& transaction) {
        return transaction.settle_object_read(read);
    });
    CHECK(error_of(settled) == "stale_owner");
    CHECK(value("SELECT count(*) FROM object_reads WHERE tenant_id = $T AND read_at IS NOT NULL") == "0");
}

TEST_CASE_FIXTURE(Fixture, "an object's own read is when it was fetched, for it alone") {
    const auto walked = good(store.reads().freshness(tenant));
    REQUIRE(walked.size() == 1);
    settle(claim_account("a1").read);
    CHECK(good(store.reads().freshness_of(tenant, id_of_account("a1")))[0].fetched_at > walked[0].fetched_at);
    CHECK(good(store.reads().freshness_of(tenant, id_of_account("a2")))[0].fetched_at ==
          walked[0].fetched_at);
    CHECK(good(store.reads().freshness(tenant))[0].fetched_at == walked[0].fetched_at);
    walk();
    const auto again = good(store.reads().freshness_of(tenant, id_of_account("a1")))[0];
    CHECK(again.fetched_at == good(store.reads().freshness(tenant))[0].fetched_at);
}

TEST_CASE_FIXTURE(Fixture, "a slow read is as fresh as its beginning, whenever it ends") {
    const auto read = claim_account("a1").read;
    const std::string claimed = value("SELECT clock_timestamp()");
    settle(read);
    CHECK(value("SELECT read_at <= '" + claimed + "' FROM object_reads WHERE tenant_id = $T") == "t");
}

TEST_CASE_FIXTURE(Fixture, "a foreign tenant's claim finds no connection") {
    Fixture other;
    CHECK(error_of(store.object_reads().claim_object(tenant, other.key_of("a1"), clock.now(), 60s)) ==
          "not_found");
}

TEST_CASE_FIXTURE(Fixture, "rows of another tenant under the very same ids are neither read nor written") {
    Fixture other;
    const std::string theirs = "'" + to_text(other.tenant) + "'";
    const auto copy = [&](const std::string& table, const std::string& changed) {
        database.run("INSERT INTO " + table +
                     " SELECT (jsonb_populate_record(t, jsonb_build_object('tenant_id', " + theirs + changed +
                     "))).* FROM " + table + " t WHERE t.tenant_id = '" + to_text(tenant) + "'");
    };
    copy("connections", ", 'name', 'theirs'");
    // More objects of the same entities, who is whom of more of them, and what others may do with them.
    copy("records", ", 'provider_id', 'their ' || t.provider_id");
    database.run("INSERT INTO memberships (tenant_id, profile_id, customer_id) VALUES (" + theirs + ", '" +
                 to_text(id_of_account("a2")) + "', '" + to_text(id_of_account("a1")) + "')");
    database.run("INSERT INTO access VALUES (" + theirs + ", '" + to_text(connection.id) +
                 "', 'accounts', 'a9', gen_random_uuid(), '" + to_text(id_of_account("a1")) +
                 "', 'account', '{}', 0)");
    const auto before = good(store.reads().freshness_of(tenant, id_of_account("a1")))[0].fetched_at;
    database.run("INSERT INTO object_reads VALUES (" + theirs + ", '" + to_text(id_of_account("a1")) +
                 "', '" + to_text(connection.id) +
                 "', 'accounts', 100, now() + interval '1 day', now() + interval '1 day')");

    const auto claim = claim_account("a1");
    REQUIRE(claim.next == Next::read);
    CHECK(claim.read.claim == 1);
    CHECK(claim.objects == std::vector<std::string>{"a1"});
    CHECK(good(store.object_reads().look_at_object(tenant, key_of("a1"))).claim == 1);
    CHECK(good(store.reads().freshness_of(tenant, id_of_account("a1"))).size() == 1);
    CHECK(good(store.reads().freshness_of(tenant, id_of_account("a1")))[0].fetched_at == before);
    settle(claim.read);
    auto last = claim_account("a1").read;
    last.claim = 100;
    good(store.object_reads().give_up_object(tenant, last));
    CHECK(database.value(
              "SELECT claim || ' ' || (claimed_until > now()) || ' ' || (read_at > now()) FROM object_reads "
              "WHERE tenant_id = " +
              theirs) == "100 true true");
}
