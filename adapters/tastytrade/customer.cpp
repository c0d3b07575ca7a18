#include "adapters/tastytrade/customer.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "adapters/decode/object_reader.hpp"
#include "adapters/tastytrade/details.hpp"
#include "adapters/tastytrade/entity.hpp"
#include "adapters/tastytrade/suitability.hpp"

namespace tributary::tastytrade {

using decode::EnumText;
using decode::ObjectReader;
using domain::AddressKind;
using domain::DriftNote;
using domain::EnumPair;
using domain::Field;
using domain::Profile;
using domain::ProfileKind;

namespace {

constexpr EnumText<ProfileKind> kinds[] = {{"Person", ProfileKind::person}, {"Entity", ProfileKind::entity}};

constexpr EnumText<domain::UsaCitizenship> usa_citizenships[] = {
    {"Citizen", domain::UsaCitizenship::citizen},
    {"Permanent Resident", domain::UsaCitizenship::permanent_resident}};

constexpr EnumText<domain::TaxNumberType> tax_number_types[] = {{"SSN", domain::TaxNumberType::ssn},
                                                                {"ITIN", domain::TaxNumberType::itin},
                                                                {"EIN", domain::TaxNumberType::ein}};

constexpr DetailField customer_fields[] = {
    {"external-id"},
    {"first-surname"},
    {"second-surname"},
    {"home-phone-number"},
    {"work-phone-number"},
    {"home-phone-number-details", Shape::tree},
    {"mobile-phone-number-details", Shape::tree},
    {"work-phone-number-details", Shape::tree},
    {"signature-of-agreement", Shape::flag},
    {"has-institutional-assets", Shape::flag},
    {"is-investment-adviser", Shape::flag},
    {"industry-affiliation-firm"},
    {"listed-affiliation-symbol"},
    {"political-organization"},
    {"family-member-names"},
    {"gender"},
    {"desk-customer-id"},
    {"ext-crm-id"},
    {"user-id"},
    {"regulatory-domain"},
    {"cherry-club-date"},
    {"permitted-account-types", Shape::tree},
};

constexpr DetailField person_fields[] = {
    {"external-id"},         {"first-name"},
    {"last-name"},           {"middle-name"},
    {"prefix-name"},         {"suffix-name"},
    {"birth-date"},          {"birth-country"},
    {"citizenship-country"}, {"usa-citizenship-type"},
    {"visa-type"},           {"visa-expiration-date"},
    {"marital-status"},      {"number-of-dependents", Shape::number},
    {"employment-status"},   {"occupation"},
    {"employer-name"},       {"job-title"},
};

constexpr DetailField suitability_fields[] = {{"customer-id", Shape::tree}};

const json::Object* object_in(const json::Object& object, std::string_view key) {
    const json::Value* value = json::find(object, key);
    return value != nullptr ? value->if_object() : nullptr;
}

/// The customer and the objects inside it, each read as an empty object where it is absent.
struct Parts {
    Parts(const json::Object& customer, std::vector<DriftNote>& notes)
        : top(customer, "", notes),
          person_object(top.object("person")),
          entity_object(top.object("entity")),
          suitability_object(top.object("customer-suitability")),
          entity_suitability(object_in(or_empty(entity_object), "entity-suitability")),
          person(or_empty(person_object), "person", notes),
          entity(or_empty(entity_object), "entity", notes),
          suitability(suitability_object != nullptr
                          ? ObjectReader(*suitability_object, "customer-suitability", notes)
                          : ObjectReader(or_empty(entity_suitability), "entity.entity-suitability", notes)) {}

