#include <doctest/doctest.h>

#include <algorithm>

#include "adapters/upvest/decode.hpp"
#include "domain/json/write.hpp"
#include "tests/unit/upvest/fixtures.hpp"

using namespace tributary;
using domain::AddressKind;
using domain::DriftKind;
using domain::EntityKind;
using domain::EnumPair;
using domain::Page;
using domain::Profile;
using domain::ProfileStatus;
using domain::Salutation;

namespace {

Page users() {
    auto page = upvest::decode_list(EntityKind::profile, tests::fixture_text("users"));
    REQUIRE(page);
    REQUIRE(page->observations.size() == 3);
    return std::move(*page);
}

const Profile& profile_of(const Page& page, std::size_t i = 0) {
    return std::get<Profile>(page.observations.at(i).normalized);
}

Page decoded(std::string_view item) {
    Page page;
    upvest::decode_item(EntityKind::profile, tests::parse_or_fail(item), page);
    REQUIRE(page.observations.size() == 1);
    return page;
}

bool noted(const Page& page, DriftKind kind, std::string_view path) {
    return std::ranges::any_of(page.drift,
                               [&](const auto& note) { return note.kind == kind && note.path == path; });
}

domain::Timestamp time(std::string_view text) {
    return domain::parse_timestamp(text).value();
}

domain::Address address(AddressKind kind, std::vector<std::string> street, std::string postal_code,
                        std::string city, std::string country) {
    domain::Address made;
    made.kind = EnumPair<AddressKind>{kind};
    made.street = std::move(street);
    made.postal_code = std::move(postal_code);
    made.city = std::move(city);
    made.country = std::move(country);
    return made;
}

}  // namespace

TEST_CASE("a user with every documented field becomes the whole profile, without drift") {
    const Page page = users();
    Profile expected;
    expected.kind = EnumPair<domain::ProfileKind>{domain::ProfileKind::person};
    expected.status = EnumPair<ProfileStatus>{ProfileStatus::active, "ACTIVE"};
    expected.salutation = EnumPair<Salutation>{Salutation::mrs, "SALUTATION_FEMALE_MARRIED"};
    expected.title = std::string("PROF_DR");
    expected.first_name = std::string("Zoë");
    expected.last_name = std::string("Müller-Lüdenscheidt");
    expected.birth_name = std::string("Østergård");
    expected.birth_date = domain::parse_date("1984-02-29").value();
    expected.decease_date = domain::Null{};
    expected.email = std::string("zoe.mueller@example.com");
    expected.phone = std::string("+4915123456789");
    expected.addresses = {
        address(AddressKind::residential, {"Unter den Linden 12a", "Hinterhaus"}, "10117", "Berlin", "DE"),
        address(AddressKind::mailing, {"Postfach 7"}, "01067", "Dresden", "DE")};
    expected.addresses[0].region = std::string("BE");
    expected.citizenship.birth_city = std::string("Århus");
    expected.citizenship.birth_country = std::string("DK");
    expected.citizenship.nationalities = {"DK", "DE"};
    expected.tax.number = std::string("0123456789");
    expected.agreements.terms_and_conditions_confirmed_at = time("2020-02-03T17:14:46Z");
    expected.agreements.data_privacy_confirmed_at = time("2021-02-03T17:14:47Z");
    expected.agreements.fatca_confirmed_at = time("2020-02-03T17:14:48Z");
    expected.details = *tests::parse_or_fail(R"({
        "terms_and_conditions": {"consent_document_id": "62814307-f14b-40af-bc66-5942a549a759"},
        "data_privacy_and_sharing_agreement": {"consent_document_id": "dd42b6a9-d04d-4dd2-8c3b-36386eaa843a"},
        "fatca": {"status": false},
        "branch_id": "b1f6a4f8-6a39-4a43-9b0e-6a2e4a5b7c11", "gender": "FEMALE", "tags": ["CLIENT_EMPLOYEE"]})")
                            .if_object();
    expected.source_created_at = time("2021-07-21T14:10:00.123456Z");
    expected.source_updated_at = time("2024-02-29T23:59:59.5Z");

    const Profile& profile = profile_of(page);
    domain::for_each_member_pair(expected, profile,
                                 [](std::string_view name, const auto& wanted, const auto& got) {
                                     INFO("member: ", name);
                                     CHECK((wanted == got));
                                 });
    CHECK(json::write(profile.details) == json::write(expected.details));
    CHECK(page.observations[0].entity ==
          domain::EntityRef{EntityKind::profile, "413715f2-5401-4b97-8055-034a6b879f8c"});
    CHECK(page.observations[0].source_updated_at == expected.source_updated_at.value());
    CHECK(page.observations[0].access.empty());
    CHECK(page.drift.empty());
}

