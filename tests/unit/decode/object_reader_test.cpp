#include "adapters/decode/object_reader.hpp"

#include <doctest/doctest.h>

#include "domain/json/parse.hpp"
#include "domain/json/write.hpp"

using namespace tributary;
using domain::DriftKind;

namespace {

struct Reading {
    explicit Reading(std::string_view text)
        : root(json::parse(text)->root), reader(*root.if_object(), "", notes) {}

    json::Value root;
    std::vector<domain::DriftNote> notes;
    decode::ObjectReader reader;
};

constexpr decode::EnumText<domain::AccessLevel> levels[] = {{"owner", domain::AccessLevel::owner}};

}  // namespace

TEST_CASE("a missing key is absent, a null is null, and neither is drift") {
    Reading r(R"({"a": null})");
    CHECK(r.reader.text("a").is_null());
    CHECK(r.reader.text("b").is_absent());
    CHECK(r.reader.boolean("c").is_absent());
    CHECK(r.notes.empty());
}

TEST_CASE("a boolean sent as text is read and noted") {
    Reading r(R"({"a": "true", "b": "yes"})");
    CHECK(r.reader.boolean("a").value());
    CHECK(r.reader.boolean("b").is_absent());
    REQUIRE(r.notes.size() == 2);
    CHECK(r.notes[0] == domain::DriftNote{DriftKind::changed_type, "a", "string"});
}

TEST_CASE("a number keeps every digit whether it is sent as number or as text") {
    Reading r(R"({"a": 12345678901234567890.10, "b": "0.0", "c": "1,000", "d": 1e400})");
    CHECK(r.reader.decimal("a").value().lexeme == "12345678901234567890.10");
    CHECK(r.reader.decimal("b").value().lexeme == "0.0");
    CHECK(r.reader.decimal("c").is_absent());
    CHECK(r.reader.decimal("d").is_absent());
}

TEST_CASE("an unknown enumeration text is other, keeps the text and is noted") {
    Reading r(R"({"level": "super-owner"})");
    const auto level = r.reader.choice<domain::AccessLevel>("level", levels);
    CHECK(level.value().value == domain::AccessLevel::other);
    CHECK(level.value().provider_text == "super-owner");
    CHECK(r.notes.at(0) == domain::DriftNote{DriftKind::unknown_value, "level", "super-owner"});
}

TEST_CASE("a long unknown enumeration text is noted in whole characters") {
    const std::string accented = std::string(60, 'a') + "\u00E9\u00E9\u00E9\u00E9\u00E9";
    REQUIRE(accented.size() == 70);
    for (std::size_t shift = 0; shift < 4; ++shift) {
        const std::string sent = accented.substr(shift);
        Reading r(R"({"level": ")" + sent + "\"}");
        CHECK(r.reader.choice<domain::AccessLevel>("level", levels).value().provider_text == sent);
        const std::string& found = r.notes.at(0).found;
        CAPTURE(found);
        CHECK(found.size() <= 64);
        CHECK(found.starts_with(sent.substr(0, 56)));
        CHECK(json::parse(json::write(json::Object{{"found", found}})).has_value());
    }
}

TEST_CASE("an unknown text of what describes a person is other, keeps the text and is noted by type") {
    Reading r(R"({"family": "separated", "number": 7, "known": "owner"})");
    const auto family = r.reader.personal_choice<domain::AccessLevel>("family", levels);
    CHECK(family.value() == domain::EnumPair<domain::AccessLevel>{domain::AccessLevel::other, "separated"});
    CHECK(r.reader.personal_choice<domain::AccessLevel>("number", levels).value().provider_text == "7");
    CHECK(r.reader.personal_choice<domain::AccessLevel>("known", levels).value().value ==
          domain::AccessLevel::owner);
    CHECK(r.reader.personal_choice<domain::AccessLevel>("none", levels).is_absent());
    CHECK(r.notes == std::vector<domain::DriftNote>{{DriftKind::unknown_value, "family", "string"},
                                                    {DriftKind::changed_type, "number", "number"},
                                                    {DriftKind::unknown_value, "number", "number"}});
}

TEST_CASE("a member nobody asked for is noted by path and type, never by value") {
    Reading r(R"({"known": "1", "secret": "4111"})");
    (void)r.reader.text("known");
    r.reader.finish();
    REQUIRE(r.notes.size() == 1);
    CHECK(r.notes[0] == domain::DriftNote{DriftKind::new_field, "secret", "string"});
}

TEST_CASE("a member whose key is itself a value is noted without it") {
    Reading r(R"({"ada@example.com": 1, "Ada Lovelace": 1, "078051120": 1})");
    r.reader.finish();
    REQUIRE(r.notes.size() == 3);
    for (const domain::DriftNote& note : r.notes) {
        CHECK(note == domain::DriftNote{DriftKind::new_field, "{}", "number"});
    }
}

TEST_CASE("an e-mail or a long number in the place of an enumeration is noted by type") {
    Reading r(R"({"a": "ada@example.com", "b": "078-05-1120"})");
    (void)r.reader.choice<domain::AccessLevel>("a", levels);
    (void)r.reader.choice<domain::AccessLevel>("b", levels);
    REQUIRE(r.notes.size() == 2);
    CHECK(r.notes[0] == domain::DriftNote{DriftKind::unknown_value, "a", "string"});
    CHECK(r.notes[1] == domain::DriftNote{DriftKind::unknown_value, "b", "string"});
}

TEST_CASE("timestamps are read with offset, with any fraction, and refused without a zone") {
    Reading r(
        R"({"a":"2019-03-14T15:39:31.265+00:00","b":"2021-07-21T14:10:00.00Z","c":"2020-08-24T16:15:22.123456789+02:00","d":"2020-08-24T14:15:22"})");
    CHECK(domain::to_text(r.reader.timestamp("a").value()) == "2019-03-14T15:39:31.265Z");
    CHECK(domain::to_text(r.reader.timestamp("b").value()) == "2021-07-21T14:10:00Z");
    CHECK(domain::to_text(r.reader.timestamp("c").value()) == "2020-08-24T14:15:22.123456Z");
    CHECK(r.reader.timestamp("d").is_absent());
}
