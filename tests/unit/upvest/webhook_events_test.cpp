#include <doctest/doctest.h>

#include "adapters/upvest/decode.hpp"
#include "adapters/upvest/webhook_receiver.hpp"
#include "domain/json/write.hpp"
#include "tests/unit/upvest/fixtures.hpp"

using namespace tributary;
using namespace tributary::upvest;
using domain::ports::WebhookEvent;
using Meaning = domain::ports::WebhookEvent::Meaning;

namespace {

std::string bundle_of(const std::vector<std::string>& events) {
    std::string text;
    for (const std::string& event : events) {
        text += (text.empty() ? "" : ",") + event;
    }
    return R"({"payload":[)" + text + "]}";
}

std::string created_event() {
    return json::write(tests::fixture("account_group_created_event"));
}

std::string event_text(const std::string& id, const std::string& type, const std::string& object) {
    return R"({"id":")" + id + R"(","created_at":"2026-01-01T00:00:00Z","type":")" + type + R"(","object":)" +
           object + "}";
}

WebhookEvent only(const std::string& event) {
    const auto events = UpvestWebhooks().events(bundle_of({event}));
    REQUIRE(events.size() == 1);
    return events.front();
}

}  // namespace

TEST_CASE("the documented event is a snapshot of its account group") {
    const WebhookEvent event = only(created_event());
    CHECK(event.meaning == Meaning::snapshot);
    CHECK(event.id == "72da9e41-9926-419f-976e-4c8069a04249");
    CHECK(event.type == "ACCOUNT_GROUP.CREATED");
    CHECK(event.stream == "account_groups");
    CHECK(event.object_id == "9d95820d-4333-46b6-98de-04ab7512e76f");
    CHECK(event.subscription == "9df39835-be87-4243-9018-f2500b39cee6");
    CHECK(event.object_updated_at == domain::parse_timestamp("2020-08-24T14:15:22Z"));
    CHECK(event.created_at == domain::parse_timestamp("2021-07-21T14:10:00Z"));
}

TEST_CASE("an event's object becomes what a page of the list would make of it") {
    const json::Value group = tests::fixture("account_group");
    const auto snapshot = UpvestWebhooks().snapshot(
        "account_groups", event_text("e", "ACCOUNT_GROUP.UPDATED", json::write(group)));
    REQUIRE(snapshot);
    domain::Page page;
    decode_item(domain::EntityKind::account_group, group, page);
    REQUIRE(snapshot->page.observations.size() == 1);
    const domain::Observation& seen = snapshot->page.observations.front();
    const domain::Observation& listed = page.observations.front();
    CHECK(seen.provider_id == listed.provider_id);
    CHECK(seen.raw == listed.raw);
    CHECK(seen.access == listed.access);
    CHECK(seen.source_updated_at == listed.source_updated_at);
    CHECK(snapshot->fullness == 0);
}

TEST_CASE("an object that lacks a promised member is not committed: it would take away what a page gave") {
    const auto snapshot = UpvestWebhooks().snapshot(
        "account_groups",
        event_text(
            "e", "ACCOUNT_GROUP.CLOSED",
            R"({"id":"g","created_at":"2026-01-01T00:00:00Z","updated_at":"2026-01-01T00:00:00Z","type":"PERSONAL",)"
            R"("securities_account_number":"1","users":[]})"));
    REQUIRE_FALSE(snapshot);
    CHECK(snapshot.error().code == domain::Errc::contract);
}

TEST_CASE("events of each kind that we keep find their stream, whatever happened") {
    const std::string object = R"({"id":"o","updated_at":"2026-01-01T00:00:00Z"})";
    for (const auto& [type, stream] : {std::pair{"USER.DATA_CHANGED", "users"},
                                       {"ACCOUNT.LOCKED", "accounts"},
                                       {"ACCOUNT_GROUP.SOMETHING_NEW", "account_groups"}}) {
        CAPTURE(type);
        const WebhookEvent event = only(event_text("e", type, object));
        CHECK(event.meaning == Meaning::snapshot);
        CHECK(event.stream == stream);
    }
}

TEST_CASE("an unknown kind of event is left alone, not refused") {
    for (const char* type :
         {"ORDER.EXECUTED", "ROLE.ACTIVATED", "SOMETHING", "ACCOUNT_GROUPS.CREATED", ".CREATED"}) {
        CAPTURE(type);
        const WebhookEvent event = only(event_text("e", type, "null"));
        CHECK(event.meaning == Meaning::foreign);
        CHECK(event.stream.empty());
    }
}

TEST_CASE("a removal and an object without update time are hints, never the last word") {
    const std::string object = R"({"id":"o","updated_at":"2026-01-01T00:00:00Z"})";
    CHECK(only(event_text("e", "USER.DELETED", object)).meaning == Meaning::hint);
    CHECK(only(event_text("e", "USER.ACTIVATED", R"({"id":"o"})")).meaning == Meaning::hint);
    CHECK(only(event_text("e", "USER.ACTIVATED", R"({"id":"o","updated_at":"yesterday"})")).meaning ==
          Meaning::hint);
    CHECK(only(event_text("e", "ACCOUNT_GROUP.CLOSED", object)).meaning == Meaning::snapshot);
}

TEST_CASE("poison costs itself, never its bundle") {
    const auto events = UpvestWebhooks().events(bundle_of(
        {"1", "null", R"("text")", R"({"type":"USER.CREATED"})", R"({"id":"","type":"USER.CREATED"})",
         R"({"id":"a b","type":"USER.CREATED"})", R"({"id":"e1"})", event_text("e2", "USER.CREATED", "3"),
         event_text("e3", "USER.CREATED", R"({"name":"Ada"})"),
         event_text("e4", "USER.CREATED", R"({"id":"\u0000","updated_at":"2026-01-01T00:00:00Z"})"),
         created_event()}));
    REQUIRE(events.size() == 11);
    for (std::size_t i = 0; i < 10; ++i) {
        CAPTURE(i);
        CHECK(events[i].meaning == Meaning::poison);
        CHECK_FALSE(events[i].reason.empty());
        CHECK(events[i].reason.find("Ada") == std::string::npos);
        CHECK(events[i].payload.find('\0') == std::string::npos);
    }
    CHECK(events.back().meaning == Meaning::snapshot);
}

TEST_CASE("a delivery that holds no events is authentic all the same") {
    CHECK(UpvestWebhooks().events("").empty());
    CHECK(UpvestWebhooks().events(R"({"payload":[]})").empty());
    for (const char* body : {"{}", "[]", "null", "\xff\xfe", R"({"payload":{}})", R"({"payload":[)"}) {
        CAPTURE(body);
        const auto events = UpvestWebhooks().events(body);
        REQUIRE(events.size() == 1);
        CHECK(events.front().meaning == Meaning::poison);
        CHECK(events.front().id.empty());
    }
}
