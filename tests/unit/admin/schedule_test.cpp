#include <doctest/doctest.h>

#include "services/admin/connection_request.hpp"

using namespace tributary;
using namespace std::chrono_literals;
using admin::parse_schedule;
using admin::schedule_text;
using std::chrono::seconds;

namespace {

/// The period of a text that has one.
seconds period_of(std::string_view text) {
    const auto parsed = parse_schedule(text);
    REQUIRE(parsed);
    REQUIRE(parsed->has_value());
    return **parsed;
}

}  // namespace

TEST_CASE("a schedule is a whole number of seconds, minutes or hours, from ten seconds to a week") {
    CHECK(period_of("10s") == 10s);
    CHECK(period_of("30s") == 30s);
    CHECK(period_of("5m") == 300s);
    CHECK(period_of("1h") == 3600s);
    CHECK(period_of("168h") == 604'800s);
    CHECK(period_of("604800s") == 604'800s);
}

TEST_CASE("manual is a schedule without a period") {
    const auto parsed = parse_schedule("manual");
    REQUIRE(parsed);
    CHECK_FALSE(parsed->has_value());
}

TEST_CASE("any other schedule is refused with an example of a good one") {
    for (const std::string_view text :
         {"", "s", "9s", "0m", "-5m", "+5m", "5", "5 m", " 5m", "5m ", "1d", "1.5h", "169h", "604801s",
          "MANUAL", "5M", "99999999999999999999s", "9223372036854775807h", "5mm"}) {
        CAPTURE(text);
        const auto parsed = parse_schedule(text);
        REQUIRE_FALSE(parsed);
        CHECK(parsed.error().code == domain::Errc::invalid_input);
        CHECK(parsed.error().detail.find("'5m'") != std::string::npos);
    }
}

TEST_CASE("a schedule is shown as it would be entered, in the largest unit that is whole") {
    CHECK(schedule_text(std::nullopt) == "manual");
    CHECK(schedule_text(30s) == "30s");
    CHECK(schedule_text(90s) == "90s");
    CHECK(schedule_text(300s) == "5m");
    CHECK(schedule_text(3600s) == "1h");
    for (const seconds period : {10s, 59s, 61s, 3599s, 86'400s, 604'800s}) {
        CHECK(period_of(schedule_text(period)) == period);
    }
}
