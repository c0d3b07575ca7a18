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
