#include "services/sync/progress.hpp"

#include <doctest/doctest.h>

#include "domain/json/write.hpp"

using namespace tributary;
using namespace tributary::sync;

namespace {

StreamReport full_report() {
    StreamReport report;
    report.stream = "users";
    report.verdict = "partial";
    report.reason = "why";
    report.requests = 1;
    report.items = 2;
    report.created = 3;
    report.changed = 4;
    report.unchanged = 5;
    report.stale = 6;
    report.removed = 7;
    report.held_removals = 8;
    report.quarantined = 9;
    report.evidence = {{"pages", 1}};
    report.drift.seen = {{{domain::DriftKind::unknown_value, "status", "DORMANT"}, 3}};
    report.error = domain::Error{domain::Errc::throttled, "Wait."};
    report.fetched_at = domain::parse_timestamp("2026-01-02T03:04:05Z");
    report.verified_complete_at = domain::parse_timestamp("2026-01-02T03:04:04Z");
    return report;
}

StreamReport under_way() {
    StreamReport report;
    report.stream = "accounts";
    report.items = 5;
    return report;
}

}  // namespace

TEST_CASE("a report comes back from its text as it went") {
    const StreamReport report = full_report();
    const StreamReport back = StreamReport::from_json(report.to_json());
    CHECK(json::write(back.to_json()) == json::write(report.to_json()));
    CHECK(back.error->code == domain::Errc::throttled);
    CHECK(back.fetched_at == report.fetched_at);
    CHECK(back.verified_complete_at == report.verified_complete_at);
    CHECK(back.drift.seen == report.drift.seen);
}

TEST_CASE("progress tells which streams are done and where the one under way stands") {
    const StreamReport report = under_way();
    const domain::ResumePoint point{"c", 7, "key \"7\"", 20};
    const Progress progress =
        read_progress(report_text({full_report().to_json(), report.to_json()}), resume_text(report, point));
    REQUIRE(progress.of_finished("users") != nullptr);
    CHECK(progress.of_finished("users")->created == 3);
    CHECK(progress.of_finished("accounts") == nullptr);
    REQUIRE(progress.of_interrupted("accounts"));
    CHECK(progress.of_interrupted("accounts")->point == point);
    CHECK(progress.of_interrupted("accounts")->report.items == 5);
    CHECK_FALSE(progress.of_interrupted("users"));
}

TEST_CASE("a pause that the provider asked for is still known to the next owner") {
    StreamReport throttled = full_report();
    throttled.error = domain::Error{domain::Errc::throttled, "later"};
    throttled.error->retry_after = std::chrono::seconds(3600);
    const Progress progress = read_progress(report_text({throttled.to_json()}), "{}");
    REQUIRE(progress.of_finished("users") != nullptr);
    REQUIRE(progress.of_finished("users")->error);
    CHECK(progress.of_finished("users")->error->retry_after == std::chrono::seconds(3600));
}

TEST_CASE("progress that cannot be read is none") {
    for (const std::string text : {"", "x", "[]", "{\"streams\":1}", "{\"streams\":[1,null,{}]}"}) {
        const Progress progress = read_progress(text, R"({"stream":"accounts","offset":-1})");
        CHECK(progress.of_finished("accounts") == nullptr);
        CHECK_FALSE(progress.interrupted);
    }
    const Progress odd = read_progress(report_text({under_way().to_json()}),
                                       R"({"stream":"accounts","offset":-1,"cursor":7,"total":"x"})");
    CHECK(odd.of_interrupted("accounts")->point == domain::ResumePoint{});
}
