#include "adapters/tdx/answer.hpp"

#include <doctest/doctest.h>

#include "fixture.hpp"

using namespace tributary;
using domain::Errc;
using domain::ports::HttpAnswer;

namespace {

const domain::Timestamp now{std::chrono::seconds(1111111109)};

domain::Error error_of(int status, const std::string& body = "", const std::string& retry_after = "") {
    HttpAnswer answer;
    answer.status = status;
    answer.body = body;
    if (!retry_after.empty()) {
        answer.fields.add("retry-after", retry_after);
    }
    const auto read = tdx::body_of(answer, "users", now);
    REQUIRE_FALSE(read.has_value());
    return read.error();
}

}  // namespace

TEST_CASE("every documented status has the meaning that the documentation gives it") {
    CHECK(error_of(400).code == Errc::contract);
    CHECK(error_of(401).code == Errc::unauthenticated);
    CHECK(error_of(403).code == Errc::permission_denied);
    CHECK(error_of(404).code == Errc::not_found);
    CHECK(error_of(410).code == Errc::not_found);
    CHECK(error_of(409).code == Errc::contract);
    CHECK(error_of(422).code == Errc::contract);
    CHECK(error_of(429).code == Errc::throttled);
    CHECK(error_of(500).code == Errc::unavailable);
    CHECK(error_of(503).code == Errc::unavailable);
}

TEST_CASE("a throttled answer carries the wait that was asked for") {
    CHECK(error_of(429, "", "17").retry_after == std::chrono::seconds(17));
    CHECK_FALSE(error_of(429).retry_after.has_value());
}

TEST_CASE("an error body that is no JSON changes nothing, and a redirect is no answer") {
    CHECK(error_of(502, "<html>Bad gateway</html>").code == Errc::unavailable);
    CHECK(error_of(302).code == Errc::contract);
}

TEST_CASE("the error says what was asked and never repeats the provider's message") {
    const domain::Error error = error_of(403, tests::fixture("permission_denied"));
    CHECK(error.detail.find("users") != std::string::npos);
    CHECK(error.detail.find("403") != std::string::npos);
    CHECK(error.detail.find("john") == std::string::npos);
}

TEST_CASE("a failed transport stays the error it is") {
    const auto read = tdx::body_of(domain::fail(Errc::timed_out, "slow"), "users", now);
    REQUIRE_FALSE(read.has_value());
    CHECK(read.error().code == Errc::timed_out);
}
