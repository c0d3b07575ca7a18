#include <doctest/doctest.h>

#include "scripted_provider.hpp"

using namespace tributary;
using namespace tributary::tests;
using namespace std::chrono_literals;
using domain::Errc;

namespace {

std::string key_of(int number) {
    return "account-" + std::to_string(1000 + number);
}

}  // namespace

TEST_CASE_FIXTURE(RunFixture, "a run that is to stop does not wait for the sleep of a provider's session") {
    script.listed = {key_of(1)};
    script.sleeps = 30s;
    const auto stopped = run([this] { return clock.passed < 2s; });
    REQUIRE_FALSE(stopped);
    CHECK(stopped.error().code == Errc::cancelled);
    CHECK(clock.passed < 4s);
    CHECK(live() == "0");
}

TEST_CASE_FIXTURE(RunFixture,
                  "an object is removed when its provider says it is gone, and by no other error") {
    script.listed = {key_of(1), key_of(2), key_of(3), key_of(4)};
    REQUIRE(run());
    script.listed = {key_of(1)};
    script.refuses_read = [](const std::string& key) {
        // A token call that finds nothing at its address says nothing about an account.
        return key == key_of(2)   ? std::optional(Errc::gone)
               : key == key_of(3) ? std::optional(Errc::not_found)
                                  : std::optional(Errc::unavailable);
    };
    const auto result = run();
    REQUIRE(result);
    CHECK(live() == "3");
    CHECK(result->outcome.state == "succeeded");
    CHECK(result->outcome.report.find("\"left_removals\":2") != std::string::npos);
}

TEST_CASE_FIXTURE(RunFixture, "missing objects that are still there do not keep others from being removed") {
    constexpr int missing = 12;
    for (int i = 0; i < missing; ++i) {
        script.listed.insert(key_of(i));
    }
    REQUIRE(run());
    script.listed.clear();
    limits = {.share = 1.0, .at_least = 0, .confirmations = 5};
    script.refuses_read = [](const std::string& key) {
        return key == key_of(missing - 1) ? std::optional(Errc::gone) : std::nullopt;
    };
    int runs = 0;
    while (live() != "11" && runs < 200) {
        ++runs;
        REQUIRE(run());
        CHECK(script.reads.size() == static_cast<std::size_t>(5 * runs));
    }
    CHECK(live() == "11");
}

TEST_CASE_FIXTURE(RunFixture, "a walk whose end is never said proves nothing, and keeps its period") {
    script.listed = {key_of(1)};
    script.paging = domain::ports::Paging::cursor;
    script.end_unsaid = true;
    REQUIRE(run());
    script.listed.clear();
    const auto result = run();
    REQUIRE(result);
    CHECK(result->outcome.streams.front().verdict == "unproven");
    CHECK(live() == "1");
    CHECK(result->outcome.next_due_in >= std::chrono::seconds(270));
}
