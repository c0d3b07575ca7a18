// Upvest's objects in our words, from its reference pages and adapters/upvest/MAPPING.md.
#include <array>

#include "tests/e2e/oracle/expected_world.hpp"
#include "tests/e2e/system/tree.hpp"

namespace tributary::e2e {

using domain::EntityKind;

namespace {

constexpr std::string_view provider = "upvest";

constexpr std::array user_status{Word{"ACTIVE", "active"}, Word{"INACTIVE", "inactive"},
                                 Word{"OFFBOARDING", "offboarding"}, Word{"OFFBOARDED", "offboarded"}};
constexpr std::array salutations{Word{"SALUTATION_MALE", "mr"}, Word{"SALUTATION_FEMALE", "mrs"},
                                 Word{"SALUTATION_FEMALE_MARRIED", "mrs"},
                                 Word{"SALUTATION_DIVERSE", "diverse"}};
constexpr std::array status{Word{"PENDING_APPROVAL", "pending"}, Word{"ACTIVE", "active"},
                            Word{"CLOSING", "closing"}, Word{"CLOSED", "closed"}, Word{"LOCKED", "locked"}};
constexpr std::array group_type{Word{"PERSONAL", "personal"},
                                Word{"LEGAL_ENTITY", "legal_entity"},
                                Word{"FRENCH_PEA", "french_pea"},
                                Word{"ISA", "isa"},
                                Word{"CHILD", "child"},
                                Word{"BUSINESS", "business"},
                                Word{"JOINT", "joint"}};
constexpr std::array account_type{Word{"TRADING", "trading"}, Word{"PORTFOLIO", "portfolio"}};
constexpr std::array roles{Word{"OWNER", "owner"}, Word{"GUARDIAN", "guardian"}, Word{"CHILD", "child"}};

json::Value address(std::string_view kind, const json::Object& sent, Tally& tally) {
    Source from("upvest address", sent, tally);
    Facts facts;
    Reader read(from, facts);
    json::Array street;
    for (const std::string_view line : {"address_line1", "address_line2"}) {
        if (const json::Value* text = from.take(line)) street.push_back(*text);
    }
    read.constant("kind", kind);
    read.constant("street", std::move(street));
    read.text({"postcode"}, "postal_code");
    read.text({"city"}, "city");
    read.text({"state"}, "region");
    read.text({"country"}, "country");
    json::Object out;
    write_facts(out, facts);
    return out;
}

void read_addresses(Source& from, ExpectedProfile& profile, Tally& tally) {
    json::Array addresses;
    for (const auto& [theirs, ours] : {std::pair<std::string, std::string_view>{"address", "residential"},
                                       {"postal_address", "mailing"}}) {
        const json::Value* sent = from.take(theirs);
        if (sent == nullptr) continue;
        if (sent->if_object() != nullptr) {
            addresses.push_back(address(ours, *sent->if_object(), tally));
        } else {
            profile.login["details." + theirs] = {*sent};
        }
    }
    if (!addresses.empty()) profile.person["addresses"] = {std::move(addresses)};
}

void expect_user(ExpectedWorld& world, const Viewer& viewer, const std::string& connection,
                 const json::Value& sent) {
    ExpectedProfile& profile = world.profile(viewer, connection, provider, text(sent, "id"));
    Source from("upvest user", *sent.if_object(), world.tally);
    from.take("id");
    Reader person(from, profile.person);
    person.constant("kind", "person");
    person.choice({"salutation"}, "salutation", salutations);
    for (const std::string name :
         {"title", "first_name", "last_name", "birth_name", "birth_date", "decease_date", "email"}) {
        person.text({name}, name);
    }
    person.text({"phone_number"}, "phone");
    person.text({"birth_city"}, "citizenship.birth_city");
    person.text({"birth_country"}, "citizenship.birth_country");
    person.tree("nationalities", "citizenship.nationalities");
    person.text({"social_security_number"}, "tax.number");
    person.time({"terms_and_conditions.confirmed_at"}, "agreements.terms_and_conditions_confirmed_at");
    person.time({"data_privacy_and_sharing_agreement.confirmed_at"}, "agreements.data_privacy_confirmed_at");
    person.time({"fatca.confirmed_at"}, "agreements.fatca_confirmed_at");
    read_addresses(from, profile, world.tally);
    Reader login(from, profile.login);
    login.choice({"status"}, "status", user_status);
    for (const std::string name : {"terms_and_conditions.consent_document_id",
                                   "data_privacy_and_sharing_agreement.consent_document_id", "fatca.status",
                                   "branch_id", "gender", "tags"}) {
        login.tree(name, "details." + name);
    }
    login.time({"created_at"}, "details.source_created_at");
    login.time({"updated_at"}, "details.source_updated_at");
}

/// The part each user plays; a user who is named twice keeps the owner's.
void expect_members(ExpectedWorld& world, const Viewer& viewer, EntityKind kind, const std::string& id,
                    Source& from) {
    const json::Value* users = from.take("users");
    if (users == nullptr) return;
    for (const json::Value& user : *users->if_array()) {
        Source member("upvest member", *user.if_object(), world.tally);
        const std::string profile = *member.take("id")->if_string();
        const std::string type = *member.take("type")->if_string();
        Facts& grant = world.grant(viewer, provider, profile, kind, id);
        if (!grant.empty() && type != "OWNER") continue;
        const std::string_view role = ours_of(type, roles);
        grant["role"] = {role, type};
        grant["level"] = {role == "owner" ? "owner" : "other", type};
    }
}

void expect_group(ExpectedWorld& world, const Viewer& viewer, const std::string& connection,
                  const json::Value& sent) {
    const std::string id = text(sent, "id");
    ExpectedTarget& group = world.target(viewer, connection, EntityKind::account_group, provider, id);
    Source from("upvest account group", *sent.if_object(), world.tally);
    from.take("id");
    Reader read(from, group.facts);
    read.choice({"type"}, "type", group_type);
    read.choice({"status"}, "status", status);
    read.text({"securities_account_number"}, "securities_account_number");
    read.tree("business_id", "details.business_id");
    read.time({"created_at"}, "details.source_created_at");
    read.time({"updated_at"}, "source_updated_at");
    expect_members(world, viewer, EntityKind::account_group, id, from);
}

void expect_account(ExpectedWorld& world, const Viewer& viewer, const std::string& connection,
                    const json::Value& sent) {
    const std::string id = text(sent, "id");
    ExpectedTarget& account = world.target(viewer, connection, EntityKind::account, provider, id);
    Source from("upvest account", *sent.if_object(), world.tally);
    from.take("id");
    Reader read(from, account.facts);
    read.text({"account_number"}, "number");
    read.text({"name"}, "name");
    read.choice({"type"}, "type", account_type);
    read.choice({"status"}, "status", status);
    if (const json::Value* group = from.take("account_group_id")) {
        read.constant("account_group_id",
                      viewer.id_of(provider, EntityKind::account_group, *group->if_string()));
    }
    read.tree("business_id", "details.business_id");
    read.time({"created_at"}, "details.source_created_at");
    read.time({"updated_at"}, "source_updated_at");
    expect_members(world, viewer, EntityKind::account, id, from);
}

}  // namespace

void expect_upvest(ExpectedWorld& world, const Viewer& viewer, const json::Value& views) {
    for (const json::Entry& view : *views.if_object()) {
        const auto connection = viewer.connections.find(view.key);
        if (connection == viewer.connections.end()) continue;
        for (const json::Value& user : array(view.value, "users")) {
            expect_user(world, viewer, connection->second, user);
        }
        for (const json::Value& group : array(view.value, "account_groups")) {
            expect_group(world, viewer, connection->second, group);
        }
        for (const json::Value& account : array(view.value, "accounts")) {
            expect_account(world, viewer, connection->second, account);
        }
    }
}

}  // namespace tributary::e2e
