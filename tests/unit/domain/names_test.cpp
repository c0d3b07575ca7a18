#include "domain/names.hpp"

#include <doctest/doctest.h>

using namespace tributary::domain;

namespace {

Profile named(std::string first, std::string last) {
    Profile profile;
    profile.first_name = std::move(first);
    profile.last_name = std::move(last);
    return profile;
}

}  // namespace

TEST_CASE("a full name is compared without case, compatibility forms and extra white space") {
    CHECK(full_name(named("José", "García")) == full_name(named("JOSE\xCC\x81",
                                                                " Garci\xCC\x81"
                                                                "a ")));
    CHECK(full_name(named("Anna  Maria", "Weiß")) == full_name(named("anna maria", "WEISS")));
    CHECK(full_name(named("\xEF\xBC\xAAohn", "Doe")) == full_name(named("John", "Doe")));  // full-width J
    CHECK(full_name(named("John", "Doe")) != full_name(named("Jon", "Doe")));
    CHECK(full_name(named("José", "Doe")) != full_name(named("Jose", "Doe")));
}

TEST_CASE("half a name is no name") {
    CHECK_FALSE(full_name(named("", "Doe")).has_value());
    CHECK_FALSE(full_name(named("John", "  ")).has_value());
    Profile profile;
    profile.last_name = std::string("Doe");
    CHECK_FALSE(full_name(profile).has_value());
}

TEST_CASE("what stands in for a name is no name") {
    for (const char* half : {"-", ".", "N/A", "n.a.", "Unknown", "not provided", "12345", "\xE2\xA0\x80"}) {
        CAPTURE(half);
        CHECK_FALSE(full_name(named(half, half)).has_value());
        CHECK_FALSE(full_name(named("John", half)).has_value());
    }
    CHECK(full_name(named("O", "李")).has_value());
}

TEST_CASE("an e-mail is compared without case, and no two mailboxes become one") {
    const auto email = [](std::string text) {
        Profile profile;
        profile.email = std::move(text);
        return normalized_email(profile);
    };
    CHECK(email(" John.Doe@Example.COM ") == "john.doe@example.com");
    CHECK(email("MÜLLER@example.com") == email("mu\xCC\x88ller@example.com"));
    CHECK(email("a@straße.example") != email("a@strasse.example"));
    CHECK(email("\xEF\xAC\x81n@example.com") != email("fin@example.com"));  // a ligature
    CHECK_FALSE(email("john@example.com, jane@example.com").has_value());
    CHECK_FALSE(email("@example.com").has_value());
}

TEST_CASE("an entity is named by its legal name, a person is not") {
    Profile profile;
    profile.legal_name = std::string("ACME  AG");
    CHECK_FALSE(full_name(profile).has_value());
    profile.kind = EnumPair<ProfileKind>{ProfileKind::entity, "Entity"};
    CHECK(full_name(profile) == "acme ag");
}

TEST_CASE("a phone is compared in E.164 and ignored in any other form") {
    const auto phone = [](std::string text) {
        Profile profile;
        profile.phone = std::move(text);
        return normalized_phone(profile);
    };
    CHECK(phone("+41 79 123-45-67") == "+41791234567");
    CHECK(phone("+1 (123) 123.4567") == "+11231234567");
    CHECK_FALSE(phone("0791234567").has_value());
    CHECK_FALSE(phone("+41 79 CALL ME").has_value());
    CHECK_FALSE(phone("+1234").has_value());
    CHECK_FALSE(phone("+0041791234567").has_value());
    CHECK_FALSE(phone("+0000000000").has_value());
    CHECK_FALSE(phone("+1 111 111 1111").has_value());
    CHECK_FALSE(phone("+49 000 0000000").has_value());
}

TEST_CASE("a masked tax number shows its last four and is never a full number") {
    const auto tax = [](std::string text) {
        Profile profile;
        profile.tax.number = std::move(text);
        return normalized_tax(profile);
    };
    CHECK(tax("*****1234").last_four == "1234");
    CHECK_FALSE(tax("*****1234").full.has_value());
    CHECK_FALSE(tax("XXX-XX-1234").full.has_value());
    CHECK_FALSE(tax("XXX-XX-XXXX").full.has_value());
    CHECK_FALSE(tax("XXX-XX-XXXX").last_four.has_value());
    CHECK_FALSE(tax("xxxxxxxxx").full.has_value());
    CHECK_FALSE(tax("XX-XXX1234").full.has_value());
    CHECK_FALSE(tax("XX1234").full.has_value());
    CHECK_FALSE(tax("ending in 1234").full.has_value());
    CHECK(tax("ending in 1234").last_four == "1234");
    CHECK_FALSE(tax("000-00-1234").full.has_value());
    CHECK_FALSE(tax("REDACTED-1").full.has_value());
    CHECK_FALSE(tax("REDACTED-1").last_four.has_value());
    CHECK(tax("321-54-9876").full == "321549876");
    CHECK(tax("321-54-9876").last_four == "9876");
    CHECK(tax("X1234567L").full == "X1234567L");
}

TEST_CASE("a text in the place of a tax number that is none identifies nobody") {
    const auto tax = [](std::string text) {
        Profile profile;
        profile.tax.number = std::move(text);
        return normalized_tax(profile);
    };
    for (const char* text : {"unknown", "not provided", "000-00-0000", "999999999", "123-45-6789"}) {
        CAPTURE(text);
        CHECK_FALSE(tax(text).full.has_value());
        CHECK_FALSE(tax(text).last_four.has_value());
    }
}
