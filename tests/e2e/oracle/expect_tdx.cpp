// T-DX's objects in our words, from its guides and adapters/tdx/MAPPING.md.
#include <algorithm>
#include <array>

#include "tests/e2e/oracle/expected_world.hpp"
#include "tests/e2e/system/tree.hpp"

namespace tributary::e2e {

using domain::EntityKind;

namespace {

constexpr std::string_view provider = "tdx";

constexpr std::array user_status{Word{"STATUS_ACTIVE", "active"}, Word{"STATUS_INACTIVE", "inactive"},
                                 Word{"STATUS_PENDING_MFA", "pending"},
                                 Word{"STATUS_PENDING_PASSWORD_RESET", "pending"}};
constexpr std::array user_type{Word{"TYPE_FRONT_OFFICE", "front_office"},
                               Word{"TYPE_BACK_OFFICE", "back_office"}, Word{"TYPE_SYSTEM", "system"}};
constexpr std::array account_status{Word{"STATUS_ACTIVE", "active"}, Word{"STATUS_INACTIVE", "inactive"},
                                    Word{"STATUS_SUSPENDED", "suspended"}};
constexpr std::array account_type{Word{"TYPE_NOMINATIVE", "individual"}, Word{"TYPE_SOCIETY", "corporate"},
                                  Word{"TYPE_BANK", "bank"}};
constexpr std::array verification{Word{"VERIFICATION_STATUS_UNVERIFIED", "unverified"},
                                  Word{"VERIFICATION_STATUS_PENDING_APPROVAL", "pending_approval"},
                                  Word{"VERIFICATION_STATUS_APPROVED", "approved"},
                                  Word{"VERIFICATION_STATUS_PENDING_VERIFY", "pending_verify"},
                                  Word{"VERIFICATION_STATUS_VERIFIED", "verified"},
                                  Word{"VERIFICATION_STATUS_REJECTED", "rejected"}};
constexpr std::array classification{Word{"CLASSIFICATION_RETAIL", "retail"}};
constexpr std::array sub_account_type{Word{"TYPE_MAIN", "main"}, Word{"TYPE_SUB", "sub"},
                                      Word{"TYPE_CUSTODY", "custody"}};
constexpr std::array venue{Word{"VENUE_MARKETPLACE", "marketplace"}, Word{"VENUE_OTC", "otc"}};
constexpr std::array language{Word{"LANGUAGE_ENGLISH", "english"}, Word{"LANGUAGE_GERMAN", "german"},
                              Word{"LANGUAGE_FRENCH", "french"}};

/// Level and permissions of a grant; a list row tells neither.
Facts grant_of(const json::Value* permissions) {
    Facts grant;
    if (permissions == nullptr || permissions->if_object() == nullptr) return grant;
    const auto may = [&](std::string_view flag) {
        const json::Value* value = permissions->find(flag);
        return value != nullptr && value->if_bool() != nullptr && *value->if_bool();
    };
    const std::string_view level = may("canWithdraw") ? "owner"
                                   : may("canTrade")  ? "trade_only"
                                   : may("canRead")   ? "read_only"
                                                      : "other";
    grant["level"] = {level};
    grant["permissions"] = {with_snake_keys(*permissions)};
    return grant;
}

/// Reads the views of T-DX's logins, the own users first: a list row only completes what they say.
class TdxExpectation {
  public:
    TdxExpectation(ExpectedWorld& world, const Viewer& viewer) : world_(world), viewer_(viewer) {}

    void own(const std::string& connection, const json::Value& view) {
        user(connection, *find(view, "user"), "tdx user");
        const std::string id = text(view, "user.id");
        ExpectedProfile& profile = world_.profile(viewer_, connection, provider, id);
        if (const json::Value* sent = find(view, "preferences"); sent->if_object() != nullptr) {
            preferences(profile, *sent->if_object());
        }
        if (json::Array all = attributes(array(view, "user_attributes")); !all.empty()) {
            profile.login["attributes"] = {std::move(all)};
        }
        if (const json::Value* sent = find(view, "client_account"); sent->if_object() != nullptr) {
            client_account(connection, *sent, array(view, "client_account_attributes"));
        }
        for (const json::Value& sent : array(view, "sub_accounts")) {
            sub_account(connection, sent);
        }
    }

    void listed(const std::string& connection, const json::Value& view) {
        for (const json::Value& row : array(view, "users")) {
            user(connection, row, "tdx listed user");
        }
    }

  private:
    void grant(const std::string& profile, EntityKind kind, const std::string& target, Facts facts) {
        complete(world_.grant(viewer_, provider, profile, kind, target), std::move(facts));
    }

    void user(const std::string& connection, const json::Value& sent, const std::string& shape) {
        Source from(shape, *sent.if_object(), world_.tally);
        const std::string id = *from.take("id")->if_string();
        ExpectedProfile& profile = world_.profile(viewer_, connection, provider, id);
        Facts person;
        Facts login;
        read_person(from, person);
        read_login(from, login);
        const json::Value* permissions = from.take("permissions");
        if (permissions != nullptr) login["details.permissions"] = {with_snake_keys(*permissions)};
        if (const json::Value* account = from.take("clientAccountId")) {
            grant(id, EntityKind::account, *account->if_string(), grant_of(permissions));
        }
        if (const json::Value* granted = from.take("subAccounts")) {
            login["details.sub_accounts"] = {sub_account_grants(id, *granted->if_array())};
        }
        complete(profile.person, std::move(person));
        complete(profile.login, std::move(login));
    }