TEST_CASE("null, empty and absent are three different things") {
    const Page page = users();
    const Profile& lee = profile_of(page, 1);
    CHECK(lee.salutation.is_null());
    CHECK(lee.title.is_null());
    CHECK(lee.decease_date.value() == domain::parse_date("2023-07-20").value());
    CHECK(lee.addresses.size() == 1);
    const json::Value* postal = json::find(lee.details, "postal_address");
    REQUIRE(postal != nullptr);
    CHECK(postal->is_null());
    CHECK(lee.email.is_absent());
    CHECK(lee.tax.number.is_absent());

    const Profile& ana = profile_of(page, 2);
    CHECK(ana.salutation.is_absent());
    CHECK(ana.decease_date.is_absent());
    CHECK(ana.email.is_null());
    CHECK(ana.agreements.fatca_confirmed_at.is_absent());
    CHECK(ana.details.empty());
}

TEST_CASE("every documented status and salutation is known, and others keep their text") {
    const Page page = users();
    CHECK(profile_of(page, 1).status.value() ==
          EnumPair<ProfileStatus>{ProfileStatus::offboarded, "OFFBOARDED"});
    CHECK(profile_of(page, 2).status.value() == EnumPair<ProfileStatus>{ProfileStatus::inactive, "INACTIVE"});

    struct Row {
        std::string_view text;
        Salutation value;
    };

    constexpr Row rows[] = {{"SALUTATION_MALE", Salutation::mr},
                            {"SALUTATION_FEMALE", Salutation::mrs},
                            {"SALUTATION_DIVERSE", Salutation::diverse},
                            {"SALUTATION_ROYAL", Salutation::other}};
    for (const Row& row : rows) {
        const Page one =
            decoded(R"({"id":"u","status":"OFFBOARDING","salutation":")" + std::string(row.text) + "\"}");
        CHECK(profile_of(one).salutation.value() == EnumPair<Salutation>{row.value, std::string(row.text)});
        CHECK(profile_of(one).status.value().value == ProfileStatus::offboarding);
        CHECK(noted(one, DriftKind::unknown_value, "salutation") == (row.value == Salutation::other));
        for (const domain::DriftNote& note : one.drift) {
            CHECK(note.found != row.text);
        }
    }
}

TEST_CASE("a user with nothing but an id is a person, and what the contract promises is noted as missing") {
    const Page page = decoded(R"({"id":"u"})");
    Profile expected;
    expected.kind = EnumPair<domain::ProfileKind>{domain::ProfileKind::person};
    CHECK((profile_of(page) == expected));
    for (const auto* key : {"created_at", "updated_at", "first_name", "last_name", "birth_date",
                            "nationalities", "address", "status"}) {
        CHECK(noted(page, DriftKind::missing_key, key));
    }
    CHECK(page.drift.size() == 8);
}

TEST_CASE("changed types never cost the user, and what has no other place stays in the details as it came") {
    const Page page = decoded(
        R"({"id":"u","first_name":7,"birth_date":"29.02.1984","nationalities":"DE","address":"Berlin","fatca":true,
            "terms_and_conditions":{"confirmed_at":"soon","version":2},"postal_address":{"city":null,"floor":"3"},
            "tags":"X","pep":true})");
    const Profile& profile = profile_of(page);
    CHECK(profile.first_name.value() == "7");
    CHECK(profile.birth_date.is_absent());
    CHECK(profile.citizenship.nationalities.empty());
    REQUIRE(profile.addresses.size() == 1);
    CHECK(profile.addresses[0].city.is_null());
    CHECK(profile.agreements.terms_and_conditions_confirmed_at.is_absent());
    CHECK(json::write(profile.details) == R"({"address":"Berlin","fatca":true,"tags":"X"})");
    CHECK(noted(page, DriftKind::changed_type, "first_name"));
    CHECK(noted(page, DriftKind::unreadable_value, "birth_date"));
    CHECK(noted(page, DriftKind::changed_type, "nationalities"));
    CHECK(noted(page, DriftKind::changed_type, "address"));
    CHECK(noted(page, DriftKind::changed_type, "fatca"));
    CHECK(noted(page, DriftKind::unreadable_value, "terms_and_conditions.confirmed_at"));
    CHECK(noted(page, DriftKind::new_field, "terms_and_conditions.version"));
    CHECK(noted(page, DriftKind::new_field, "postal_address.floor"));
    CHECK(noted(page, DriftKind::missing_key, "postal_address.address_line1"));
    CHECK(noted(page, DriftKind::new_field, "pep"));
}

TEST_CASE("drift notes of a user hold no value of hers") {
    const Page page =
        decoded(R"({"id":"u","first_name":{"x":"Zoe"},"birth_date":"Zoe","email":["Zoe"],"nick":"Zoe"})");
    for (const auto& note : page.drift) {
        CHECK(note.found.find("Zoe") == std::string::npos);
    }
}
