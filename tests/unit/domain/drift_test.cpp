#include "domain/drift.hpp"

#include <doctest/doctest.h>

#include <set>

using namespace tributary::domain;

namespace {

const Uuid tenant = named_uuid({}, "tenant");

DriftSighting sighting(std::string path, std::string found = "string") {
    return {"users", {DriftKind::new_field, std::move(path), std::move(found)}, 1};
}

}  // namespace

TEST_CASE("a key is shown where it can be the name of a field, and by no sign where it may be a value") {
    for (const char* name : {"nickname", "account-number", "isTest", "line_2", "x", "address1", "_id"}) {
        CHECK(field_name(name) == name);
    }
    for (const char* value : {"ada@example.com", "Ada Lovelace", "5WT00001", "tax-78051120", "", "a.b", "a/b",
                              "M\xC3\xBCller", "0190d0c0-0000-7000-8000-000000000001", "+4930123456"}) {
        CHECK_MESSAGE(field_name(value) == "{}", value);
    }
    CHECK(field_name(std::string(64, 'a')) == std::string(64, 'a'));
    CHECK(field_name(std::string(65, 'a')) == "{}");
}

TEST_CASE("an enumeration's text is shown unless it looks like something of somebody") {
    CHECK(enumeration_text("DORMANT") == "DORMANT");
    CHECK(enumeration_text("Joint Tenants in Common") == "Joint Tenants in Common");
    CHECK(enumeration_text("TIER_1234") == "TIER_1234");
    CHECK(enumeration_text("ada@example.com") == "string");
    CHECK(enumeration_text("078-05-1120") == "string");
    CHECK(enumeration_text(std::string(100, 'X')).size() == 64);
}

TEST_CASE("counts hold so many fingerprints, and say how much they left out") {
    DriftCounts counts;
    std::vector<DriftNote> notes;
    for (std::size_t i = 0; i < most_drift_a_run + 7; ++i) {
        notes.push_back({DriftKind::new_field, "field_" + std::to_string(i), "string"});
    }
    counts.add(notes);
    counts.add(std::vector{notes.front()});
    CHECK(counts.seen.size() == most_drift_a_run);
    CHECK(counts.seen.at(notes.front()) == 2);
    CHECK(counts.left_out == 7);
    const auto sightings = sightings_of("users", counts);
    REQUIRE(sightings.size() == most_drift_a_run + 1);
    CHECK(sightings.back().note.kind == DriftKind::other);
    CHECK(sightings.back().times == 7);
    CHECK(sightings_of("users", {}).empty());
}

TEST_CASE("a fingerprint is told by each of its parts, wherever one ends and the next begins") {
    DriftSighting other_stream = sighting("a");
    other_stream.stream = "accounts";
    DriftSighting other_kind = sighting("a");
    other_kind.note.kind = DriftKind::changed_type;
    DriftSighting seen_often = sighting("a");
    seen_often.times = 9;
    const Uuid id = drift_id(tenant, "upvest", sighting("a"));
    CHECK(drift_id(tenant, "upvest", seen_often) == id);
    const std::set<Uuid> ids{id,
                             drift_id(named_uuid({}, "other"), "upvest", sighting("a")),
                             drift_id(tenant, "tdx", sighting("a")),
                             drift_id(tenant, "upvest", sighting("b")),
                             drift_id(tenant, "upvest", sighting("a", "number")),
                             drift_id(tenant, "upvest",
                                      sighting("a\x1f"
                                               "6:string",
                                               "")),
                             drift_id(tenant, "upvest", other_stream),
                             drift_id(tenant, "upvest", other_kind)};
    CHECK(ids.size() == 8);
}
