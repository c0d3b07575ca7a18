#include <utility>

#include "tests/sandbox/population/moments.hpp"
#include "tests/sandbox/population/tastytrade_objects.hpp"

namespace tributary::sandbox {

namespace {

json::Object address(const Person& person) {
    const bool domestic = person.country == "US";
    return json::Object{{"street-one", person.street},   {"city", person.city},
                        {"state-region", person.region}, {"postal-code", person.postal_code},
                        {"country", person.country3},    {"is-foreign", !domestic},
                        {"is-domestic", domestic}};
}

struct Circumstances {
    std::string_view marital_status;
    std::uint64_t dependents;
    std::string_view employment_status;
    std::string_view occupation;
};

Circumstances circumstances(Rng& rng) {
    static constexpr std::string_view marital[] = {"MARRIED", "SINGLE", "DIVORCED", "WIDOWED"};
    static constexpr std::string_view employment[] = {"EMPLOYED", "SELF_EMPLOYED", "RETIRED", "UNEMPLOYED",
                                                      "STUDENT"};
    static constexpr std::string_view occupations[] = {"Technology", "Medicine", "Teaching", "Finance",
                                                       "Boulangerie"};
    return {rng.pick(marital), rng.below(5), rng.pick(employment), rng.pick(occupations)};
}

/// Amounts may exceed 32 bits. Loose: as text, as other decimals of the venue come.
json::Value amount(std::uint64_t value, CustomerStyle style) {
    return style == CustomerStyle::loose ? json::Value(std::to_string(value) + ".0") : json::Value(value);
}

json::Object suitability(const Circumstances& of, CustomerStyle style, Rng& rng) {
    static constexpr std::string_view experience[] = {"EXTENSIVE", "GOOD", "LIMITED", "NONE"};
    json::Object object;
    const std::uint64_t id = rng.below(100000);
    object.push_back(
        {"id", style == CustomerStyle::loose ? json::Value(std::to_string(id)) : json::Value(id)});
    object.push_back(
        {"marital-status", style == CustomerStyle::loose ? "REGISTERED_PARTNERSHIP" : of.marital_status});
    object.push_back({"number-of-dependents", of.dependents});
    object.push_back({"employment-status", of.employment_status});
    object.push_back({"occupation", of.occupation});
    object.push_back({"employer-name", "Example & Söhne"});
    object.push_back({"job-title", "Developer"});
    object.push_back({"annual-net-income", amount(50000 + rng.below(1000000), style)});
    object.push_back({"net-worth", amount(3000000000 + rng.below(1000000), style)});
    object.push_back({"liquid-net-worth", amount(rng.below(1000000), style)});
    object.push_back({"stock-trading-experience", rng.pick(experience)});
    object.push_back({"covered-options-trading-experience", rng.pick(experience)});
    object.push_back({"uncovered-options-trading-experience", rng.pick(experience)});
    object.push_back({"futures-trading-experience", rng.pick(experience)});
    return object;
}

json::Object nested_person(const Person& person, const Circumstances& of, Rng& rng) {
    return json::Object{{"external-id", "P" + rng.digits(10)},
                        {"first-name", person.first},
                        {"last-name", person.last},
                        {"birth-date", person.birth},
                        {"citizenship-country", person.country3},
                        {"usa-citizenship-type", person.country == "US" ? "Citizen" : "Non Resident Alien"},
                        {"marital-status", of.marital_status},
                        {"number-of-dependents", of.dependents},
                        {"employment-status", of.employment_status},
                        {"occupation", of.occupation},
                        {"employer-name", "Example & Söhne"},
                        {"job-title", "Developer"}};
}

/// The one part of the API that speaks snake_case.
json::Array permitted_account_types() {
    json::Array margin_types;
    margin_types.push_back(json::Object{{"name", "Margin"}, {"is_margin", true}});
    margin_types.push_back(json::Object{{"name", "Cash"}, {"is_margin", false}});
    json::Array types;
    types.push_back(json::Object{{"name", "Individual"},
                                 {"description", "An account of one owner"},
                                 {"is_tax_advantaged", false},
                                 {"is_publicly_available", true},
                                 {"has_multiple_owners", false},
                                 {"margin_types", std::move(margin_types)}});
    return types;
}

json::Value flag(bool value, CustomerStyle style) {
    return style == CustomerStyle::loose ? json::Value(value ? "true" : "false") : json::Value(value);
}

/// The keys every customer was seen with.
json::Object common(const Person& person, CustomerStyle style) {
    return json::Object{{"id", "me"},
                        {"first-name", person.first},
                        {"last-name", person.last},
                        {"address", address(person)},
                        {"mailing-address", address(person)},
                        {"usa-citizenship-type", person.country == "US" ? "Citizen" : "Non Resident Alien"},
                        {"is-foreign", flag(person.country != "US", style)},
                        {"mobile-phone-number", person.phone},
                        {"email", person.email},
                        {"tax-number-type", "SSN"},
                        {"birth-date", person.birth},
                        {"subject-to-tax-withholding", false},
                        {"agreed-to-margining", true},
                        {"has-industry-affiliation", false},
                        {"has-political-affiliation", false},
                        {"has-listed-affiliation", false},
                        {"is-professional", false},
                        {"has-delayed-quotes", false},
                        {"has-pending-or-approved-application", flag(true, style)}};
}

}  // namespace

json::Object tastytrade_customer(const Person& person, CustomerStyle style, Rng& rng) {
    json::Object customer = common(person, style);
    const Circumstances of = circumstances(rng);
    if (style == CustomerStyle::certification) {
        customer.push_back({"created-at", offset_text(random_moment(rng))});
        customer.push_back({"permitted-account-types", permitted_account_types()});
        return customer;
    }
    customer.push_back({"customer-suitability", suitability(of, style, rng)});
    customer.push_back({"tax-number", "*****" + person.tax.substr(5)});
    customer.push_back({"external-id", "C" + rng.digits(10)});
    customer.push_back({"citizenship-country", person.country3});
    customer.push_back({"agreed-to-terms", true});
    customer.push_back({"identifiable-type", "Person"});
    customer.push_back({"person", nested_person(person, of, rng)});
    if (style == CustomerStyle::loose) {
        customer.push_back({"cherry-club-date", "2024-02-29"});
        customer.push_back({"home-phone-number", json::Value()});
    }
    return customer;
}

json::Object tastytrade_entity(const Person& officer, Rng& rng) {
    json::Array officers;
    officers.push_back(json::Object{{"id", "1"},
                                    {"first-name", officer.first},
                                    {"last-name", officer.last},
                                    {"owner-of-record", true},
                                    {"relationship-to-entity", "DIRECTOR"}});
    json::Object entity{{"id", "77"},
                        {"legal-name", "Nordwind Beteiligungen GmbH"},
                        {"entity-type", "LIMITED_LIABILITY_COMPANY"},
                        {"business-nature", "Holding"},
                        {"email", "office@nordwind.example"},
                        {"phone-number", "+4930123456"},
                        {"tax-number", "*****4711"},
                        {"is-domestic", false},
                        {"foreign-institution", "NONE"},
                        {"address", address(officer)},
                        {"entity-officers", std::move(officers)}};
    return json::Object{{"id", "me"},
                        {"address", address(officer)},
                        {"mailing-address", address(officer)},
                        {"email", "office@nordwind.example"},
                        {"mobile-phone-number", "+4930123456"},
                        {"tax-number-type", "EIN"},
                        {"tax-number", "*****4711"},
                        {"external-id", "C" + rng.digits(10)},
                        {"is-foreign", true},
                        {"agreed-to-terms", true},
                        {"created-at", offset_text(random_moment(rng))},
                        {"identifiable-type", "Entity"},
                        {"entity", std::move(entity)}};
}

}  // namespace tributary::sandbox