    static void read_person(Source& from, Facts& person) {
        Reader read(from, person);
        read.text({"firstname"}, "first_name");
        read.text({"lastname"}, "last_name");
        read.text({"email"}, "email");
        read.text({"phoneNumber"}, "phone");
        const json::Value* type = from.take("type");
        if (type != nullptr &&
            (*type == json::Value("TYPE_FRONT_OFFICE") || *type == json::Value("TYPE_BACK_OFFICE"))) {
            read.constant("kind", "person");
        }
    }

    static void read_login(Source& from, Facts& login) {
        Reader read(from, login);
        read.choice({"status"}, "status", user_status);
        read.choice({"type"}, "details.type", user_type);
        read.text({"username"}, "details.username");
        read.flag({"MFAEnabled"}, "details.mfa_enabled");
        read.time({"createdAt"}, "details.source_created_at");
        read.time({"updatedAt"}, "details.source_updated_at");
    }

    json::Array sub_account_grants(const std::string& user, const json::Array& granted) {
        json::Array kept;
        for (const json::Value& element : granted) {
            Source from("tdx user's sub-account", *element.if_object(), world_.tally);
            const std::string id = *from.take("id")->if_string();
            Facts entry;
            Reader read(from, entry);
            read.text({"id"}, "id");
            read.text({"name"}, "name");
            grant(user, EntityKind::sub_account, id, grant_of(from.take("permissions")));
            json::Object written;
            write_facts(written, entry);
            kept.emplace_back(std::move(written));
        }
        return kept;
    }

    void preferences(ExpectedProfile& profile, const json::Object& sent) {
        Source from("tdx preferences", sent, world_.tally);
        from.exempt("userId");
        Reader read(from, profile.login);
        read.text({"id"}, "preferences.id");
        read.choice({"language"}, "preferences.language", language);
        for (const std::string name :
             {"orderPlacement", "orderConfirmation", "orderCancellation", "settlementLine"}) {
            read.flag({"notifications." + name}, "preferences.notifications." + snake_case(name));
        }
        read.time({"createdAt"}, "preferences.created_at");
        read.time({"updatedAt"}, "preferences.updated_at");
    }

    json::Array attributes(const json::Array& sent) {
        json::Array all;
        for (const json::Value& attribute : sent) {
            Source from("tdx attribute", *attribute.if_object(), world_.tally);
            Facts facts;
            Reader read(from, facts);
            for (const std::string name : {"id", "type", "subType", "key", "value", "contentType"}) {
                read.text({name}, snake_case(name));
            }
            read.time({"createdAt"}, "created_at");
            read.time({"updatedAt"}, "updated_at");
            json::Object written;
            write_facts(written, facts);
            all.emplace_back(std::move(written));
        }
        std::ranges::sort(all, {}, [](const json::Value& attribute) { return text(attribute, "id"); });
        return all;
    }

    void client_account(const std::string& connection, const json::Value& sent, const json::Array& hung_on) {
        const std::string id = text(sent, "id");
        ExpectedTarget& account = world_.target(viewer_, connection, EntityKind::account, provider, id);
        Source from("tdx client account", *sent.if_object(), world_.tally);
        from.take("id");
        Reader read(from, account.facts);
        read.text({"legalName"}, "name");
        read.choice({"type"}, "type", account_type);
        read.choice({"status"}, "status", account_status);
        read.choice({"verificationStatus"}, "details.verification_status", verification);
        read.choice({"classification"}, "details.classification", classification);
        read.text({"taxResidency"}, "details.tax_residency");
        read.time({"createdAt"}, "details.source_created_at");
        read.time({"updatedAt"}, "source_updated_at");
        if (json::Array all = attributes(hung_on); !all.empty()) {
            account.facts["details.attributes"] = {std::move(all)};
        }
    }

    void sub_account(const std::string& connection, const json::Value& sent) {
        const std::string id = text(sent, "id");
        ExpectedTarget& target = world_.target(viewer_, connection, EntityKind::sub_account, provider, id);
        Source from("tdx sub-account", *sent.if_object(), world_.tally);
        from.take("id");
        Reader read(from, target.facts);
        if (const json::Value* account = from.take("clientAccountId")) {
            read.constant("account_id", viewer_.id_of(provider, EntityKind::account, *account->if_string()));
        }
        read.text({"name"}, "name");
        read.choice({"type"}, "type", sub_account_type);
        read.choice({"venue"}, "venue", venue);
        read.tree("pairs", "pairs");
        read.time({"createdAt"}, "details.source_created_at");
        read.time({"updatedAt"}, "source_updated_at");
    }

    ExpectedWorld& world_;
    const Viewer& viewer_;
};

}  // namespace

void expect_tdx(ExpectedWorld& world, const Viewer& viewer, const json::Value& views) {
    TdxExpectation expectation(world, viewer);
    for (const bool own : {true, false}) {
        for (const json::Entry& view : *views.if_object()) {
            const auto connection = viewer.connections.find(view.key);
            if (connection == viewer.connections.end() || view.value.if_object() == nullptr) continue;
            own ? expectation.own(connection->second, view.value)
                : expectation.listed(connection->second, view.value);
        }
    }
}

}  // namespace tributary::e2e
