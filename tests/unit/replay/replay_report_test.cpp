#include "services/replay/replay_report.hpp"

#include <doctest/doctest.h>

#include "domain/json/write.hpp"

using namespace tributary;
using replay::FieldChangeKind;
using replay::StreamReplay;

namespace {

domain::Uuid entity(int n) {
    return domain::named_uuid({}, std::to_string(n));
}

std::size_t listed(const StreamReplay& report, std::string_view key) {
    return json::find(report.to_json(), key)->if_array()->size();
}

}  // namespace

TEST_CASE("a version counts once in each of its fields") {
    StreamReplay report("users");
    report.add(entity(1), {});
    report.add(entity(2), {{"email", FieldChangeKind::added}, {"phone", FieldChangeKind::removed}});
    report.add(entity(3), {{"email", FieldChangeKind::added}, {"email", FieldChangeKind::changed}});
    CHECK(report.versions() == 3);
    CHECK(report.differing() == 2);
    CHECK(report.fields().at("email").added == 2);
    CHECK(report.fields().at("email").changed == 1);
    CHECK(report.fields().at("phone").removed == 1);
}

TEST_CASE("refused versions are told by their reasons") {
    StreamReplay report("users");
    report.add_refused("no id");
    report.add_refused("no id");
    report.add_refused("not an object");
    CHECK(report.versions() == 3);
    CHECK(report.refused() == 3);
    CHECK(json::write(*json::find(report.to_json(), "refused")) ==
          R"([{"reason":"no id","count":2},{"reason":"not an object","count":1}])");
}

TEST_CASE("a report has an end however many fields, reasons and objects there are") {
    StreamReplay report("users");
    for (int i = 0; i < 2000; ++i) {
        report.add(entity(i), {{"details." + std::to_string(i), FieldChangeKind::added}});
        report.add_refused("reason " + std::to_string(i));
    }
    CHECK(listed(report, "fields") <= 501);
    CHECK(listed(report, "refused") <= 21);
    CHECK(listed(report, "examples") == 5);
    CHECK(report.fields().at("(others)").added == 1500);
    CHECK(report.refused() == 2000);
    CHECK(report.differing() == 2000);
}

TEST_CASE("a path without end is cut") {
    StreamReplay report("users");
    report.add(entity(1), {{std::string(100'000, 'x'), FieldChangeKind::added}});
    CHECK(report.fields().begin()->first.size() <= 120);
}
