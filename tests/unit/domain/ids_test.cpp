#include "domain/ids.hpp"

#include <doctest/doctest.h>

using namespace tributary::domain;

TEST_CASE("version 5 ids follow RFC 9562") {
    const Uuid dns = parse_uuid("6ba7b810-9dad-11d1-80b4-00c04fd430c8").value();
    CHECK(to_text(named_uuid(dns, "www.example.com")) == "2ed6657d-e927-568b-95e1-2665a8aea6a2");
}

TEST_CASE("version 7 ids order by time and carry version and variant") {
    const Uuid id =
        time_ordered_uuid(0x017F22E279B0, {0xFC, 0xC3, 0xD8, 0xC4, 0xDC, 0x0C, 0x0C, 0x07, 0x39, 0x8F});
    CHECK(to_text(id).substr(0, 15) == "017f22e2-79b0-7");
    CHECK((id.bytes[8] & 0xC0) == 0x80);
    CHECK(id < time_ordered_uuid(0x017F22E279B1, {}));
}

TEST_CASE(
    "an entity id depends on tenant, provider, environment, kind and provider id, and on nothing else") {
    const ProviderSpace space{parse_uuid("017f22e2-79b0-7cc3-98c4-dc0c0c07398f").value(), "upvest",
                              ProviderEnvironment::sandbox};
    const Uuid id = entity_id(space, EntityKind::account, "a1");
    CHECK(id == entity_id(space, EntityKind::account, "a1"));
    ProviderSpace other = space;
    other.environment = ProviderEnvironment::production;
    CHECK(id != entity_id(other, EntityKind::account, "a1"));
    other = space;
    other.provider = "tdx";
    CHECK(id != entity_id(other, EntityKind::account, "a1"));
    other = space;
    other.tenant.bytes[0] ^= 1;
    CHECK(id != entity_id(other, EntityKind::account, "a1"));
    CHECK(id != entity_id(space, EntityKind::sub_account, "a1"));
    CHECK(id != entity_id(space, EntityKind::account, "A1"));
}

TEST_CASE("only the canonical form of a UUID is read") {
    CHECK(parse_uuid("017F22E2-79B0-7CC3-98C4-DC0C0C07398F").has_value());
    for (const char* text :
         {"", "017f22e279b07cc398c4dc0c0c07398f", "017f22e2-79b0-7cc3-98c4-dc0c0c07398g",
          "{017f22e2-79b0-7cc3-98c4-dc0c0c07398f}", "017f22e2-79b0-7cc3-98c4-dc0c0c07398f "}) {
        CAPTURE(text);
        CHECK_FALSE(parse_uuid(text).has_value());
    }
}

TEST_CASE("every digit of a UUID counts at its place, and any other character is refused there") {
    const std::string right = "017f22e2-79b0-7cc3-98c4-dc0c0c07398f";
    for (std::size_t place = 0; place < right.size(); ++place) {
        for (int c = 0; c < 256; ++c) {
            const char letter = static_cast<char>(c);
            const bool is_hyphen_place = right[place] == '-';
            const bool is_digit = std::string_view("0123456789abcdefABCDEF").contains(letter);
            std::string text = right;
            text[place] = letter;
            const auto read = parse_uuid(text);
            CHECK(read.has_value() == (is_hyphen_place ? letter == '-' : is_digit));
            if (letter >= 'A' && letter <= 'F') text[place] = static_cast<char>(letter - 'A' + 'a');
            if (read) CHECK(to_text(*read) == text);
        }
    }
}
