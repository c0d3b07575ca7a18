#include "services/api/freshness.hpp"

#include <doctest/doctest.h>

#include "domain/json/write.hpp"

using namespace tributary;
using domain::Timestamp;
using domain::ports::Freshness;
using domain::ports::StreamRef;

namespace {

const domain::Uuid first = domain::named_uuid({}, "first");
const domain::Uuid second = domain::named_uuid({}, "second");

std::optional<Timestamp> at(const char* minute) {
    return domain::parse_timestamp(std::string("2026-01-02T12:") + minute + ":00Z");
}

Freshness fresh(const domain::Uuid& connection, std::string stream, std::optional<Timestamp> fetched,
                std::optional<Timestamp> verified, std::string status = "active", std::string reason = "",
                std::string next_step = "") {
    return {{connection, std::move(stream)},
            "tdx",
            fetched,
            verified,
            std::nullopt,
            std::move(status),
            std::move(reason),
            std::move(next_step)};
}

json::Value member(const json::Object& object, std::string_view key) {
    const json::Value* value = json::find(object, key);
    return value == nullptr ? json::Value("missing") : *value;
}

}  // namespace

TEST_CASE("the oldest source speaks for the whole, each time by itself") {
    const std::vector<Freshness> all{fresh(first, "users", at("10"), at("05")),
                                     fresh(second, "me", at("08"), at("07"))};
    const json::Object told =
        api::freshness_of(std::vector<StreamRef>{{first, "users"}, {second, "me"}}, all);
    CHECK(member(told, "fetched_at") == json::Value("2026-01-02T12:08:00Z"));
    CHECK(member(told, "verified_complete_at") == json::Value("2026-01-02T12:05:00Z"));
}

TEST_CASE("one source that was never fetched makes the whole never fetched") {
    for (const bool never_first : {true, false}) {
        std::vector<StreamRef> sources{{first, "users"}, {second, "me"}};
        if (never_first) {
            std::swap(sources[0], sources[1]);
        }
        const std::vector<Freshness> all{fresh(first, "users", at("10"), at("05")),
                                         fresh(second, "me", std::nullopt, std::nullopt)};
        const json::Object told = api::freshness_of(sources, all);
        CHECK(member(told, "fetched_at") == json::Value("missing"));
        CHECK(member(told, "verified_complete_at") == json::Value("missing"));
        CHECK(member(told, "sources").if_array()->size() == 2);
    }
}

TEST_CASE("a source is told with its connection, provider, stream, health and times") {
    Freshness source = fresh(first, "users", at("10"), std::nullopt, "degraded", "Late.");
    source.next_due_at = at("20");
    const json::Object told =
        api::freshness_of(std::vector<StreamRef>{{first, "users"}}, std::vector{source});
    CHECK(
        json::write(member(told, "sources")) ==
        R"([{"connection_id":")" + to_text(first) +
            R"(","provider":"tdx","stream":"users","status":"degraded","fetched_at":"2026-01-02T12:10:00Z",)"
            R"("next_due_at":"2026-01-02T12:20:00Z"}])");
}

TEST_CASE("a source whose connection is gone is not told, and a document without sources has no times") {
    const std::vector<Freshness> all{fresh(first, "users", at("10"), at("05"))};
    CHECK(json::write(api::freshness_of(std::vector<StreamRef>{{second, "me"}}, all)) == R"({"sources":[]})");
    CHECK(json::write(api::freshness_of({}, all)) == R"({"sources":[]})");
    const json::Object told =
        api::freshness_of(std::vector<StreamRef>{{second, "me"}, {first, "users"}}, all);
    CHECK(member(told, "fetched_at") == json::Value("2026-01-02T12:10:00Z"));
}

TEST_CASE("what a list may be missing names each connection in trouble or never proved once, and no other") {
    const std::vector<Freshness> all{
        fresh(first, "users", at("10"), at("05"), "reauth_required", "Enter new credentials."),
        fresh(first, "sub_accounts", at("09"), at("05"), "reauth_required", "Enter new credentials."),
        fresh(second, "me", at("10"), at("05"), "active"),
        fresh(domain::named_uuid({}, "third"), "", std::nullopt, std::nullopt, "pending"),
    };
    CHECK(
        json::write(api::missing_sources(all)) ==
        R"([{"connection_id":")" + to_text(first) +
            R"(","provider":"tdx","code":"reauth_required","reason":"Enter new credentials.",)"
            R"("fetched_at":"2026-01-02T12:10:00Z"},{"connection_id":")" +
            to_text(domain::named_uuid({}, "third")) +
            R"(","provider":"tdx","code":"pending","reason":"No run has proved yet that all of it is here; )"
            R"(what it holds may be missing."}])");
    for (const char* status : {"degraded", "paused", "removing", "other"}) {
        CHECK(api::missing_sources(std::vector{fresh(first, "users", at("10"), at("05"), status)}).size() ==
              1);
    }
}

