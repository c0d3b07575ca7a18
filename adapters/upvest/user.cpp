#include <span>
#include <utility>

#include "adapters/decode/object_reader.hpp"
#include "adapters/upvest/shapes.hpp"

namespace tributary::upvest {

using decode::EnumText;
using decode::ObjectReader;
using domain::AddressKind;
using domain::EnumPair;
using domain::Field;
using domain::Null;
using domain::ProfileStatus;
using domain::Salutation;

namespace {

constexpr EnumText<ProfileStatus> statuses[] = {{"ACTIVE", ProfileStatus::active},
                                                {"INACTIVE", ProfileStatus::inactive},
                                                {"OFFBOARDING", ProfileStatus::offboarding},
                                                {"OFFBOARDED", ProfileStatus::offboarded}};

constexpr EnumText<Salutation> salutations[] = {{"SALUTATION_MALE", Salutation::mr},
                                                {"SALUTATION_FEMALE", Salutation::mrs},
                                                {"SALUTATION_FEMALE_MARRIED", Salutation::mrs},
                                                {"SALUTATION_DIVERSE", Salutation::diverse}};

/// Upvest sends an empty salutation or title for "none is printed": a statement, so null and not absent.
bool says_none(const json::Object& object, std::string_view key) {
    const json::Value* value = json::find(object, key);
    return value != nullptr && value->if_string() != nullptr && value->if_string()->empty();
}

Field<EnumPair<Salutation>> read_salutation(ObjectReader& reader, const json::Object& object) {
    if (says_none(object, "salutation")) {
        reader.known("salutation");
        return Null{};
    }
    return reader.personal_choice<Salutation>("salutation", salutations);
}

Field<std::string> read_title(ObjectReader& reader, const json::Object& object) {
    const Field<std::string> title = reader.text("title");
    return says_none(object, "title") ? Field<std::string>(Null{}) : title;
}

domain::Address read_address(AddressKind kind, const json::Object& object, std::string path,
                             DriftNotes& notes) {
    note_missing(object, path, {"address_line1", "postcode", "city", "country"}, notes);
    ObjectReader reader(object, std::move(path), notes);
    domain::Address address;
    address.kind = EnumPair<AddressKind>{kind};
    for (const std::string_view key : {"address_line1", "address_line2"}) {
        if (const auto line = reader.text(key); line.has_value()) {
            address.street.push_back(line.value());
        }
    }
    address.postal_code = reader.text("postcode");
    address.city = reader.text("city");
    address.region = reader.text("state");
    address.country = reader.text("country");
    reader.finish();
    return address;
}

/// The member at `key` as an address. What is no address (null says that there is none) stays as it is in
/// details.
void read_address_at(std::string_view key, AddressKind kind, ObjectReader& reader, domain::Profile& profile,
                     DriftNotes& notes) {
    if (const json::Object* address = reader.object(key)) {
        profile.addresses.push_back(read_address(kind, *address, reader.path_of(key), notes));
    } else if (const auto other = reader.tree(key); other.has_value()) {
        json::set(profile.details, key, other.value());
    }
}

/// A consent: `confirmed_at` is when it was given, the rest (consent_document_id, the FATCA status) goes to
/// details.
Field<domain::Timestamp> read_consent(std::string_view key, ObjectReader& reader, json::Object& details,
                                      DriftNotes& notes) {
    const json::Object* consent = reader.object(key);
    if (consent == nullptr) {
        if (const auto other = reader.tree(key); other.has_value()) {
            json::set(details, key, other.value());
        }
        return {};
    }
    ObjectReader members(*consent, reader.path_of(key), notes);
    const Field<domain::Timestamp> confirmed_at = members.timestamp("confirmed_at");
    json::Object rest;
    for (const std::string_view known : {"consent_document_id", "status"}) {
        if (const auto value = members.tree(known); value.has_value()) {
            json::set(rest, known, value.value());
        }
    }
    members.finish();
    if (!rest.empty()) {
        json::set(details, key, std::move(rest));
    }
    return confirmed_at;
}

void read_person(ObjectReader& reader, const json::Object& object, domain::Profile& profile) {
    profile.salutation = read_salutation(reader, object);
    profile.title = read_title(reader, object);
    profile.first_name = reader.text("first_name");
    profile.last_name = reader.text("last_name");
    profile.birth_name = reader.text("birth_name");
    profile.birth_date = reader.date("birth_date");
    profile.decease_date = reader.date("decease_date");
    profile.email = reader.text("email");
    profile.phone = reader.text("phone_number");
    profile.citizenship.birth_city = reader.text("birth_city");
    profile.citizenship.birth_country = reader.text("birth_country");
    profile.citizenship.nationalities =
        reader.texts("nationalities").optional().value_or(std::vector<std::string>{});
    profile.tax.number = reader.text("social_security_number");
}

}  // namespace

Decoded<domain::Profile> decode_user(const json::Object& object, DriftNotes& notes) {
    ObjectReader reader(object, "", notes);
    Decoded<domain::Profile> decoded;
    domain::Profile& profile = decoded.entity;
    note_missing(object, "",
                 {"created_at", "updated_at", "first_name", "last_name", "birth_date", "nationalities",
                  "address", "status"},
                 notes);
    reader.known("id");
    profile.kind = EnumPair<domain::ProfileKind>{domain::ProfileKind::person};
    profile.status = reader.choice<ProfileStatus>("status", statuses);
    read_person(reader, object, profile);
    read_address_at("address", AddressKind::residential, reader, profile, notes);
    read_address_at("postal_address", AddressKind::mailing, reader, profile, notes);
    domain::Agreements& agreements = profile.agreements;
    agreements.terms_and_conditions_confirmed_at =
        read_consent("terms_and_conditions", reader, profile.details, notes);
    agreements.data_privacy_confirmed_at =
        read_consent("data_privacy_and_sharing_agreement", reader, profile.details, notes);
    agreements.fatca_confirmed_at = read_consent("fatca", reader, profile.details, notes);
    for (const std::string_view key : {"branch_id", "gender", "tags"}) {
        if (const auto value = reader.tree(key); value.has_value()) {
            json::set(profile.details, key, value.value());
        }
    }
    profile.source_created_at = reader.timestamp("created_at");
    profile.source_updated_at = reader.timestamp("updated_at");
    reader.finish();
    return decoded;
}

}  // namespace tributary::upvest
