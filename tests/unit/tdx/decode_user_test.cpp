#include <doctest/doctest.h>

#include "adapters/tdx/decode.hpp"
#include "fixture.hpp"

using namespace tributary;
using domain::AccessLevel;
using domain::DriftKind;
using domain::EntityKind;
using domain::Profile;
using domain::ProfileStatus;
using domain::ProfileType;
using tests::has_note;
using tests::tree;

namespace {

domain::Page own_user(const std::string& body) {
    auto page = tdx::decode_own_user(body);
    REQUIRE(page.has_value());
    return *std::move(page);
}

const Profile& profile(const domain::Page& page, std::size_t index = 0) {
    return std::get<Profile>(page.observations.at(index).normalized);
}

/// The level that /users/me gives with these permissions.
domain::Field<domain::EnumPair<AccessLevel>> level(const std::string& permissions) {
    const auto page =
        own_user(R"({"result": {"id": "u", "clientAccountId": "c", "permissions": )" + permissions + "}}");
    return page.observations.at(0).access.at(0).level;
}

}  // namespace

TEST_CASE("the documented own user becomes a profile with every field in its place") {
    const domain::Page page = own_user(tests::fixture("own_user"));
    CHECK(page.drift.empty());
    const domain::Observation& seen = page.observations.at(0);
    CHECK(seen.provider_id == "user-uuid");
    CHECK(seen.entity == domain::EntityRef{EntityKind::profile, "user-uuid"});
    CHECK(seen.founds_entity);
    CHECK(seen.raw == *tree(tests::fixture("own_user")).find("result"));
    CHECK(domain::to_text(*seen.source_updated_at) == "2024-01-15T09:30:00Z");

    const Profile& user = profile(page);
    CHECK(user.username.value() == "john.doe@example.com");
    CHECK(user.first_name.value() == "John");
    CHECK(user.last_name.value() == "Doe");
    CHECK(user.email.value() == "john.doe@example.com");
    CHECK(user.phone.value() == "+41791234567");
    CHECK(user.status.value() == domain::EnumPair{ProfileStatus::active, {"STATUS_ACTIVE"}});
    CHECK(user.type.value() == domain::EnumPair{ProfileType::front_office, {"TYPE_FRONT_OFFICE"}});
    CHECK(user.kind.value() == domain::EnumPair{domain::ProfileKind::person});
    CHECK(domain::to_text(user.source_created_at.value()) == "2023-06-01T10:00:00Z");
    CHECK(json::Value(user.details) == tree(R"({"mfa_enabled": true,
        "permissions": {"can_read": true, "can_trade": true, "can_withdraw": true, "can_deposit": true,
                        "can_write": true, "can_manage": false},
        "sub_accounts": [{"id": "sub-account-uuid-1", "name": "Main Trading"}]})"));
}

TEST_CASE("the documented own user has access to its client account and its sub-account") {
    const domain::Page page = own_user(tests::fixture("own_user"));
    const auto& access = page.observations.at(0).access;
    REQUIRE(access.size() == 2);
    CHECK(access[0].profile == "user-uuid");
    CHECK(access[0].target == domain::EntityRef{EntityKind::account, "client-account-uuid"});
    CHECK(access[0].level.value() == domain::EnumPair{AccessLevel::owner});
    CHECK(json::find(access[0].permissions, "can_manage") != nullptr);
    CHECK(access[1].target == domain::EntityRef{EntityKind::sub_account, "sub-account-uuid-1"});
    CHECK(access[1].level.value() == domain::EnumPair{AccessLevel::owner});
    CHECK(json::Value(access[1].permissions) ==
          tree(R"({"can_read": true, "can_trade": true, "can_withdraw": true, "can_deposit": true})"));
    CHECK(page.self == domain::SelfIds{"user-uuid", "client-account-uuid"});
}

TEST_CASE("the access level is the most powerful permission, and absent without permissions") {
    CHECK(level(R"({"canRead": true, "canTrade": true, "canWithdraw": true})").value().value ==
          AccessLevel::owner);
    CHECK(level(R"({"canRead": true, "canTrade": true})").value().value == AccessLevel::trade_only);
    CHECK(level(R"({"canRead": true, "canTrade": false})").value().value == AccessLevel::read_only);
    CHECK(level(R"({"canRead": "true"})").value().value == AccessLevel::read_only);
    CHECK(level(R"({"canRead": false})").value().value == AccessLevel::other);
    CHECK(level("null").is_absent());
    CHECK_FALSE(level(R"({"canRead": true})").value().provider_text.has_value());
}

