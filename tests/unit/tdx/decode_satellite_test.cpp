#include <doctest/doctest.h>

#include "adapters/tdx/decode.hpp"
#include "domain/json/write.hpp"
#include "fixture.hpp"

using namespace tributary;
using domain::DriftKind;
using domain::EntityKind;
using domain::EntityRef;
using domain::Language;
using domain::Profile;
using tests::tree;

namespace {

const EntityRef own_user{EntityKind::profile, "user-uuid"};

const domain::Attribute& attribute(const domain::Page& page) {
    return std::get<Profile>(page.observations.at(0).normalized).attributes.at(0);
}

domain::Attribute with_value(const std::string& value) {
    const auto page = tdx::decode_attribute(R"({"result": {"id": "a", "value": )" + value + "}}", own_user);
    REQUIRE(page.has_value());
    return attribute(*page);
}

/// The documented request, as the answer it asks for: an answer is documented nowhere.
std::string answered(const json::Object& members, json::Object ids) {
    ids.insert(ids.end(), members.begin(), members.end());
    json::Object root;
    root.push_back({"result", std::move(ids)});
    return json::write(json::Value(std::move(root)));
}

}  // namespace

TEST_CASE("the documented preferences become a satellite of their user") {
    const auto page = tdx::decode_preferences(tests::fixture("preferences"), "somebody-else");
    REQUIRE(page.has_value());
    CHECK(page->drift.empty());
    const domain::Observation& seen = page->observations.at(0);
    CHECK(seen.provider_id == "preferences-uuid");
    CHECK(seen.entity == own_user);
    CHECK_FALSE(seen.founds_entity);
    const auto& profile = std::get<Profile>(seen.normalized);
    const domain::Preferences& preferences = profile.preferences;
    CHECK(preferences.id.value() == "preferences-uuid");
    CHECK(preferences.language.value() == domain::EnumPair{Language::english, {"LANGUAGE_ENGLISH"}});
    CHECK(preferences.notifications == domain::Notifications{true, true, true, true});
    CHECK(domain::to_text(preferences.created_at.value()) == "2024-01-15T10:00:00Z");
    CHECK(seen.source_updated_at == preferences.updated_at.value());
    CHECK(profile.source_updated_at.is_absent());
    CHECK(profile.details.empty());
}

TEST_CASE("the documented preferences update reads back value by value") {
    const json::Value request = tree(tests::fixture("update_preferences_request"));
    const auto page = tdx::decode_preferences(answered(*request.if_object(), {{"id", "p"}}), "user-uuid");
    REQUIRE(page.has_value());
    const auto& preferences = std::get<Profile>(page->observations.at(0).normalized).preferences;
    CHECK(page->observations[0].entity == own_user);
    CHECK(preferences.language.value().value == Language::german);
    CHECK(preferences.notifications == domain::Notifications{true, true, false, true});
}

TEST_CASE("a language nobody documented is other with the provider's text, which is not noted") {
    const auto page =
        tdx::decode_preferences(R"({"result": {"id": "p", "language": "LANGUAGE_ITALIAN"}})", "u");
    const auto& preferences = std::get<Profile>(page->observations.at(0).normalized).preferences;
    CHECK(preferences.language.value() == domain::EnumPair{Language::other, {"LANGUAGE_ITALIAN"}});
    CHECK(page->drift == std::vector<domain::DriftNote>{{DriftKind::unknown_value, "language", "string"}});
}

TEST_CASE("an attribute becomes a satellite of its owner with every field in its place") {
    const auto page = tdx::decode_attributes(tests::fixture("user_attributes"), 500, own_user);
    REQUIRE(page.has_value());
    CHECK(page->drift.empty());
    const domain::Observation& seen = page->observations.at(0);
    CHECK(seen.provider_id == "attribute-uuid");
    CHECK(seen.entity == own_user);
    CHECK_FALSE(seen.founds_entity);
    const domain::Attribute& read = attribute(*page);
    CHECK(read.id == "attribute-uuid");
    CHECK(read.type.value() == "preference");
    CHECK(read.sub_type.value() == "ui");
    CHECK(read.key.value() == "theme");
    CHECK(read.value.value() == "dark");
    CHECK(read.content_type.value() == "text/plain");
    CHECK(domain::to_text(read.created_at.value()) == "2024-01-15T10:00:00Z");
    CHECK(seen.source_updated_at == read.updated_at.value());
}

TEST_CASE("the documented attribute update reads back value by value") {
    const json::Value request = tree(tests::fixture("update_attributes_request"));
    const json::Object& sent = *request.find("attributes")->if_array()->at(0).if_object();
    const auto page = tdx::decode_attribute(answered(sent, {{"id", "attribute-uuid"}}), own_user);
    REQUIRE(page.has_value());
    CHECK(page->drift.empty());
    CHECK(attribute(*page).key.value() == "theme");
    CHECK(attribute(*page).value.value() == "dark");
    CHECK(attribute(*page).updated_at.is_absent());
}

TEST_CASE("an attribute of a client account hangs off the account") {
    const EntityRef owner{EntityKind::account, "client-account-uuid"};
    const auto page = tdx::decode_attributes(tests::fixture("user_attributes"), 500, owner);
    REQUIRE(page.has_value());
    CHECK(page->observations.at(0).entity == owner);
    CHECK(std::get<domain::Account>(page->observations[0].normalized).attributes.at(0).key.value() ==
          "theme");
}

TEST_CASE("an attribute list wrapped as in the update request is read too") {
    const auto page = tdx::decode_attributes(R"({"result": {"attributes": [{"id": "a"}]}})", 500, own_user);
    REQUIRE(page.has_value());
    CHECK(page->observations.size() == 1);
}

TEST_CASE("an attribute's value is kept as text whatever its type") {
    CHECK(with_value(R"("0.10")").value.value() == "0.10");
    CHECK(with_value("0.10").value.value() == "0.10");
    CHECK(with_value("true").value.value() == "true");
    CHECK(with_value(R"({"a": [1]})").value.value() == R"({"a":[1]})");
    CHECK(with_value("null").value.is_null());
}
