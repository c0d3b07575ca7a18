#include "adapters/http/client/clock_skew.hpp"

#include <doctest/doctest.h>

using namespace tributary;

namespace {

/// Sun, 06 Nov 1994 08:49:37 GMT.
constexpr domain::Timestamp then{std::chrono::seconds(784'111'777)};

domain::ports::HttpAnswer dated(const std::string& date) {
    domain::ports::HttpAnswer answer{.status = 401};
    if (!date.empty()) {
        answer.fields.add("Date", date);
    }
    return answer;
}

}  // namespace

TEST_CASE("a refusal names the clock when the answer's date is more than half a minute off") {
    const auto answer = dated("Sun, 06 Nov 1994 08:49:37 GMT");
    const auto ahead = http::clock_skew(answer, then - std::chrono::hours(1), "T-DX");
    REQUIRE(ahead.has_value());
    CHECK(ahead->code == domain::Errc::configuration);
    CHECK(ahead->detail.find("clock_skew") != std::string::npos);
    CHECK(ahead->detail.find("3600 s ahead") != std::string::npos);
    const auto behind = http::clock_skew(answer, then + std::chrono::seconds(31), "T-DX");
    REQUIRE(behind.has_value());
    CHECK(behind->detail.find("31 s behind") != std::string::npos);
}

TEST_CASE("a refusal says nothing about clocks when the date is near, missing or unreadable") {
    CHECK(!http::clock_skew(dated("Sun, 06 Nov 1994 08:49:37 GMT"), then + std::chrono::seconds(30), "T-DX"));
    CHECK(!http::clock_skew(dated(""), then, "T-DX"));
    CHECK(!http::clock_skew(dated("yesterday"), then, "T-DX"));
}
