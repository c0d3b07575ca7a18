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
    CHECK(result->outcome.state == "held");
}