TEST_CASE("the newest change of all sources speaks for the whole, and sources without one say nothing") {
    std::vector<Freshness> all{fresh(first, "users", at("10"), at("05")),
                               fresh(second, "me", at("08"), at("07")),
                               fresh(second, "users", at("09"), at("07"))};
    all[0].changed_at = at("01");
    all[1].changed_at = at("03");
    const json::Object told =
        api::freshness_of(std::vector<StreamRef>{{first, "users"}, {second, "me"}, {second, "users"}}, all);
    CHECK(member(told, "changed_at") == json::Value("2026-01-02T12:03:00Z"));
    const json::Value listed = member(told, "sources");
    const json::Array& sources = *listed.if_array();
    CHECK(member(*sources[0].if_object(), "changed_at") == json::Value("2026-01-02T12:01:00Z"));
    CHECK(member(*sources[2].if_object(), "changed_at") == json::Value("missing"));
    CHECK(member(api::freshness_of(std::vector<StreamRef>{{second, "users"}}, all), "changed_at") ==
          json::Value("missing"));
}

TEST_CASE("an object's source that was fetched but not proved is no trouble, one that no run has ended is") {
    const std::vector<Freshness> all{fresh(first, "users", at("10"), std::nullopt),
                                     fresh(second, "me", at("08"), at("07"))};
    CHECK(api::missing_sources(all).size() == 1);
    CHECK(api::missing_sources_of(std::vector<StreamRef>{{first, "users"}}, all).empty());
    const auto unread = api::missing_sources_of(std::vector<StreamRef>{{first, "accounts"}}, all);
    REQUIRE(unread.size() == 1);
    CHECK(member(*unread[0].if_object(), "code") == json::Value("pending"));
}

TEST_CASE("an object names the trouble of its own sources alone") {
    const std::vector<Freshness> all{fresh(first, "users", at("10"), at("05"), "degraded", "Late."),
                                     fresh(second, "me", at("08"), at("07"), "disabled", "refused")};
    const json::Array missing = api::missing_sources_of(std::vector<StreamRef>{{second, "me"}}, all);
    REQUIRE(missing.size() == 1);
    CHECK(member(*missing[0].if_object(), "code") == json::Value("disabled"));
    CHECK(api::missing_sources_of({}, all).empty());
}

TEST_CASE(
    "a connection that waits for a decision on removals is not missing, one that needs its operator is") {
    const std::vector<Freshness> all{
        fresh(first, "users", at("10"), at("05"), "held", "much is missing"),
        fresh(second, "me", at("08"), at("07"), "disabled", "refused", "repair it")};
    const json::Array missing = api::missing_sources(all);
    REQUIRE(missing.size() == 1);
    CHECK(member(*missing[0].if_object(), "code") == json::Value("disabled"));
    CHECK(member(*missing[0].if_object(), "next_step") == json::Value("repair it"));
}

TEST_CASE("freshness as text says what its tree says, whatever is known of the sources") {
    Freshness whole = fresh(first, "users", at("10"), at("05"), "action_required", "a \"reason\"", "act");
    whole.changed_at = at("01");
    whole.next_due_at = at("30");
    whole.provider = "quoted \"provider\"";
    const std::vector<Freshness> all{whole, fresh(first, "me", at("11"), std::nullopt),
                                     fresh(second, "", std::nullopt, std::nullopt, "pending")};
    const std::vector<std::vector<StreamRef>> cases{
        {},
        {{first, "users"}},
        {{first, "users"}, {first, "me"}},
        {{first, "unread"}, {second, "tab\there"}},
        {{domain::named_uuid({}, "gone"), "users"}, {first, "me"}},
        {{domain::named_uuid({}, "gone"), "users"}},
    };
    for (const auto& sources : cases) {
        CHECK(api::freshness_text(sources, all) == json::write(api::freshness_of(sources, all)));
    }
}

TEST_CASE("a whole was proved complete when the oldest of its sources was, and never where one never was") {
    const std::vector<Freshness> all{fresh(first, "users", at("10"), at("05")),
                                     fresh(second, "me", at("08"), at("07")),
                                     fresh(second, "you", at("08"), std::nullopt)};
    CHECK(api::verified_of(std::vector<StreamRef>{{second, "me"}, {first, "users"}}, all) == at("05"));
    CHECK_FALSE(api::verified_of(std::vector<StreamRef>{{first, "users"}, {second, "you"}}, all));
    CHECK_FALSE(api::verified_of(std::vector<StreamRef>{{first, "users"}, {second, "unread"}}, all));
    CHECK_FALSE(api::verified_of({}, all));
}
