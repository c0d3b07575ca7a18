#include <doctest/doctest.h>

#include <map>
#include <set>
#include <thread>

#include "adapters/postgres/transaction.hpp"
#include "tests/support/store_fixture.hpp"

using namespace tributary;
using namespace tests;
using namespace domain::ports;
using domain::Uuid;
using std::chrono::seconds;

namespace {

/// Moves a lease's end into the past, as time would.
void expire_lease(StoreFixture& fixture, const Uuid& connection) {
    good(fixture.store.pool().run({}, [&](postgres::Transaction& tx) {
        tx.exec("UPDATE due_queue SET lease_until = now() - interval '1 second' WHERE connection_id = $1",
                connection);
    }));
}

/// Nothing is due that another test left.
void empty_schedule(StoreFixture& fixture) {
    good(fixture.store.pool().run(
        {}, [](postgres::Transaction& tx) { tx.exec("UPDATE due_queue SET due_at = NULL"); }));
}

}  // namespace

TEST_CASE_FIXTURE(StoreFixture, "a connection is claimed by one owner, with everything a run needs") {
    const Uuid id = connect("one").id;
    const ClaimedRun claimed = claim(id);
    CHECK(claimed.tenant == tenant);
    CHECK(claimed.connection.name == "one");
    CHECK(claimed.sealed_credentials == "sealed:one");
    CHECK(claimed.connection.last_run_id == claimed.run_id);
    CHECK_FALSE(claimed.resumed);
    CHECK(good(store.connections().run(tenant, claimed.run_id)).state == "running");
    CHECK(good(store.connections().claim_connection(id_of("other"), id, seconds(60))).empty());
}

TEST_CASE_FIXTURE(
    StoreFixture,
    "an owner whose lease ran out is taken over: same run, its progress, and its commits fail") {
    const Uuid id = connect("one").id;
    const ClaimedRun dead = claim(id, seconds(1));
    must([&](PageTransaction& page) {
        good(page.save_progress(dead.run_id, R"({"users":200})", R"({"users":"cursor-2"})"));
        good(page.check_fence(lease_of(dead)));
    });
    CHECK(good(store.connections().run(tenant, dead.run_id)).report == R"({"users":200})");

    // The real thing once, with the clock: at most the lease, and a moment.
    std::vector<ClaimedRun> claimed;
    const auto give_up = std::chrono::steady_clock::now() + seconds(20);
    while (claimed.empty() && std::chrono::steady_clock::now() < give_up) {
        claimed = good(store.connections().claim_connection(id_of("other"), id, seconds(60)));
    }
    REQUIRE(claimed.size() == 1);
    CHECK(claimed[0].run_id == dead.run_id);
    CHECK(claimed[0].resumed);
    CHECK(claimed[0].counts == R"({"users":200})");
    CHECK(claimed[0].resume == R"({"users":"cursor-2"})");
    CHECK(claimed[0].fence > dead.fence);

    auto& connections = store.connections();
    CHECK(error_of(connections.renew_lease(lease_of(dead), seconds(60))) == "stale_owner");
    CHECK(error_of(connections.finish_run(tenant, lease_of(dead), dead.run_id, succeeded())) ==
          "stale_owner");
    const auto late = page([&](PageTransaction& page) -> domain::Result<void> {
        good(page.write_records({id, "users"}, std::vector{record("u-1", "ada", "{}")}));
        const auto committed =
            page.commit_documents({"run", dead.run_id, lease_of(dead)},
                                  std::vector{document(domain::EntityKind::account, "a", "{}")});
        return committed ? domain::Result<void>() : std::unexpected(committed.error());
    });
    CHECK(error_of(late) == "stale_owner");
    CHECK(value("SELECT count(*) FROM records WHERE tenant_id = $T") == "0");
    CHECK(value("SELECT commit_no FROM feed_head WHERE tenant_id = $T") == "0");
    must([&](PageTransaction& page) { good(page.check_fence(lease_of(claimed[0]))); });
}

TEST_CASE_FIXTURE(StoreFixture, "a renewed lease is not taken over") {
    const Uuid id = connect("one").id;
    const ClaimedRun claimed = claim(id, seconds(1));
    good(store.connections().renew_lease(lease_of(claimed), seconds(60)));
    CHECK(value("SELECT lease_until > now() + interval '50 seconds' FROM due_queue WHERE tenant_id = $T") ==
          "t");
    expire_lease(*this, id);
    good(store.connections().renew_lease(lease_of(claimed), seconds(60)));  // late, but nobody had taken over
    CHECK(good(store.connections().claim_connection(id_of("other"), id, seconds(60))).empty());
}

