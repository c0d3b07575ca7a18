#include <doctest/doctest.h>

#include <map>
#include <set>

#include "tests/support/store_fixture.hpp"

using namespace tributary;
using namespace tests;
using namespace domain::ports;
using domain::EntityKind;
using domain::Uuid;

namespace {

std::vector<EntityAnchor> account_and_group() {
    return {anchor(EntityKind::account, "account"), anchor(EntityKind::account_group, "group")};
}

}  // namespace

TEST_CASE_FIXTURE(StoreFixture, "locking makes what is missing and returns what is there") {
    must([](PageTransaction& page) {
        const auto made = good(page.lock_entities(account_and_group()));
        REQUIRE(made.size() == 2);
        CHECK_FALSE(made[0].normalized);
        good(page.write_entities(std::vector<EntityWrite>{{id_of("account"), R"({"n":1})", id_of("group")}}));
    });
    must([](PageTransaction& page) {
        for (const EntityState& state : good(page.lock_entities(account_and_group()))) {
            if (state.anchor.kind != EntityKind::account) continue;
            CHECK(state.anchor.id == id_of("account"));
            CHECK(state.anchor.provider == "upvest");
            CHECK(state.anchor.environment == domain::ProviderEnvironment::sandbox);
            CHECK(state.anchor.provider_id == "account");
            CHECK(state.normalized == R"({"n":1})");
            CHECK(state.parent == id_of("group"));
        }
        CHECK(good(page.lock_existing_entities(std::vector{id_of("group"), id_of("nobody")})).size() == 1);
        CHECK(good(page.entities(std::vector{id_of("nobody")})).empty());
    });
}

TEST_CASE_FIXTURE(StoreFixture, "entities are made whole, and those that somebody knows are left alone") {
    must([](PageTransaction& page) {
        good(page.lock_entities(std::vector{anchor(EntityKind::account, "known")}));
        good(page.write_entities(std::vector<EntityWrite>{{id_of("known"), R"({"n":1})", std::nullopt}}));
    });
    must([](PageTransaction& page) {
        const auto made = good(page.create_entities(std::vector<NewEntity>{
            {anchor(EntityKind::account, "known"), R"({"n":2})", id_of("group")},
            {anchor(EntityKind::account, "account"), R"({"name":"null"})", id_of("group")},
            {anchor(EntityKind::account_group, "group"), std::nullopt, std::nullopt}}));
        CHECK(std::set(made.begin(), made.end()) == std::set{id_of("account"), id_of("group")});
    });
    must([](PageTransaction& page) {
        std::map<Uuid, EntityState> states;
        for (const EntityState& state :
             good(page.entities(std::vector{id_of("known"), id_of("account"), id_of("group")}))) {
            states.emplace(state.anchor.id, state);
        }
        CHECK(states.at(id_of("known")).normalized == R"({"n":1})");
        CHECK_FALSE(states.at(id_of("known")).parent);
        CHECK(states.at(id_of("account")).normalized == R"({"name":"null"})");
        CHECK(states.at(id_of("account")).parent == id_of("group"));
        CHECK_FALSE(states.at(id_of("group")).normalized);
        CHECK(states.at(id_of("group")).anchor.provider_id == "group");
    });
}

TEST_CASE_FIXTURE(StoreFixture, "children are the present ones of a parent") {
    must([](PageTransaction& page) {
        good(page.lock_entities(std::vector{anchor(EntityKind::account, "present"),
                                            anchor(EntityKind::account, "gone"),
                                            anchor(EntityKind::account, "elsewhere")}));
        good(page.write_entities(std::vector<EntityWrite>{{id_of("present"), "{}", id_of("group")},
                                                          {id_of("gone"), std::nullopt, id_of("group")},
                                                          {id_of("elsewhere"), "{}", id_of("other")}}));
        const auto children = good(page.children(std::vector{id_of("group")}));
        REQUIRE(children.size() == 1);
        CHECK(children[0].anchor.id == id_of("present"));
    });
}

TEST_CASE_FIXTURE(StoreFixture,
                  "contributions are the live records of an entity over all streams and connections") {
    const StreamRef me{id_of("c-1"), "user"};
    const StreamRef all{id_of("c-2"), "users"};
    must([&](PageTransaction& page) {
        RecordWrite fuller = record("1", "ada", R"({"from":"me"})");
        fuller.founds_entity = false;
        fuller.fullness = 2;
        fuller.source_updated_at = domain::parse_timestamp("2026-01-02T03:04:05Z");
        good(page.write_records(me, std::vector{fuller}));
        good(page.write_records(
            all, std::vector{record("1", "ada", "{}"), record("2", "bob", "{}"), record("3", "ada", "{}")}));
        good(page.remove_records(all, std::vector<std::string>{"3"}));
    });
    must([&](PageTransaction& page) {
        const auto found = good(page.contributions(std::vector{id_of("ada")}));
        REQUIRE(found.size() == 2);
        const Contribution& first = found[0].stream == "user" ? found[0] : found[1];
        CHECK(first.connection_id == me.connection_id);
        CHECK(first.provider_id == "1");
        CHECK_FALSE(first.founds_entity);
        CHECK(first.fullness == 2);
        CHECK(first.normalized == R"({"from":"me"})");
        CHECK(first.source_updated_at == domain::parse_timestamp("2026-01-02T03:04:05Z"));
        CHECK(first.changed_at > domain::Timestamp{});
    });
}
