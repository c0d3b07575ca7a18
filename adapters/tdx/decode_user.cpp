// T-DX users in all their shapes: /users/me in full, /users and /users/by-sub-account reduced. One reader
// serves them, because what a shape lacks is simply absent.
#include <algorithm>
#include <optional>
#include <utility>

#include "adapters/decode/object_reader.hpp"
#include "adapters/tdx/decode.hpp"
#include "adapters/tdx/details.hpp"
#include "adapters/tdx/envelope.hpp"
#include "adapters/tdx/permissions.hpp"

namespace tributary::tdx {

using decode::EnumText;
using decode::ObjectReader;
using domain::AccessGrant;
using domain::EntityKind;
using domain::Field;
using domain::Observation;
using domain::Page;
using domain::Profile;
using domain::ProfileKind;
using domain::ProfileStatus;
using domain::ProfileType;
using domain::Result;

namespace {

using Drift = std::vector<domain::DriftNote>;

constexpr EnumText<ProfileStatus> statuses[] = {{"STATUS_ACTIVE", ProfileStatus::active},
                                                {"STATUS_INACTIVE", ProfileStatus::inactive},
                                                {"STATUS_PENDING_MFA", ProfileStatus::pending},
                                                {"STATUS_PENDING_PASSWORD_RESET", ProfileStatus::pending}};
constexpr EnumText<ProfileType> types[] = {{"TYPE_FRONT_OFFICE", ProfileType::front_office},
                                           {"TYPE_BACK_OFFICE", ProfileType::back_office},
                                           {"TYPE_SYSTEM", ProfileType::system}};

AccessGrant grant(const std::string& user, EntityKind kind, std::string target,
                  const Permissions& permissions) {
    AccessGrant made;
    made.profile = user;
    made.target = {kind, std::move(target)};
    made.level = permissions.level;
    made.permissions = permissions.flags;
    return made;
}

/// Front and back office logins belong to people; a system login to nobody in particular.
Field<domain::EnumPair<ProfileKind>> kind_of(const Field<domain::EnumPair<ProfileType>>& type) {
    const bool human = type.has_value() && (type.value().value == ProfileType::front_office ||
                                            type.value().value == ProfileType::back_office);
    return human ? Field(domain::EnumPair<ProfileKind>{ProfileKind::person})
                 : Field<domain::EnumPair<ProfileKind>>();
}

Profile read_profile(ObjectReader& reader) {
    Profile profile;
    profile.username = reader.text("username");
    profile.first_name = reader.text("firstname");
    profile.last_name = reader.text("lastname");
    profile.email = reader.text("email");
    profile.phone = reader.text("phoneNumber");
    profile.status = reader.choice<ProfileStatus>("status", statuses);
    profile.type = reader.choice<ProfileType>("type", types);
    profile.kind = kind_of(profile.type);
    profile.source_created_at = reader.timestamp("createdAt");
    profile.source_updated_at = reader.timestamp("updatedAt");
    put(profile.details, "mfa_enabled", reader.boolean("MFAEnabled"));
    return profile;
}

/// One element of `subAccounts`: the access it grants, and what it says about the sub-account, for the
/// details.
void read_nested_sub_account(const json::Value& element, const std::string& user, Observation& seen,
                             json::Array& listed, Drift& drift) {
    const std::string path = "subAccounts[]";
    const json::Object* object = element.if_object();
    if (object == nullptr) {
        drift.push_back({domain::DriftKind::changed_type, path, std::string(element.type_name())});
        return;
    }
    ObjectReader reader(*object, path, drift);
    const Field<std::string> id = reader.text("id");
    const Field<std::string> name = reader.text("name");
    const Permissions permissions =
        read_permissions(reader.object("permissions"), reader.path_of("permissions"), drift);
    reader.finish();
    if (!id.has_value() || id.value().empty()) {
        drift.push_back({domain::DriftKind::missing_key, reader.path_of("id"), "absent"});
        return;
    }
    json::Object entry;
    put(entry, "id", id);
    put(entry, "name", name);
    listed.emplace_back(std::move(entry));
    seen.access.push_back(grant(user, EntityKind::sub_account, id.value(), permissions));
}

void read_nested_sub_accounts(ObjectReader& reader, const std::string& user, Observation& seen,
                              Profile& profile, Drift& drift) {
    const json::Array* elements = reader.array("subAccounts");
    if (elements == nullptr) {
        return;
    }
    json::Array listed;
    for (const json::Value& element : *elements) {
        read_nested_sub_account(element, user, seen, listed, drift);
    }
    json::set(profile.details, "sub_accounts", json::Value(std::move(listed)));
}

Observation read_user(const json::Object& item, const std::string& id, Drift& drift) {
    Observation seen;
    seen.entity = {EntityKind::profile, id};
    ObjectReader reader(item, "", drift);
    reader.known("id");
    Profile profile = read_profile(reader);
    const json::Object* permission_object = reader.object("permissions");
    const Permissions permissions = read_permissions(permission_object, "permissions", drift);
    if (permission_object != nullptr) {
        json::set(profile.details, "permissions", json::Value(permissions.flags));
    }
    const Field<std::string> client_account = reader.text("clientAccountId");
    if (client_account.has_value() && !client_account.value().empty()) {
        seen.access.push_back(grant(id, EntityKind::account, client_account.value(), permissions));
    }
    read_nested_sub_accounts(reader, id, seen, profile, drift);
    reader.finish();
    seen.source_updated_at = profile.source_updated_at.optional();
    seen.normalized = std::move(profile);
    return seen;
}

/// The client account that a user's observation is a member of.
std::optional<std::string> client_account_of(const Observation& user) {
    for (const AccessGrant& access : user.access) {
        if (access.target.kind == EntityKind::account) {
            return access.target.provider_id;
        }
    }
    return std::nullopt;
}

/// The owner of the credentials tells who that is.
void learn_self(Page& page) {
    if (!page.observations.empty()) {
        const Observation& own = page.observations.front();
        page.self.profile = own.provider_id;
        page.self.account = client_account_of(own);
    }
}

}  // namespace

Result<Page> decode_own_user(std::string_view body) {
    Result<Page> page = decode_single(body, read_user);
    if (page) {
        learn_self(*page);
    }
    return page;
}

Page own_user_page(const json::Value& raw) {
    Page page = decode_item(raw, read_user);
    learn_self(page);
    return page;
}

Page user_page(const json::Value& raw) {
    return decode_item(raw, read_user);
}

Result<Page> decode_users(std::string_view body, std::uint32_t limit) {
    return decode_list(body, {.limit = limit}, read_user);
}

Result<Page> decode_users_of(std::string_view body, std::uint32_t limit, const std::string& sub_account) {
    const auto read = [&sub_account](const json::Object& item, const std::string& id, Drift& drift) {
        Observation seen = read_user(item, id, drift);
        const domain::EntityRef target{EntityKind::sub_account, sub_account};
        const bool granted =
            std::ranges::find(seen.access, target, &AccessGrant::target) != seen.access.end();
        if (!granted) {
            seen.access.push_back(grant(id, target.kind, sub_account, {}));
        }
        return seen;
    };
    return decode_list(body, {.limit = limit, .paginated = false}, read);
}

}  // namespace tributary::tdx
