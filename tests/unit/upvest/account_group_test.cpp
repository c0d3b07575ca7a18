#include <doctest/doctest.h>

#include <algorithm>

#include "adapters/upvest/decode.hpp"
#include "tests/unit/upvest/fixtures.hpp"

using namespace tributary;
using domain::AccessGrant;
using domain::AccessLevel;
using domain::AccountGroup;
using domain::AccountGroupType;
using domain::AccountStatus;
using domain::DriftKind;
using domain::EntityKind;
using domain::EnumPair;
using domain::GroupRole;
using domain::Observation;
using domain::Page;

namespace {

Page decoded(json::Value item) {
    Page page;
    upvest::decode_item(EntityKind::account_group, std::move(item), page);
    REQUIRE(page.observations.size() == 1);
    return page;
}

const AccountGroup& group_of(const Observation& seen) {
    return std::get<AccountGroup>(seen.normalized);
}

bool noted(const Page& page, DriftKind kind, std::string_view path, std::string_view found = "") {
    return std::ranges::find(page.drift, domain::DriftNote{kind, std::string(path), std::string(found)}) !=
           page.drift.end();
}

constexpr auto zoe = "413715f2-5401-4b97-8055-034a6b879f8c";
constexpr auto lee = "9c36af78-91a0-4174-a515-fc81214e3dab";

}  // namespace

TEST_CASE("the documented account group becomes a group and its owner's access, wherever Upvest shows it") {
    for (const auto& item : {tests::fixture("account_group"), tests::fixture("create_account_group_answer"),
                             tests::at(tests::fixture("account_group_created_event"), "object")}) {
        const Page page = decoded(item);
        const Observation& seen = page.observations[0];
        const domain::EntityRef self{EntityKind::account_group, "9d95820d-4333-46b6-98de-04ab7512e76f"};
        CHECK(seen.provider_id == self.provider_id);
        CHECK(seen.entity == self);
        CHECK(seen.founds_entity);
        CHECK(seen.raw == item);

        AccountGroup expected;
        expected.type = EnumPair<AccountGroupType>{AccountGroupType::personal, "PERSONAL"};
        expected.status = EnumPair<AccountStatus>{AccountStatus::active, "ACTIVE"};
        expected.securities_account_number = std::string("123456789");
        expected.source_created_at = domain::parse_timestamp("2020-08-24T14:15:22Z").value();
        expected.source_updated_at = domain::parse_timestamp("2020-08-24T14:15:22Z").value();
        CHECK(group_of(seen) == expected);
        CHECK(seen.source_updated_at == expected.source_updated_at.value());

        AccessGrant owner;
        owner.profile = zoe;
        owner.target = self;
        owner.level = EnumPair<AccessLevel>{AccessLevel::owner, "OWNER"};
        owner.role = EnumPair<GroupRole>{GroupRole::owner, "OWNER"};
        CHECK(seen.access == std::vector<AccessGrant>{owner});
        CHECK(page.drift.empty());
    }
}

TEST_CASE("every documented type and status is known, and an unknown one is other with its text") {
    const auto page =
        upvest::decode_list(EntityKind::account_group, tests::fixture_text("account_group_variants"));
    REQUIRE(page);

    struct Row {
        std::string_view type_text;
        std::string_view status_text;
        AccountGroupType type;
        AccountStatus status;
    };
    using enum AccountGroupType;
    const Row rows[] = {
        {"JOINT", "PENDING_APPROVAL", joint, AccountStatus::pending},
        {"BUSINESS", "ACTIVE", business, AccountStatus::active},
        {"CHILD", "LOCKED", child, AccountStatus::locked},
        {"ISA", "CLOSING", isa, AccountStatus::closing},
        {"FRENCH_PEA", "CLOSED", french_pea, AccountStatus::closed},
        {"LEGAL_ENTITY", "ACTIVE", legal_entity, AccountStatus::active},
        {"DUTCH_PENSION", "HIBERNATING", other, AccountStatus::other},
    };
    REQUIRE(page->observations.size() == std::size(rows));
    for (std::size_t i = 0; i < std::size(rows); ++i) {
        CAPTURE(rows[i].type_text);
        const AccountGroup& group = group_of(page->observations[i]);
        CHECK(group.type.value() == EnumPair<AccountGroupType>{rows[i].type, std::string(rows[i].type_text)});
        CHECK(group.status.value() ==
              EnumPair<AccountStatus>{rows[i].status, std::string(rows[i].status_text)});
    }
    CHECK(noted(*page, DriftKind::unknown_value, "type", "DUTCH_PENSION"));
    CHECK(noted(*page, DriftKind::unknown_value, "status", "HIBERNATING"));
    CHECK(noted(*page, DriftKind::unknown_value, "users[].type", "TRUSTEE"));
    CHECK(page->drift.size() == 3);
}

TEST_CASE(
    "a joint group gives both owners access and keeps the zeros of its number and the microseconds of its "
    "times") {
    const auto page =
        upvest::decode_list(EntityKind::account_group, tests::fixture_text("account_group_variants"));
    REQUIRE(page);
    const Observation& seen = page->observations[0];
    REQUIRE(seen.access.size() == 2);
    CHECK(seen.access[0].profile == zoe);
    CHECK(seen.access[1].profile == lee);
    for (const AccessGrant& grant : seen.access) {
        CHECK(grant.level.value().value == AccessLevel::owner);
        CHECK(grant.role.value().value == GroupRole::owner);
        CHECK(grant.target == seen.entity);
    }
    CHECK(group_of(seen).securities_account_number.value() == "0001234");
    CHECK(domain::to_text(group_of(seen).source_created_at.value()) == "2024-03-31T01:00:00.123456Z");
    CHECK(domain::to_text(seen.source_updated_at.value()) == "2024-03-31T02:00:00.100Z");
}

