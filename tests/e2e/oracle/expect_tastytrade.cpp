// tastytrade's objects in our words, from the pages of its API and adapters/tastytrade/MAPPING.md.
#include <array>

#include "tests/e2e/oracle/expected_world.hpp"
#include "tests/e2e/system/tree.hpp"

namespace tributary::e2e {

using domain::EntityKind;

namespace {

constexpr std::string_view provider = "tastytrade";

constexpr std::array kinds{Word{"Person", "person"}, Word{"Entity", "entity"}};
constexpr std::array usa_citizenship{Word{"Citizen", "citizen"},
                                     Word{"Permanent Resident", "permanent_resident"}};
constexpr std::array tax_numbers{Word{"SSN", "ssn"}, Word{"ITIN", "itin"}, Word{"EIN", "ein"}};
constexpr std::array marital{Word{"MARRIED", "married"}, Word{"SINGLE", "single"},
                             Word{"DIVORCED", "divorced"}, Word{"WIDOWED", "widowed"}};
constexpr std::array employment{Word{"EMPLOYED", "employed"}, Word{"SELF_EMPLOYED", "self_employed"},
                                Word{"UNEMPLOYED", "unemployed"}, Word{"RETIRED", "retired"},
                                Word{"STUDENT", "student"}};
constexpr std::array experience{Word{"NONE", "none"}, Word{"LIMITED", "limited"}, Word{"GOOD", "good"},
                                Word{"EXTENSIVE", "extensive"}};
constexpr std::array margin_or_cash{Word{"Margin", "margin"}, Word{"Cash", "cash"}};
constexpr std::array levels{Word{"owner", "owner"}, Word{"trade-only", "trade_only"},
                            Word{"read-only", "read_only"}};

json::Value address(std::string_view kind, const json::Object& sent, Tally& tally) {
    Source from("tastytrade address", sent, tally);
    Facts facts;
    Reader read(from, facts);
    json::Array street;
    for (const std::string_view line : {"street-one", "street-two", "street-three"}) {
        if (const json::Value* text = from.take(line)) street.push_back(*text);
    }
    read.constant("kind", kind);
    read.constant("street", std::move(street));
    read.text({"city"}, "city");
    read.text({"state-region"}, "region");
    read.text({"postal-code"}, "postal_code");
    read.text({"country"}, "country");
    read.flag({"is-foreign"}, "is_foreign");
    read.flag({"is-domestic"}, "is_domestic");
    json::Object out;
    write_facts(out, facts);
    return out;
}

void read_addresses(Source& from, Reader& read, Tally& tally) {
    json::Array addresses;
    for (const auto& [theirs, ours] :
         {std::pair<std::string_view, std::string_view>{"address", "residential"},
          {"mailing-address", "mailing"}}) {
        const json::Value* sent = from.take(theirs);
        if (sent != nullptr && sent->if_object() != nullptr) {
            addresses.push_back(address(ours, *sent->if_object(), tally));
        }
    }
    if (!addresses.empty()) read.constant("addresses", std::move(addresses));
}

void read_suitability(Reader& read) {
    read.text({"customer-suitability.id"}, "suitability.id");
    read.choice({"customer-suitability.marital-status", "person.marital-status"},
                "suitability.marital_status", marital);
    read.integer({"customer-suitability.number-of-dependents", "person.number-of-dependents"},
                 "suitability.number_of_dependents");
    for (const std::string name : {"annual-net-income", "net-worth", "liquid-net-worth", "tax-bracket"}) {
        read.text({"customer-suitability." + name}, "suitability." + snake_case(name));
    }
    for (const std::string name : {"stock", "covered-options", "uncovered-options", "futures"}) {
        const std::string field = name + "-trading-experience";
        read.choice({"customer-suitability." + field}, "suitability." + snake_case(field), experience);
    }
    read.choice({"customer-suitability.employment-status", "person.employment-status"}, "employment.status",
                employment);
    for (const std::string name : {"occupation", "employer-name", "job-title"}) {
        read.text({"customer-suitability." + name, "person." + name}, "employment." + snake_case(name));
    }
}

void read_person(Source& from, Facts& facts, Tally& tally) {
    Reader read(from, facts);
    read.choice({"identifiable-type"}, "kind", kinds);
    for (const std::string name :
         {"first-name", "middle-name", "last-name", "prefix-name", "suffix-name", "birth-date"}) {
        read.text({name, "person." + name}, snake_case(name));
    }
    read.text({"entity.legal-name"}, "legal_name");
    read.text({"email", "entity.email"}, "email");
    read.text({"mobile-phone-number", "entity.phone-number"}, "phone");
    read_addresses(from, read, tally);
    read.text({"citizenship-country", "person.citizenship-country"}, "citizenship.country");
    read.text({"birth-country", "person.birth-country"}, "citizenship.birth_country");
    read.choice({"usa-citizenship-type", "person.usa-citizenship-type"}, "citizenship.usa_citizenship_type",
                usa_citizenship);
    read.flag({"is-foreign"}, "citizenship.is_foreign");
    read.text({"tax-number", "entity.tax-number"}, "tax.number");
    read.choice({"tax-number-type"}, "tax.number_type", tax_numbers);
    read.text({"foreign-tax-number"}, "tax.foreign_number");
    read.flag({"subject-to-tax-withholding"}, "tax.subject_to_withholding");
    read_suitability(read);
    read.flag({"agreed-to-margining"}, "agreements.margining");
    read.flag({"agreed-to-terms"}, "agreements.terms");
    for (const std::string name :
         {"has-industry-affiliation", "has-political-affiliation", "has-listed-affiliation",
          "is-professional", "has-delayed-quotes", "has-pending-or-approved-application"}) {
        read.flag({name}, "agreements." + snake_case(name));
    }
}

void read_login(Source& from, Facts& facts) {
    Reader read(from, facts);
    for (const std::string name : {"external-id", "permitted-account-types", "person", "entity",
                                   "cherry-club-date", "home-phone-number"}) {
        read.tree(name, "details." + snake_case(name));
    }
    read.time({"created-at"}, "details.source_created_at");
}

/// How the provider itself names the customer; a customer without a name of its own is named after the
/// connection.
std::string customer_id(const json::Value& customer, const std::string& connection) {
    for (const std::string_view path : {"external-id", "person.external-id"}) {
        if (const std::string id = text(customer, path); !id.empty()) return id;
    }
    return connection;
}

void read_account(Source& from, Facts& facts) {
    Reader read(from, facts);
    read.text({"account-number"}, "number");
    read.text({"nickname"}, "name");
    if (const json::Value* type = from.take("account-type-name")) {
        const std::string& name = *type->if_string();
        const std::string_view ours = name == "Individual"        ? "individual"
                                      : name.starts_with("Joint") ? "joint"
                                                                  : "other";
        facts["type"] = {ours, name};
    }
    if (const json::Value* closed = from.take("is-closed")) {
        read.constant("status", closed->if_bool() != nullptr && *closed->if_bool() ? "closed" : "active");
    }
    read.time({"opened-at"}, "opened_at");
    read.time({"closed-at"}, "closed_at");
    read.time({"created-at"}, "details.source_created_at");
    read.choice({"margin-or-cash"}, "details.margin_or_cash", margin_or_cash);
    for (const std::string name : {"day-trader-status", "is-firm-error", "is-firm-proprietary",
                                   "is-futures-approved", "is-test-drive", "is-foreign"}) {
        read.flag({name}, "details." + snake_case(name));
    }
    for (const std::string name :
         {"external-id", "funding-date", "investment-objective", "futures-account-purpose",
          "suitable-options-level", "liquidity-needs", "regulatory-domain"}) {
        read.text({name}, "details." + snake_case(name));
    }
}

void expect_account(ExpectedWorld& world, const Viewer& viewer, const std::string& connection,
                    const std::string& owner, const json::Value& listed) {
    Source element("tastytrade listed account", *listed.if_object(), world.tally);
    const json::Object& sent = *element.take("account")->if_object();
    const std::string number = text(listed, "account.account-number");
    ExpectedTarget& account = world.target(viewer, connection, EntityKind::account, provider, number);
    Source from("tastytrade account", sent, world.tally);
    read_account(from, account.facts);
    Facts& grant = world.grant(viewer, provider, owner, EntityKind::account, number);
    Reader(element, grant).choice({"authority-level"}, "level", levels);
}

}  // namespace

void expect_tastytrade(ExpectedWorld& world, const Viewer& viewer, const json::Value& views) {
    for (const json::Entry& view : *views.if_object()) {
        const auto connection = viewer.connections.find(view.key);
        const json::Value* customer = find(view.value, "customer");
        if (connection == viewer.connections.end() || customer->if_object() == nullptr) continue;
        const std::string id = customer_id(*customer, connection->second);
        ExpectedProfile& profile = world.profile(viewer, connection->second, provider, id);
        Source from("tastytrade customer", *customer->if_object(), world.tally);
        from.exempt("id");
        read_person(from, profile.person, world.tally);
        read_login(from, profile.login);
        for (const json::Value& account : array(view.value, "accounts")) {
            expect_account(world, viewer, connection->second, id, account);
        }
    }
}

}  // namespace tributary::e2e
