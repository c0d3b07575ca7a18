#include "services/sync/stream_report.hpp"

#include <doctest/doctest.h>

#include "domain/json/parse.hpp"
#include "domain/json/write.hpp"

using namespace tributary;
using domain::DriftKind;
using domain::DriftNote;
using sync::StreamReport;

namespace {

view::PageCounts counts_of(std::uint64_t base) {
    view::PageCounts counts;
    counts.unchanged = base;
    counts.created = base + 1;
    counts.changed = base + 2;
    counts.stale = base + 3;
    counts.removed = base + 4;
    counts.quarantined = base + 5;
    return counts;
}

std::vector<std::string> keys_of(const json::Object& object) {
    std::vector<std::string> keys;
    for (const json::Entry& entry : object) {
        keys.push_back(entry.key);
    }
    return keys;
}

}  // namespace

TEST_CASE("a report sums its pages, each count by itself") {
    StreamReport report;
    report.add(counts_of(10));
    report.add(counts_of(100));
    CHECK(report.unchanged == 110);
    CHECK(report.created == 112);
    CHECK(report.changed == 114);
    CHECK(report.stale == 116);
    CHECK(report.removed == 118);
    CHECK(report.quarantined == 120);
}

TEST_CASE("a report of a stream without trouble has its figures and no empty reasons") {
    StreamReport report;
    report.stream = "accounts";
    report.verdict = "complete";
    report.requests = 2;
    report.items = 3;
    report.add(counts_of(0));
    report.held_removals = 7;
    report.evidence = {{"pages", 2}, {"count", 3}};
    CHECK(
        json::write(report.to_json()) ==
        R"({"stream":"accounts","verdict":"complete","requests":2,"items_read":3,"created":1,"changed":2,)"
        R"("unchanged":0,"stale":3,"removed":4,"held_removals":7,"left_removals":0,"kept_removals":0,"quarantined":5,)"
        R"("evidence":{"pages":2,"count":3}})");
}

TEST_CASE("a report of a stream that failed says why, in words and as a code") {
    StreamReport report;
    report.stream = "users";
    report.verdict = "partial";
    report.reason = "The provider did not answer in time.";
    report.error = domain::Error{domain::Errc::timed_out, "The provider did not answer in time."};
    const json::Object told = report.to_json();
    REQUIRE(json::find(told, "error") != nullptr);
    CHECK(json::write(*json::find(told, "error")) ==
          R"({"code":"timed_out","detail":"The provider did not answer in time."})");
    CHECK(keys_of(told)[2] == "reason");
}

TEST_CASE("drift is counted by kind, path and finding over all pages") {
    StreamReport report;
    report.drift.add(std::vector<DriftNote>{{DriftKind::new_field, "users[].nickname", "string"},
                                            {DriftKind::new_field, "users[].nickname", "string"}});
    report.drift.add(std::vector<DriftNote>{{DriftKind::new_field, "users[].nickname", "string"},
                                            {DriftKind::unknown_value, "status", "DORMANT"}});
    CHECK(json::write(*json::find(report.to_json(), "drift")) ==
          R"([{"kind":"new_field","path":"users[].nickname","found":"string","count":3},)"
          R"({"kind":"unknown_value","path":"status","found":"DORMANT","count":1}])");
}

TEST_CASE(
    "a provider that renames everything fills a report only so far, and what is listed is still counted") {
    StreamReport report;
    std::vector<DriftNote> notes;
    for (int i = 0; i < 5'000; ++i) {
        notes.push_back({DriftKind::new_field, "field_" + std::to_string(i), "string"});
    }
    report.drift.add(notes);
    CHECK(report.drift.seen.size() == 200);
    report.drift.add(std::vector{notes.front()});
    CHECK(report.drift.seen.at(notes.front()) == 2);
    CHECK(report.drift.left_out == 4'800);
    CHECK(StreamReport::from_json(report.to_json()).drift.left_out == 4'800);
}

TEST_CASE("hostile keys and values are cut at whole characters, so that no report grows with them") {
    const std::string endless(1'000'000, 'k');
    std::string keys;
    for (int i = 0; i < 1'000; ++i) {
        keys += "\xE2\x82\xAC";
    }
    StreamReport report;
    for (int i = 0; i < 300; ++i) {
        const std::string number = std::to_string(1000 + i);
        report.drift.add(std::vector<DriftNote>{{DriftKind::new_field, number + endless, "string"},
                                                {DriftKind::unknown_value, number + keys, number + keys},
                                                {DriftKind::unknown_value, "status", number + endless}});
    }
    CHECK(report.drift.seen.size() == 200);
    CHECK(json::write(report.to_json()).size() < 200 * 500);
    for (const auto& [note, count] : report.drift.seen) {
        CHECK(note.path.size() <= 200);
        CHECK(note.found.size() <= 200);
        CHECK(json::parse(json::write(json::Object{{"path", note.path}, {"found", note.found}})).has_value());
    }
}

TEST_CASE("keys that differ only beyond what a report shows are counted together") {
    const std::string same(300, 'a');
    StreamReport report;
    report.drift.add(std::vector<DriftNote>{{DriftKind::new_field, same + "1", "string"},
                                            {DriftKind::new_field, same + "2", "string"}});
    REQUIRE(report.drift.seen.size() == 1);
    CHECK(report.drift.seen.begin()->second == 2);
    CHECK(report.drift.seen.begin()->first.path.ends_with("..."));
}

TEST_CASE("a path and a finding of exactly the length that fits stay as they are") {
    const std::string fits(200, 'a');
    StreamReport report;
    report.drift.add(std::vector<DriftNote>{{DriftKind::unknown_value, fits, fits}});
    CHECK(report.drift.seen.contains({DriftKind::unknown_value, fits, fits}));
}

TEST_CASE("the newest update time of a page counts, and none that lies in the future") {
    const auto at = [](const char* minute) {
        return domain::parse_timestamp(std::string("2026-01-02T12:") + minute + ":00Z");
    };
    domain::Page page;
    for (const auto& time : {at("05"), at("20"), std::optional<domain::Timestamp>(), at("59")}) {
        domain::Observation seen;
        seen.source_updated_at = time;
        page.observations.push_back(seen);
    }
    CHECK(sync::newest_change(page, *at("30")) == at("20"));
    CHECK(sync::newest_change(page, *at("59")) == at("59"));
    CHECK_FALSE(sync::newest_change({}, *at("30")));
}

TEST_CASE("a report keeps the newest change, told by the provider or else found by the walk") {
    const auto at = [](const char* minute) {
        return domain::parse_timestamp(std::string("2026-01-02T12:") + minute + ":00Z");
    };
    const view::PageCounts nothing;
    view::PageCounts news;
    news.changed = 1;
    StreamReport report;
    report.fetched_at = at("40");
    report.note_changes(std::nullopt, nothing);
    CHECK_FALSE(report.changed_at);
    report.note_changes(at("10"), nothing);
    CHECK(report.changed_at == at("10"));
    report.note_changes(at("05"), news);
    CHECK(report.changed_at == at("10"));
    report.note_changes(std::nullopt, news);
    CHECK(report.changed_at == at("40"));
    CHECK(StreamReport::from_json(report.to_json()).changed_at == at("40"));
}
