#include "services/api/freshness_parameters.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace tributary;
using namespace std::chrono_literals;

namespace {

http::Query query_of(const char* text) {
    auto query = http::split_query(text);
    REQUIRE(query.has_value());
    return *std::move(query);
}

/// The pointers of all faults, one after the other.
std::string faults_of(const char* text) {
    const auto read = api::freshness_parameters_of(query_of(text));
    std::string pointers;
    if (!read) {
        for (const domain::Error& fault : read.error()) {
            pointers += fault.pointer;
        }
    }
    return pointers;
}

}  // namespace

TEST_CASE("a duration is a whole number with its unit, and nothing else is one") {
    CHECK(api::duration_named("250ms") == 250ms);
    CHECK(api::duration_named("30s") == 30s);
    CHECK(api::duration_named("5m") == 5min);
    CHECK(api::duration_named("2h") == 2h);
    CHECK(api::duration_named("0s") == 0ms);
    for (const char* text : {"", "30", "s", "-1s", "-0s", "+1s", "1.5s", "1e3s", " 1s", "1s ", "1 s", "1d",
                             "1S", "0x1s", "99999999999999999999s", "9223372036854775807h", "9000h"}) {
        CAPTURE(text);
        CHECK_FALSE(api::duration_named(text));
    }
}

TEST_CASE("a request without max_age demands nothing") {
    const auto read = api::freshness_parameters_of(query_of("page_size=3"));
    REQUIRE(read.has_value());
    CHECK_FALSE(read->max_age);
}

TEST_CASE("a demand waits for nothing and serves what is there unless it says otherwise") {
    auto read = api::freshness_parameters_of(query_of("max_age=30s"));
    REQUIRE(read.has_value());
    CHECK(read->max_age == 30s);
    CHECK(read->wait == 0ms);
    CHECK_FALSE(read->fail_when_stale);
    read = api::freshness_parameters_of(query_of("max_age=0s&wait=25s&on_stale=fail"));
    REQUIRE(read.has_value());
    CHECK(read->max_age == 0ms);
    CHECK(read->wait == 25s);
    CHECK(read->fail_when_stale);
}

TEST_CASE("every fault of a demand is named by its pointer") {
    CHECK(faults_of("max_age=30s&wait=2s&on_stale=serve").empty());
    CHECK(faults_of("max_age=soon") == "/max_age");
    CHECK(faults_of("max_age=1s&wait=25001ms") == "/wait");
    CHECK(faults_of("max_age=1s&on_stale=cry") == "/on_stale");
    CHECK(faults_of("max_age=&wait=&on_stale=") == "/max_age/wait/on_stale");
    CHECK(faults_of("wait=2s") == "/wait");
    CHECK(faults_of("on_stale=fail") == "/on_stale");
}
