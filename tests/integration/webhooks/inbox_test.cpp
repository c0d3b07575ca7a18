#include <doctest/doctest.h>

#include "inbox_fixture.hpp"

using namespace tributary;
using namespace tributary::tests;
using namespace std::chrono_literals;

namespace {

std::string updated(const std::string& event, int version, const std::string& group = "g") {
    return event_of(event, "ACCOUNT_GROUP.UPDATED", group_object(group, version));
}

}  // namespace

TEST_CASE_FIXTURE(InboxFixture, "an event is stored once, however often it comes") {
    CHECK(deliver({updated("e1", 1), updated("e2", 2)}).stored == 2);
    const auto again = deliver({updated("e1", 1), updated("e2", 2), updated("e2", 2), updated("e3", 3)});
    CHECK(again.stored == 1);
    CHECK(again.repeated == 3);
    CHECK(again.contradicted == 0);
    CHECK(inbox().waiting == 3);
}

TEST_CASE_FIXTURE(InboxFixture, "an event that comes again with another content is kept aside as poison") {
    deliver({updated("e1", 1)});
    const auto other = deliver({updated("e1", 9)});
    CHECK(other.stored == 0);
    CHECK(other.contradicted == 1);
    CHECK(deliver({updated("e1", 9)}).contradicted == 0);
    apply();
    CHECK(version_of("g") == 1);
    const auto view = inbox();
    CHECK(view.poison == 1);
    REQUIRE(view.poisoned.size() == 1);
    CHECK(view.poisoned.front().event_id.starts_with("e1#"));
    CHECK(view.poisoned.front().reason.find("another content") != std::string::npos);
}

TEST_CASE_FIXTURE(InboxFixture, "unknown and poisonous events cost nothing but themselves") {
    deliver({"17", R"({"type":"USER.CREATED"})", event_of("o", "ORDER.EXECUTED", "{}"),
             event_of("p", "ACCOUNT_GROUP.CREATED", "null"), updated("e1", 1)});
    apply();
    CHECK(version_of("g") == 1);
    CHECK(state_of("o") == "ignored");
    CHECK(state_of("p") == "poison");
    const auto view = inbox();
    CHECK(view.waiting == 0);
    CHECK(view.applied == 1);
    CHECK(view.ignored == 1);
    CHECK(view.poison == 3);
    CHECK(view.last_received_at);
    CHECK_FALSE(view.oldest_waiting_at);
}

TEST_CASE_FIXTURE(InboxFixture, "the payload of an event that is done with is not kept") {
    deliver({updated("e1", 1), event_of("o", "ORDER.EXECUTED", R"({"name":"Ada"})"),
             event_of("p", "USER.CREATED", "1")});
    apply();
    const auto payload = [this](const std::string& event) {
        return value("SELECT payload FROM webhook_events WHERE tenant_id = $T AND event_id = '" + event +
                     "'");
    };
    CHECK(payload("e1") == "null");
    CHECK(payload("o") == "null");
    CHECK(payload("p").find("USER.CREATED") != std::string::npos);
}

TEST_CASE_FIXTURE(InboxFixture, "settled events go after their retention, waiting ones stay") {
    deliver({updated("e1", 1)});
    apply();
    deliver({updated("e2", 2)});
    good(store.webhooks().drop_settled_events(7 * 24h));
    CHECK(state_of("e1") == "applied");
    good(store.pool().run({tenant}, [this](postgres::Transaction& tx) {
        tx.exec(
            "UPDATE webhook_events SET settled_at = settled_at - interval '8 days', "
            "received_at = received_at - interval '8 days' WHERE tenant_id = $1 AND settled_at IS NOT NULL",
            tenant);
    }));
    CHECK(good(store.webhooks().drop_settled_events(7 * 24h)) >= 1);
    CHECK(state_of("e1").empty());
    CHECK(state_of("e2") == "waiting");
    // A forgotten event is harmless: what is stored is as new.
    CHECK(deliver({updated("e1", 1)}).stored == 1);
    apply();
    CHECK(state_of("e1") == "stale");
    CHECK(version_of("g") == 2);
}

TEST_CASE_FIXTURE(InboxFixture, "the events of another tenant's connection are behind the wall") {
    deliver({updated("e1", 1)});
    InboxFixture other;
    CHECK(error_of(other.store.webhooks().inbox(other.tenant, connection)) == "not_found");
    CHECK(good(other.store.webhooks().waiting_events(other.tenant, connection, 10)).empty());
    CHECK(error_of(other.store.webhooks().receive_events(other.tenant, connection,
                                                         {{.id = "x",
                                                           .content_hash = "",
                                                           .type = "",
                                                           .stream = "",
                                                           .object_id = "",
                                                           .happened_at = {},
                                                           .created_at = {},
                                                           .reason = "",
                                                           .payload = "null"}})) != "none");
}

TEST_CASE_FIXTURE(InboxFixture, "a connection that goes takes its events along") {
    deliver({updated("e1", 1)});
    good(store.connections().remove_connection(tenant, connection));
    CHECK(error_of(store.webhooks().webhook_target(connection)) == "not_found");
    CHECK(apply() == 0);
    CHECK(state_of("e1") == "waiting");
    const auto run = claim(connection);
    good(store.connections().forget_connection(tenant, {connection, run.fence}));
    CHECK(value("SELECT count(*) FROM webhook_events WHERE tenant_id = $T") == "0");
    CHECK(value("SELECT count(*) FROM webhook_queue WHERE tenant_id = $T") == "0");
}