TEST_CASE_FIXTURE(StoreFixture,
                  "a claim of all kinds of due connections at once gives each one open run, and forgets a "
                  "row without one") {
    empty_schedule(*this);
    auto& connections = store.connections();
    const auto end = [&](const ClaimedRun& run, const std::string& state) {
        RunOutcome outcome;
        outcome.state = state;
        outcome.next_due_in = std::chrono::milliseconds(0);
        good(connections.finish_run(run.tenant, lease_of(run), run.run_id, outcome));
    };
    const Uuid asked = connect("asked").id;
    const Uuid abandoned = connect("abandoned").id;
    const ClaimedRun dead = claim(abandoned);
    expire_lease(*this, abandoned);
    const Uuid scheduled = connect("scheduled").id;
    end(claim(scheduled), "succeeded");
    const Uuid removed = connect("removed").id;
    good(connections.remove_connection(tenant, removed));
    end(claim(removed), "failed");
    StoreFixture other;
    const Uuid foreign = other.connect("foreign").id;
    const Uuid orphan = id_of("no such connection");
    database.run(
        "INSERT INTO due_queue (connection_id, tenant_id, provider, due_at, priority, fence) VALUES ('" +
        to_text(orphan) + "', '" + to_text(tenant) + "', 'upvest', now() - interval '1 day', 0, 0)");
    const auto fence = [&](const Uuid& id) {
        return std::stoll(value("SELECT fence FROM due_queue WHERE connection_id = '" + to_text(id) + "'"));
    };
    std::map<Uuid, std::int64_t> fences;
    for (const Uuid& id : {asked, abandoned, scheduled, removed, foreign})
        fences.emplace(id, fence(id));

    std::map<Uuid, ClaimedRun> claimed;
    auto batch = good(connections.claim_due(id_of("new owner"), "upvest", 100, seconds(60)));
    REQUIRE(batch.size() == fences.size());
    for (ClaimedRun& run : batch) {
        claimed.emplace(run.connection.id, std::move(run));
    }
    REQUIRE(claimed.size() == fences.size());
    for (const auto& [id, before] : fences) {
        CAPTURE(to_text(id));
        CHECK(claimed.at(id).fence > before);
        CHECK(claimed.at(id).fence == fence(id));
        CHECK(claimed.at(id).tenant == (id == foreign ? other.tenant : tenant));
        CHECK(value("SELECT run_id FROM runs WHERE state = 'running' AND connection_id = '" + to_text(id) +
                    "'") == to_text(claimed.at(id).run_id));
        CHECK(claimed.at(id).resumed == (id == abandoned));
    }
    CHECK(claimed.at(abandoned).run_id == dead.run_id);
    CHECK(claimed.at(asked).run_cause == "first");
    CHECK(claimed.at(abandoned).run_cause == "first");
    CHECK(claimed.at(scheduled).run_cause == "schedule");
    CHECK(claimed.at(removed).run_cause == "connection_removed");
    CHECK(claimed.at(foreign).run_cause == "first");
    CHECK(value("SELECT count(*) FROM runs WHERE tenant_id = $T AND state IN ('queued', 'running')") == "4");
    CHECK(value("SELECT count(*) FROM due_queue WHERE connection_id = '" + to_text(orphan) + "'") == "0");
}

TEST_CASE("claims of several owners at once share the due connections, each to one") {
    StoreFixture fixture(4);
    std::set<Uuid> expected;
    for (int i = 0; i < 60; ++i) {
        expected.insert(fixture.connect("c" + std::to_string(i)).id);
    }
    std::vector<std::vector<ClaimedRun>> claims(4);
    std::vector<std::thread> owners;
    for (std::size_t owner = 0; owner < claims.size(); ++owner) {
        owners.emplace_back([&, owner] {
            for (int round = 0; round < 30; ++round) {
                for (ClaimedRun& run : good(fixture.store.connections().claim_due(
                         id_of(std::to_string(owner)), "upvest", 3, seconds(300)))) {
                    claims[owner].push_back(std::move(run));
                }
            }
        });
    }
    for (std::thread& owner : owners) {
        owner.join();
    }
    std::multiset<Uuid> claimed;
    std::set<Uuid> runs;
    for (const auto& of_owner : claims) {
        for (const ClaimedRun& run : of_owner) {
            if (run.tenant != fixture.tenant) continue;  // left by another test
            claimed.insert(run.connection.id);
            runs.insert(run.run_id);
        }
    }
    CHECK(std::set(claimed.begin(), claimed.end()) == expected);
    CHECK(claimed.size() == expected.size());
    CHECK(runs.size() == expected.size());
}

