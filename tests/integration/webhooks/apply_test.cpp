#include <doctest/doctest.h>
#include <spdlog/logger.h>

#include <stdexcept>

#include "inbox_fixture.hpp"

using namespace tributary;
using namespace tributary::tests;
using namespace std::chrono_literals;

namespace {

std::string updated(const std::string& event, int version, const std::string& group = "g") {
    return event_of(event, "ACCOUNT_GROUP.UPDATED", group_object(group, version));
}

}  // namespace

TEST_CASE_FIXTURE(InboxFixture, "an unordered bundle is applied in the order of the objects' own times") {
    deliver({updated("e3", 3), updated("e1", 1), updated("e2", 2), updated("f1", 7, "h")});
    CHECK(apply() == 1);
    CHECK(version_of("g") == 3);
    CHECK(version_of("h") == 7);
    CHECK(state_of("e3") == "applied");
    CHECK(state_of("e1") == "stale");
    CHECK(state_of("e2") == "stale");
    CHECK(value("SELECT count(*) FROM commits WHERE tenant_id = $T AND cause = 'webhook'") == "1");
}

TEST_CASE_FIXTURE(InboxFixture, "repeated and replayed events have no second effect") {
    deliver({updated("e1", 1)});
    apply();
    const std::string before = value("SELECT commit_no FROM feed_head WHERE tenant_id = $T");
    deliver({updated("e1", 1), updated("again", 1)});
    apply();
    CHECK(value("SELECT commit_no FROM feed_head WHERE tenant_id = $T") == before);
    CHECK(state_of("again") == "stale");
}

TEST_CASE_FIXTURE(InboxFixture,
                  "a late event never overwrites a newer poll, not even one of the same moment") {
    poll({group_object("g", 5)});
    deliver({updated("e4", 4),
             event_of("e5", "ACCOUNT_GROUP.LOCKED",
                      group_object("g", 5).replace(group_object("g", 5).find("ACTIVE"), 6, "LOCKED"))});
    apply();
    CHECK(version_of("g") == 5);
    CHECK(state_of("e4") == "stale");
    CHECK(state_of("e5") == "hint");
    CHECK(value("SELECT normalized FROM records WHERE tenant_id = $T").find("LOCKED") == std::string::npos);
    deliver({updated("e6", 6)});
    apply();
    CHECK(version_of("g") == 6);
    poll({group_object("g", 5)});
    CHECK(version_of("g") == 6);
}

TEST_CASE_FIXTURE(InboxFixture, "events whose applying ends by an exception wait, and the applier goes on") {
    deliver({updated("e1", 1)});
    webhooks::Applier broken(io.get_executor(),
                             webhooks::ApplyTools{store.webhooks(), store.pages(), sealer, providers,
                                                  []() -> domain::Uuid { throw std::runtime_error("a bug"); },
                                                  std::make_shared<spdlog::logger>("test")},
                             clock, {.owner = id_of("broken")});
    const auto applied = run_task(broken.apply_one());
    REQUIRE_FALSE(applied.has_value());
    CHECK(applied.error().code == domain::Errc::internal);
    CHECK(state_of("e1") == "waiting");
    // The lease is given back, so runs of the connection are not held up.
    CHECK(value("SELECT count(*) FROM due_queue WHERE tenant_id = $T AND lease_owner IS NOT NULL") == "0");
    // Other connections come first for a while.
    CHECK(apply() == 0);
    CHECK(value("SELECT count(*) FROM webhook_queue WHERE tenant_id = $T AND next_at > now()") == "1");
}

TEST_CASE_FIXTURE(InboxFixture, "events wait while a run is under way, and the run keeps its lease") {
    const auto run = begin_poll();
    good(commit_poll(run, {group_object("g", 1)}));
    deliver({updated("e2", 2)});
    CHECK(apply() == 0);
    CHECK(state_of("e2") == "waiting");
    good(commit_poll(run, {group_object("g", 1), group_object("h", 1)}));
    end_poll(run);
    CHECK(apply() == 1);
    CHECK(version_of("g") == 2);
    CHECK(value("SELECT lease_owner IS NULL FROM due_queue WHERE tenant_id = $T") == "t");
}

TEST_CASE_FIXTURE(InboxFixture, "an owner that lost its lease settles and commits nothing") {
    deliver({updated("e1", 1)});
    const auto claimed = good(store.webhooks().claim_inbox(id_of("slow"), 30s));
    REQUIRE(claimed);
    good(store.pool().run({}, [this](postgres::Transaction& tx) {
        tx.exec("UPDATE due_queue SET lease_until = now() - interval '1 second' WHERE connection_id = $1",
                connection);
    }));
    const auto run = claim(connection);
    const webhooks::ApplyTools tools{store.webhooks(),
                                     store.pages(),
                                     sealer,
                                     providers,
                                     [] { return id_of("a"); },
                                     std::make_shared<spdlog::logger>("test")};
    CHECK(error_of(webhooks::apply_events(tools, *claimed)) == "stale_owner");
    CHECK(error_of(store.webhooks().release_inbox(tenant, claimed->lease, 0s)) == "stale_owner");
    CHECK(state_of("e1") == "waiting");
    CHECK(version_of("g") == -1);
    end_poll(run);
    apply();
    CHECK(version_of("g") == 1);
}