TEST_CASE("a child's group tells child and guardian apart and calls neither an owner") {
    const auto page =
        upvest::decode_list(EntityKind::account_group, tests::fixture_text("account_group_variants"));
    REQUIRE(page);
    const auto& access = page->observations[2].access;
    REQUIRE(access.size() == 2);
    CHECK(access[0].role.value() == EnumPair<GroupRole>{GroupRole::child, "CHILD"});
    CHECK(access[0].level.value() == EnumPair<AccessLevel>{AccessLevel::other, "CHILD"});
    CHECK(access[1].role.value() == EnumPair<GroupRole>{GroupRole::guardian, "GUARDIAN"});
    CHECK(access[1].level.value() == EnumPair<AccessLevel>{AccessLevel::other, "GUARDIAN"});
    const auto& unknown = page->observations[6].access;
    CHECK(unknown.at(0).role.value() == EnumPair<GroupRole>{GroupRole::other, "TRUSTEE"});
    CHECK(unknown.at(0).level.value() == EnumPair<AccessLevel>{AccessLevel::other, "TRUSTEE"});
}

TEST_CASE("a business group has its business in the details and nobody's access") {
    const auto page =
        upvest::decode_list(EntityKind::account_group, tests::fixture_text("account_group_variants"));
    REQUIRE(page);
    const Observation& seen = page->observations[1];
    CHECK(seen.access.empty());
    const json::Value* business = json::find(group_of(seen).details, "business_id");
    REQUIRE(business != nullptr);
    CHECK(*business->if_string() == "7d5f2c4e-90ab-4f6e-8a5e-b0a2c6d7e8f9");
}

TEST_CASE("a null stays null and an absent member stays absent") {
    const Page nulls = decoded(tests::parse_or_fail(
        R"({"id":"g","type":null,"status":null,"users":null,"securities_account_number":null,"created_at":null,"updated_at":null})"));
    const AccountGroup& null_group = group_of(nulls.observations[0]);
    CHECK(null_group.type.is_null());
    CHECK(null_group.status.is_null());
    CHECK(null_group.securities_account_number.is_null());
    CHECK(null_group.source_created_at.is_null());
    CHECK_FALSE(nulls.observations[0].source_updated_at.has_value());
    CHECK(nulls.drift.empty());

    const Page bare = decoded(tests::parse_or_fail(R"({"id":"g"})"));
    CHECK(group_of(bare.observations[0]) == AccountGroup{});
    for (const auto* key :
         {"created_at", "updated_at", "type", "status", "securities_account_number", "users"}) {
        CHECK(noted(bare, DriftKind::missing_key, key));
    }
}

TEST_CASE("changed types are read where they can be and never cost the group") {
    const Page page = decoded(tests::parse_or_fail(
        R"({"id":7,"type":true,"status":{},"securities_account_number":123456789,"created_at":"yesterday","updated_at":1,
            "users":["u", {"id":3,"type":"OWNER"}, {"type":"OWNER"}, {"id":"w"}], "secret":"4111"})"));
    const Observation& seen = page.observations[0];
    CHECK(seen.provider_id == "7");
    CHECK(group_of(seen).type.value() == EnumPair<AccountGroupType>{AccountGroupType::other, "true"});
    CHECK(group_of(seen).status.is_absent());
    CHECK(group_of(seen).securities_account_number.value() == "123456789");
    CHECK(group_of(seen).source_created_at.is_absent());
    REQUIRE(seen.access.size() == 2);
    CHECK(seen.access[0].profile == "3");
    CHECK(seen.access[1].profile == "w");
    CHECK(seen.access[1].role.is_absent());
    CHECK(seen.access[1].level.is_absent());
    CHECK(noted(page, DriftKind::new_field, "secret", "string"));
    CHECK(noted(page, DriftKind::changed_type, "users[]", "string"));
    CHECK(noted(page, DriftKind::missing_key, "users[].id"));
    CHECK(noted(page, DriftKind::unreadable_value, "created_at", "string"));
}

TEST_CASE("a user named twice has one grant, the owner's where one of them is") {
    const Page page = decoded(tests::parse_or_fail(
        R"({"id":"g","users":[{"id":"u","type":"CHILD"},{"id":"u","type":"OWNER"},{"id":"u","type":"GUARDIAN"}]})"));
    REQUIRE(page.observations[0].access.size() == 1);
    CHECK(page.observations[0].access[0].role.value().value == GroupRole::owner);
    CHECK(noted(page, DriftKind::other, "users[].id", "named twice"));

    const Page weak = decoded(tests::parse_or_fail(
        R"({"id":"g","users":[{"id":"u","type":"CHILD"},{"id":"u","type":"GUARDIAN"}]})"));
    REQUIRE(weak.observations[0].access.size() == 1);
    CHECK(weak.observations[0].access[0].role.value().value == GroupRole::child);
}