TEST_CASE_FIXTURE(StoreFixture, "what somebody asked for is claimed before what is due by schedule") {
    const Uuid scheduled = connect("scheduled").id;
    const Uuid asked = connect("asked").id;
    good(store.pool().run({}, [&](postgres::Transaction& tx) {
        tx.exec("UPDATE due_queue SET due_at = NULL WHERE tenant_id <> $1", tenant);
        tx.exec("UPDATE due_queue SET priority = 0, due_at = now() - interval '1 hour' WHERE tenant_id = $1",
                tenant);
    }));
    good(store.connections().request_run(tenant, asked, "manual"));
    auto first = good(store.connections().claim_due(id_of("owner"), "upvest", 1, seconds(60)));
    auto second = good(store.connections().claim_due(id_of("owner"), "upvest", 5, seconds(60)));
    REQUIRE(first.size() == 1);
    REQUIRE(second.size() == 1);
    CHECK(first[0].connection.id == asked);
    CHECK(second[0].connection.id == scheduled);
}

TEST_CASE_FIXTURE(StoreFixture,
                  "a claim with room for more than was asked for fills it with what is due longest") {
    for (const char* name : {"asked 1", "asked 2", "due 1", "due 2", "due 3"}) {
        connect(name);
    }
    good(store.pool().run({}, [&](postgres::Transaction& tx) {
        tx.exec("UPDATE due_queue SET due_at = NULL WHERE tenant_id <> $1", tenant);
        for (int number = 1; number <= 3; ++number) {
            tx.exec(
                "UPDATE due_queue SET priority = 0, due_at = now() - interval '1 day' + $2::bigint * "
                "interval "
                "'1 hour' WHERE connection_id = $1",
                domain::named_uuid(tenant, "due " + std::to_string(number)), number);
        }
    }));
    const auto names = [&](std::size_t limit) {
        std::set<std::string> claimed;
        for (const auto& run :
             good(store.connections().claim_due(id_of("owner"), "upvest", limit, seconds(60)))) {
            claimed.insert(run.connection.name);
        }
        return claimed;
    };
    CHECK(names(3) == std::set<std::string>{"asked 1", "asked 2", "due 1"});
    CHECK(names(1) == std::set<std::string>{"due 2"});
    CHECK(names(9) == std::set<std::string>{"due 3"});
}

TEST_CASE_FIXTURE(StoreFixture, "each provider's connections wait in a line of their own") {
    empty_schedule(*this);
    const Uuid slow = connect("slow", "tdx").id;
    const Uuid other = connect("other", "upvest").id;
    const auto claimed = good(store.connections().claim_due(id_of("owner"), "upvest", 9, seconds(60)));
    REQUIRE(claimed.size() == 1);
    CHECK(claimed[0].connection.id == other);
    CHECK(good(store.connections().next_due("upvest")) > seconds(50));
    CHECK(good(store.connections().next_due("tdx")) == std::chrono::milliseconds(0));
    CHECK_FALSE(good(store.connections().next_due("tastytrade")));
    CHECK(good(store.connections().claim_due(id_of("owner"), "tdx", 9, seconds(60))).at(0).connection.id ==
          slow);
}

TEST_CASE_FIXTURE(StoreFixture, "the wait for the next due connection ends at a due time or a lease's end") {
    empty_schedule(*this);
    CHECK_FALSE(good(store.connections().next_due("upvest")));
    const Uuid id = connect("one").id;
    CHECK(good(store.connections().next_due("upvest")) == std::chrono::milliseconds(0));
    const ClaimedRun claimed = claim(id, seconds(100));
    const auto lease_end = good(store.connections().next_due("upvest"));
    CHECK(lease_end > seconds(50));
    CHECK(lease_end <= seconds(100));
    RunOutcome outcome = succeeded();
    outcome.next_due_in = seconds(1000);
    good(store.connections().finish_run(tenant, lease_of(claimed), claimed.run_id, outcome));
    const auto due = good(store.connections().next_due("upvest"));
    CHECK(due > seconds(900));
    CHECK(due <= seconds(1000));
}