    ObjectReader top;
    const json::Object* person_object;
    const json::Object* entity_object;
    const json::Object* suitability_object;
    /// Serves where the customer has no suitability of its own.
    const json::Object* entity_suitability;
    ObjectReader person;
    ObjectReader entity;
    ObjectReader suitability;
};

/// `identifiable-type`, else which of the two objects is there.
Field<EnumPair<ProfileKind>> read_kind(Parts& from) {
    Field<EnumPair<ProfileKind>> kind = from.top.choice<ProfileKind>("identifiable-type", kinds);
    if (kind.has_value() || (from.entity_object == nullptr && from.person_object == nullptr)) {
        return kind;
    }
    return EnumPair<ProfileKind>{from.entity_object != nullptr ? ProfileKind::entity : ProfileKind::person};
}

void read_identity(Parts& from, Profile& profile) {
    const auto text = [&](std::string_view key) {
        return first_of(from.top.text(key), from.person.text(key));
    };
    profile.kind = read_kind(from);
    profile.first_name = text("first-name");
    profile.middle_name = text("middle-name");
    profile.last_name = text("last-name");
    profile.prefix_name = text("prefix-name");
    profile.suffix_name = text("suffix-name");
    profile.legal_name = from.entity.text("legal-name");
    profile.birth_date = first_of(from.top.date("birth-date"), from.person.date("birth-date"));
    profile.email = first_of(from.top.text("email"), from.entity.text("email"));
    profile.phone = first_of(from.top.text("mobile-phone-number"), from.entity.text("phone-number"));
    profile.source_created_at = from.top.timestamp("created-at");
}

domain::Address read_address(AddressKind kind, const json::Object& object, std::string path,
                             std::vector<DriftNote>& notes) {
    ObjectReader reader(object, std::move(path), notes);
    domain::Address address;
    address.kind = EnumPair<AddressKind>{kind};
    for (const std::string_view line : {"street-one", "street-two", "street-three"}) {
        Field<std::string> street = reader.text(line);
        if (street.has_value()) {
            address.street.push_back(std::move(street.value()));
        }
    }
    address.city = reader.text("city");
    address.region = reader.text("state-region");
    address.postal_code = reader.text("postal-code");
    address.country = reader.text("country");
    address.is_foreign = reader.boolean("is-foreign");
    address.is_domestic = reader.boolean("is-domestic");
    reader.finish();
    return address;
}

/// An entity's own addresses serve where the customer has none of the kind.
void read_addresses(Parts& from, std::vector<DriftNote>& notes, Profile& profile) {
    for (const auto& [key, kind] :
         {std::pair<std::string_view, AddressKind>{"address", AddressKind::residential},
          {"mailing-address", AddressKind::mailing}}) {
        const json::Object* own = from.top.object(key);
        const json::Object* object = own != nullptr ? own : from.entity.object(key);
        if (object != nullptr && !object->empty()) {
            const std::string path = own != nullptr ? from.top.path_of(key) : from.entity.path_of(key);
            profile.addresses.push_back(read_address(kind, *object, path, notes));
        }
    }
}

void read_citizenship_and_tax(Parts& from, Profile& profile) {
    const auto text = [&](std::string_view key) {
        return first_of(from.top.text(key), from.person.text(key));
    };
    const auto usa = [](ObjectReader& reader) {
        return reader.personal_choice<domain::UsaCitizenship>("usa-citizenship-type", usa_citizenships);
    };
    profile.citizenship.country = text("citizenship-country");
    profile.citizenship.birth_country = text("birth-country");
    profile.citizenship.usa_citizenship_type = first_of(usa(from.top), usa(from.person));
    profile.citizenship.visa_type = text("visa-type");
    profile.citizenship.visa_expires_on =
        first_of(from.top.date("visa-expiration-date"), from.person.date("visa-expiration-date"));
    profile.citizenship.is_foreign = from.top.boolean("is-foreign");
    profile.tax.number = first_of(from.top.text("tax-number"), from.entity.text("tax-number"));
    profile.tax.number_type =
        from.top.personal_choice<domain::TaxNumberType>("tax-number-type", tax_number_types);
    profile.tax.foreign_number = from.top.text("foreign-tax-number");
    profile.tax.subject_to_withholding = from.top.boolean("subject-to-tax-withholding");
}

void read_agreements(ObjectReader& top, domain::Agreements& agreements) {
    agreements.margining = top.boolean("agreed-to-margining");
    agreements.terms = top.boolean("agreed-to-terms");
    agreements.has_industry_affiliation = top.boolean("has-industry-affiliation");
    agreements.has_political_affiliation = top.boolean("has-political-affiliation");
    agreements.has_listed_affiliation = top.boolean("has-listed-affiliation");
    agreements.is_professional = top.boolean("is-professional");
    agreements.has_delayed_quotes = top.boolean("has-delayed-quotes");
    agreements.has_pending_or_approved_application = top.boolean("has-pending-or-approved-application");
}

void read_details(Parts& from, std::vector<DriftNote>& notes, json::Object& details) {
    copy_details(from.top, customer_fields, details);
    if (from.person_object != nullptr) {
        json::Object person;
        copy_details(from.person, person_fields, person);
        json::set(details, "person", std::move(person));
    }
    if (from.entity_object != nullptr) {
        json::set(details, "entity", entity_details(*from.entity_object, notes));
    }
    if (from.suitability_object != nullptr) {
        json::Object suitability;
        copy_details(from.suitability, suitability_fields, suitability);
        if (!suitability.empty()) {
            json::set(details, "customer_suitability", std::move(suitability));
        }
    }
}

}  // namespace

Profile normalize_customer(const json::Object& customer, std::vector<DriftNote>& notes) {
    std::vector<DriftNote> found;
    Parts from(customer, found);
    Profile profile;
    from.top.known("id");
    read_identity(from, profile);
    read_addresses(from, found, profile);
    read_citizenship_and_tax(from, profile);
    profile.suitability = read_suitability(from.suitability, from.person);
    profile.employment = read_employment(from.suitability, from.person);
    read_agreements(from.top, profile.agreements);
    read_details(from, found, profile.details);
    from.top.finish();
    from.person.finish();
    if (from.suitability_object != nullptr) {
        from.suitability.finish();
    }
    // A field that is read both into its place and into the details is noted once.
    std::ranges::sort(found);
    const auto repeated = std::ranges::unique(found);
    notes.insert(notes.end(), found.begin(), repeated.begin());
    return profile;
}

}  // namespace tributary::tastytrade