TEST_CASE("documented list rows become reduced profiles that are members of their client account") {
    const auto page = tdx::decode_users(tests::fixture("users"), 500);
    REQUIRE(page.has_value());
    CHECK(page->drift.empty());
    CHECK_FALSE(page->next_cursor.has_value());
    CHECK(page->item_keys == std::vector<std::string>{"user-uuid-1", "user-uuid-2"});
    const Profile& jane = profile(*page, 1);
    CHECK(jane.first_name.value() == "Jane");
    CHECK(jane.phone.is_absent());
    CHECK(jane.source_updated_at.is_absent());
    CHECK(json::Value(jane.details) == tree(R"({"mfa_enabled": true})"));
    const auto& access = page->observations[1].access;
    REQUIRE(access.size() == 1);
    CHECK(access[0].target == domain::EntityRef{EntityKind::account, "client-account-uuid"});
    CHECK(access[0].level.is_absent());
    CHECK(access[0].permissions.empty());
    CHECK(page->self == domain::SelfIds{});
}

TEST_CASE("users of a sub-account have access to it without a level") {
    const auto page = tdx::decode_users_of(tests::fixture("users"), 500, "sub-1");
    REQUIRE(page.has_value());
    const auto& access = page->observations.at(0).access;
    REQUIRE(access.size() == 2);
    CHECK(access[1].profile == "user-uuid-1");
    CHECK(access[1].target == domain::EntityRef{EntityKind::sub_account, "sub-1"});
    CHECK(access[1].level.is_absent());
}

TEST_CASE("a user with nothing but an id is a profile with everything absent") {
    const domain::Page page = own_user(R"({"result": {"id": "u"}})");
    CHECK(profile(page) == Profile{});
    CHECK(page.observations.at(0).access.empty());
    CHECK(page.drift.empty());
    CHECK(page.self == domain::SelfIds{"u", std::nullopt});
}

TEST_CASE("what is null stays null and what is absent stays absent") {
    const domain::Page page =
        own_user(R"({"result": {"id": "u", "email": null, "status": null, "MFAEnabled": null}})");
    CHECK(profile(page).email.is_null());
    CHECK(profile(page).status.is_null());
    CHECK(profile(page).phone.is_absent());
    CHECK(json::Value(profile(page).details) == tree(R"({"mfa_enabled": null})"));
}

TEST_CASE("an unknown or unspecified enumeration is other with the provider's text, and is noted") {
    const domain::Page page =
        own_user(R"({"result": {"id": "u", "status": "STATUS_UNSPECIFIED", "type": "TYPE_ROBOT"}})");
    CHECK(profile(page).status.value() == domain::EnumPair{ProfileStatus::other, {"STATUS_UNSPECIFIED"}});
    CHECK(profile(page).type.value() == domain::EnumPair{ProfileType::other, {"TYPE_ROBOT"}});
    CHECK(profile(page).kind.is_absent());
    CHECK(has_note(page, DriftKind::unknown_value, "status"));
    CHECK(has_note(page, DriftKind::unknown_value, "type"));
}

TEST_CASE("every documented status and type has a meaning of its own or shares pending") {
    const auto status = [](const std::string& text) {
        return profile(own_user(R"({"result": {"id": "u", "status": ")" + text + "\"}}"))
            .status.value()
            .value;
    };
    CHECK(status("STATUS_INACTIVE") == ProfileStatus::inactive);
    CHECK(status("STATUS_PENDING_MFA") == ProfileStatus::pending);
    CHECK(status("STATUS_PENDING_PASSWORD_RESET") == ProfileStatus::pending);
    const auto type = [](const std::string& text) {
        return profile(own_user(R"({"result": {"id": "u", "type": ")" + text + "\"}}"));
    };
    CHECK(type("TYPE_BACK_OFFICE").type.value().value == ProfileType::back_office);
    CHECK(type("TYPE_SYSTEM").type.value().value == ProfileType::system);
    CHECK(type("TYPE_SYSTEM").kind.is_absent());
}

TEST_CASE("values of another type and unknown fields are noted and never cost the user") {
    const domain::Page page =
        own_user(R"({"result": {"id": "u", "MFAEnabled": "true", "phoneNumber": 41791234567,
        "createdAt": "yesterday", "nickname": "Jo", "permissions": {"canFly": true},
        "subAccounts": [{"name": "no id"}, "text", {"id": "s"}]}})");
    CHECK(profile(page).phone.value() == "41791234567");
    CHECK(profile(page).source_created_at.is_absent());
    CHECK(has_note(page, DriftKind::changed_type, "MFAEnabled"));
    CHECK(has_note(page, DriftKind::changed_type, "phoneNumber"));
    CHECK(has_note(page, DriftKind::unreadable_value, "createdAt"));
    CHECK(has_note(page, DriftKind::new_field, "nickname"));
    CHECK(has_note(page, DriftKind::new_field, "permissions.canFly"));
    CHECK(has_note(page, DriftKind::missing_key, "subAccounts[].id"));
    CHECK(has_note(page, DriftKind::changed_type, "subAccounts[]"));
    CHECK(*profile(page).details.at(1).value.find("can_fly")->if_bool());
    REQUIRE(page.observations.at(0).access.size() == 1);
    CHECK(page.observations[0].access[0].target.provider_id == "s");
}

TEST_CASE("an empty client account id names no account") {
    CHECK(own_user(R"({"result": {"id": "u", "clientAccountId": ""}})").observations.at(0).access.empty());
}
