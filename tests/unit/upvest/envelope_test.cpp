#include <doctest/doctest.h>

#include <algorithm>

#include "adapters/upvest/decode.hpp"
#include "domain/json/write.hpp"
#include "tests/unit/upvest/fixtures.hpp"

using namespace tributary;
using domain::DriftKind;
using domain::DriftNote;
using domain::EntityKind;
using domain::Errc;
using domain::Page;

namespace {

domain::Result<Page> groups(std::string_view body) {
    return upvest::decode_list(EntityKind::account_group, body);
}

bool noted(const Page& page, DriftKind kind, std::string_view path) {
    return std::ranges::any_of(page.drift,
                               [&](const DriftNote& note) { return note.kind == kind && note.path == path; });
}

}  // namespace

TEST_CASE("the documented list is decoded without drift, and its total and keys are the envelope's") {
    for (const auto* name : {"account_groups", "user_account_groups"}) {
        CAPTURE(name);
        const auto page = groups(tests::fixture_text(name));
        REQUIRE(page);
        CHECK(page->total == 1);
        CHECK(page->item_keys == std::vector<std::string>{"9d95820d-4333-46b6-98de-04ab7512e76f"});
        CHECK(page->observations.size() == 1);
        CHECK(page->drift.empty());
        CHECK_FALSE(page->next_cursor.has_value());
    }
}

TEST_CASE("sort and order of the meta decide nothing, whatever they say") {
    const auto page = groups(
        R"({"meta":{"offset":0,"limit":100,"count":0,"total_count":9,"sort":1,"order":[]},"data":[]})");
    REQUIRE(page);
    CHECK(page->total == 9);
    CHECK(page->drift.empty());
}

TEST_CASE("an envelope without data or without a usable total is a contract error, never an empty page") {
    for (const auto* body :
         {"", "[]", "null", "{}", R"({"data":[]})", R"({"meta":{"total_count":0}})",
          R"({"meta":{},"data":[]})", R"({"meta":{"total_count":null},"data":[]})",
          R"({"meta":{"total_count":-1},"data":[]})", R"({"meta":{"total_count":"many"},"data":[]})",
          R"({"meta":{"total_count":0},"data":null})", R"({"meta":{"total_count":0},"data":{}})",
          R"({"meta":[],"data":[]})", R"({"meta":{"total_count":0},"data":[)"}) {
        CAPTURE(body);
        const auto page = groups(body);
        REQUIRE_FALSE(page);
        CHECK(page.error().code == Errc::contract);
    }
}

TEST_CASE("a total sent as text is taken and noted") {
    const auto page = groups(R"({"meta":{"offset":0,"limit":1,"count":0,"total_count":"12"},"data":[]})");
    REQUIRE(page);
    CHECK(page->total == 12);
    CHECK(noted(*page, DriftKind::changed_type, "meta.total_count"));
}

TEST_CASE("a count that disagrees with the items, and members nobody knows, are noted and cost nothing") {
    const auto page = groups(
        R"({"meta":{"offset":0,"limit":1,"count":2,"total_count":2,"cursor":"x"},"data":[],"links":{}})");
    REQUIRE(page);
    CHECK(noted(*page, DriftKind::other, "meta.count"));
    CHECK(noted(*page, DriftKind::new_field, "meta.cursor"));
    CHECK(noted(*page, DriftKind::new_field, "links"));
}

TEST_CASE(
    "items without a usable id are quarantined, keep their place among the keys and leave the others alone") {
    const auto page = groups(R"({"meta":{"offset":0,"limit":9,"count":8,"total_count":8},"data":[
        {"id":"a"}, {"type":"PERSONAL"}, {"id":""}, {"id":null}, "text", {"id":"tab\tin id"}, {"id":-1.5e3}, {"id":"b"}]})");
    REQUIRE(page);
    REQUIRE(page->observations.size() == 2);
    CHECK(page->observations[1].provider_id == "b");
    CHECK(page->quarantined.size() == 6);
    CHECK(page->total == 8);
    REQUIRE(page->item_keys.size() == 8);
    CHECK(page->item_keys.front() == "a");
    CHECK(page->item_keys.back() == "b");
    CHECK(page->item_keys[1] != page->item_keys[2]);
    CHECK(json::write(page->quarantined[0].raw) == R"({"type":"PERSONAL"})");
    CHECK(noted(*page, DriftKind::missing_key, "id"));
}

TEST_CASE("the same unusable item has the same key in every page") {
    const auto key_of = [](std::string_view item) {
        const auto page = groups(R"({"meta":{"total_count":1},"data":[)" + std::string(item) + "]}");
        return page->item_keys.at(0);
    };
    CHECK(key_of(R"({"type": "PERSONAL"})") == key_of(R"({"type":"PERSONAL"})"));
    CHECK(key_of(R"({"type":"PERSONAL"})") != key_of(R"({"type":"JOINT"})"));
}

TEST_CASE("a key that appears twice is noted by its path inside the object") {
    const auto page = groups(R"({"meta":{"offset":0,"limit":1,"count":1,"total_count":1},
        "data":[{"id":"a","status":"ACTIVE","status":"CLOSED","users":[{"id":"u","id":"v"}]}]})");
    REQUIRE(page);
    CHECK(noted(*page, DriftKind::duplicate_key, "status"));
    CHECK(noted(*page, DriftKind::duplicate_key, "users[].id"));
}

TEST_CASE("a page of a thousand items is decoded whole and in order") {
    std::string body = R"({"meta":{"offset":0,"limit":1000,"count":1000,"total_count":100000},"data":[)";
    for (int i = 0; i < 1000; ++i) {
        body +=
            (i == 0 ? "" : ",") + std::string(R"({"id":"group-)") + std::to_string(i) +
            R"(","created_at":"2020-08-24T14:15:22Z","updated_at":"2020-08-24T14:15:22Z","type":"PERSONAL",)"
            R"("status":"ACTIVE","users":[{"id":"u","type":"OWNER"}],"securities_account_number":"123456789"})";
    }
    const auto page = groups(body + "]}");
    REQUIRE(page);
    CHECK(page->observations.size() == 1000);
    CHECK(page->item_keys.size() == 1000);
    CHECK(page->item_keys[999] == "group-999");
    CHECK(page->total == 100'000);
    CHECK(page->drift.empty());
}