TEST_CASE_FIXTURE(InboxFixture,
                  "events of a process that died between storing and applying are applied by another") {
    deliver({updated("e1", 1), updated("e2", 2)});
    // It died with the lease in its hands.
    REQUIRE(good(store.webhooks().claim_inbox(id_of("dead"), 1s)));
    CHECK(apply() == 0);
    good(store.pool().run({}, [this](postgres::Transaction& tx) {
        tx.exec("UPDATE due_queue SET lease_until = now() - interval '1 second' WHERE connection_id = $1",
                connection);
    }));
    CHECK(apply() == 1);
    CHECK(version_of("g") == 2);
    CHECK(inbox().waiting == 0);
}

TEST_CASE_FIXTURE(InboxFixture, "events that come while others are applied are not forgotten") {
    deliver({updated("e1", 1)});
    const auto claimed = good(store.webhooks().claim_inbox(id_of("slow"), 30s));
    REQUIRE(claimed);
    deliver({updated("e2", 2)});
    good(store.webhooks().release_inbox(tenant, claimed->lease, 0s));
    CHECK(apply() == 1);
    CHECK(version_of("g") == 2);
    CHECK(value("SELECT count(*) FROM webhook_queue WHERE tenant_id = $T") == "0");
}

TEST_CASE_FIXTURE(InboxFixture, "a bundle larger than one batch is applied whole") {
    std::vector<std::string> events;
    for (int i = 0; i < 450; ++i) {
        events.push_back(updated("e" + std::to_string(i), i + 1, "g" + std::to_string(i)));
    }
    deliver(events);
    CHECK(apply() == 3);
    CHECK(inbox().applied == 450);
    CHECK(value("SELECT count(*) FROM records WHERE tenant_id = $T AND removed_at IS NULL") == "450");
}

TEST_CASE_FIXTURE(InboxFixture, "a paused connection's events wait until it is resumed") {
    poll({group_object("g", 1)});
    good(store.connections().pause_connection(tenant, connection, true));
    deliver({updated("e2", 2)});
    CHECK(apply() == 0);
    CHECK(version_of("g") == 1);
    CHECK(value("SELECT due_at IS NULL AND lease_owner IS NULL FROM due_queue WHERE tenant_id = $T") == "t");
    good(store.connections().pause_connection(tenant, connection, false));
    good(store.pool().run(
        {}, [](postgres::Transaction& tx) { tx.exec("UPDATE webhook_queue SET next_at = now()"); }));
    CHECK(apply() == 1);
    CHECK(version_of("g") == 2);
}

TEST_CASE_FIXTURE(InboxFixture,
                  "closing is a status, and a removal is a hint that brings the next run forward") {
    const auto due_in_seconds = [this] {
        return std::stod(
            value("SELECT extract(epoch FROM due_at - now()) FROM due_queue WHERE tenant_id = $T"));
    };
    poll({group_object("g", 1)});
    CHECK(due_in_seconds() > 200);
    std::string closed = group_object("g", 2);
    closed.replace(closed.find("ACTIVE"), 6, "CLOSED");
    deliver({event_of("c", "ACCOUNT_GROUP.CLOSED", closed)});
    apply();
    CHECK(state_of("c") == "applied");
    CHECK(version_of("g") == 2);
    CHECK(due_in_seconds() > 200);
    deliver({event_of("d", "ACCOUNT_GROUP.DELETED", group_object("g", 3))});
    apply();
    CHECK(state_of("d") == "hint");
    CHECK(version_of("g") == 2);
    CHECK(due_in_seconds() < 61);
    CHECK(inbox().hints == 1);
}

TEST_CASE_FIXTURE(InboxFixture, "an object that was removed does not come back by an event") {
    poll({group_object("g", 1)});
    good(store.pool().run({tenant}, [this](postgres::Transaction& tx) {
        tx.exec("UPDATE records SET removed_at = now(), normalized = NULL WHERE tenant_id = $1", tenant);
    }));
    deliver({updated("e2", 2)});
    apply();
    CHECK(state_of("e2") == "hint");
    CHECK(version_of("g") == -1);
}

TEST_CASE_FIXTURE(InboxFixture, "an event whose object is not whole changes nothing and asks for a run") {
    poll({group_object("g", 1)});
    deliver({event_of("part", "ACCOUNT_GROUP.UPDATED",
                      R"({"id":"g","updated_at":"2027-01-01T00:00:00Z","status":"LOCKED"})")});
    apply();
    CHECK(state_of("part") == "hint");
    CHECK(version_of("g") == 1);
}

TEST_CASE_FIXTURE(InboxFixture,
                  "an event that cannot be stored is set aside, and the others of its bundle are applied") {
    const auto account = [](const std::string& id, const std::string& group) {
        return R"({"id":")" + id +
               R"(","created_at":"2026-01-01T00:00:00Z","updated_at":"2026-01-01T00:00:00Z",)" +
               R"("type":"TRADING","status":"ACTIVE","account_number":1,"users":[],"account_group_id":")" +
               group + R"("})";
    };
    // No key of the store holds U+0000.
    deliver({event_of("bad", "ACCOUNT.UPDATED", account("a", "\\u0000")),
             event_of("good", "ACCOUNT.UPDATED", account("b", "g"))});
    apply();
    CHECK(state_of("good") == "applied");
    CHECK(state_of("bad") == "poison");
    CHECK(inbox().waiting == 0);
}
