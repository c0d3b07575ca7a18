#include <algorithm>
#include <span>
#include <utility>

#include "adapters/decode/object_reader.hpp"
#include "adapters/upvest/shapes.hpp"

namespace tributary::upvest {

using decode::EnumText;
using decode::ObjectReader;
using domain::AccessGrant;
using domain::AccessLevel;
using domain::AccountGroupType;
using domain::AccountStatus;
using domain::AccountType;
using domain::DriftKind;
using domain::EntityKind;
using domain::EntityRef;
using domain::EnumPair;
using domain::GroupRole;

namespace {

constexpr EnumText<AccountStatus> statuses[] = {{"PENDING_APPROVAL", AccountStatus::pending},
                                                {"ACTIVE", AccountStatus::active},
                                                {"CLOSING", AccountStatus::closing},
                                                {"CLOSED", AccountStatus::closed},
                                                {"LOCKED", AccountStatus::locked}};

constexpr EnumText<AccountGroupType> group_types[] = {{"PERSONAL", AccountGroupType::personal},
                                                      {"LEGAL_ENTITY", AccountGroupType::legal_entity},
                                                      {"FRENCH_PEA", AccountGroupType::french_pea},
                                                      {"ISA", AccountGroupType::isa},
                                                      {"CHILD", AccountGroupType::child},
                                                      {"BUSINESS", AccountGroupType::business},
                                                      {"JOINT", AccountGroupType::joint}};

constexpr EnumText<AccountType> account_types[] = {{"TRADING", AccountType::trading},
                                                   {"PORTFOLIO", AccountType::portfolio}};

constexpr EnumText<GroupRole> roles[] = {
    {"OWNER", GroupRole::owner}, {"GUARDIAN", GroupRole::guardian}, {"CHILD", GroupRole::child}};

/// Only an owner's power is known; of a guardian or child Upvest says nothing but that they belong.
domain::Field<EnumPair<AccessLevel>> level_of(const domain::Field<EnumPair<GroupRole>>& role) {
    if (!role.has_value()) {
        return {};
    }
    const bool owns = role.value().value == GroupRole::owner;
    return EnumPair<AccessLevel>{owns ? AccessLevel::owner : AccessLevel::other, role.value().provider_text};
}

bool owns(const AccessGrant& grant) {
    return grant.level.has_value() && grant.level.value().value == AccessLevel::owner;
}

/// A user named twice has one grant, the stronger: two rows of the same access would contradict each other.
void add_grant(AccessGrant grant, std::vector<AccessGrant>& access, DriftNotes& notes) {
    const auto known = std::ranges::find(access, grant.profile, &AccessGrant::profile);
    if (known == access.end()) {
        access.push_back(std::move(grant));
        return;
    }
    notes.push_back({DriftKind::other, "users[].id", "named twice"});
    if (owns(grant) && !owns(*known)) {
        *known = std::move(grant);
    }
}

/// `users: [{id, type}]`, of a group and of an account alike.
std::vector<AccessGrant> read_users(ObjectReader& holding, const EntityRef& target, DriftNotes& notes) {
    std::vector<AccessGrant> access;
    const json::Array* users = holding.array("users");
    if (users == nullptr) {
        return access;
    }
    for (const json::Value& element : *users) {
        const json::Object* user = element.if_object();
        if (user == nullptr) {
            notes.push_back({DriftKind::changed_type, "users[]", std::string(element.type_name())});
            continue;
        }
        ObjectReader reader(*user, "users[]", notes);
        note_missing(*user, "users[]", {"id", "type"}, notes);
        AccessGrant grant;
        grant.profile = reader.text("id").optional().value_or("");
        grant.target = target;
        grant.role = reader.choice<GroupRole>("type", roles);
        grant.level = level_of(grant.role);
        reader.finish();
        if (!grant.profile.empty()) {
            add_grant(std::move(grant), access, notes);
        }
    }
    return access;
}

/// A business holds its groups and accounts itself: business_id stands where users would.
void read_business(ObjectReader& reader, const json::Object& object, json::Object& details,
                   DriftNotes& notes) {
    if (const auto business = reader.tree("business_id"); business.has_value()) {
        json::set(details, "business_id", business.value());
    } else {
        note_missing(object, "", {"users"}, notes);
    }
}

/// Upvest documents a whole number from 1, unique only within the group.
domain::Field<std::string> read_serial(ObjectReader& reader) {
    const auto serial = reader.integer("account_number");
    if (serial.has_value()) {
        return std::to_string(serial.value());
    }
    return serial.is_null() ? domain::Field<std::string>(domain::Null{}) : domain::Field<std::string>();
}

}  // namespace

Decoded<domain::AccountGroup> decode_account_group(const std::string& id, const json::Object& object,
                                                   DriftNotes& notes) {
    ObjectReader reader(object, "", notes);
    Decoded<domain::AccountGroup> decoded;
    domain::AccountGroup& group = decoded.entity;
    note_missing(object, "", {"created_at", "updated_at", "type", "status", "securities_account_number"},
                 notes);
    reader.known("id");
    group.type = reader.choice<AccountGroupType>("type", group_types);
    group.status = reader.choice<AccountStatus>("status", statuses);
    group.securities_account_number = reader.text("securities_account_number");
    group.source_created_at = reader.timestamp("created_at");
    group.source_updated_at = reader.timestamp("updated_at");
    read_business(reader, object, group.details, notes);
    decoded.access = read_users(reader, {EntityKind::account_group, id}, notes);
    reader.finish();
    return decoded;
}

Decoded<domain::Account> decode_account(const std::string& id, const json::Object& object,
                                        DriftNotes& notes) {
    ObjectReader reader(object, "", notes);
    Decoded<domain::Account> decoded;
    domain::Account& account = decoded.entity;
    note_missing(object, "",
                 {"created_at", "updated_at", "type", "status", "account_group_id", "account_number"}, notes);
    reader.known("id");
    account.number = read_serial(reader);
    account.name = reader.text("name");
    account.type = reader.choice<AccountType>("type", account_types);
    account.status = reader.choice<AccountStatus>("status", statuses);
    account.account_group = reader.text("account_group_id");
    account.source_created_at = reader.timestamp("created_at");
    account.source_updated_at = reader.timestamp("updated_at");
    read_business(reader, object, account.details, notes);
    decoded.access = read_users(reader, {EntityKind::account, id}, notes);
    reader.finish();
    return decoded;
}

}  // namespace tributary::upvest
