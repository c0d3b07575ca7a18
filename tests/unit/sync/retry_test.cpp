#include "services/sync/retry.hpp"

#include <doctest/doctest.h>

using namespace std::chrono_literals;
using tributary::domain::Errc;
using tributary::domain::Error;
using tributary::sync::max_attempts;
using tributary::sync::retry_delay;

namespace {

Error error_of(Errc code, std::optional<std::chrono::seconds> retry_after = std::nullopt) {
    return {code, "", "", retry_after};
}

constexpr double almost_one = 0.999999;

}  // namespace

TEST_CASE("only trouble that passes by itself is asked again") {
    for (const Errc code : {Errc::unavailable, Errc::timed_out, Errc::throttled}) {
        CAPTURE(name_of(code));
        CHECK(retry_delay(error_of(code), 1, 0.5));
    }
    for (const Errc code :
         {Errc::invalid_input, Errc::not_found, Errc::gone, Errc::conflict, Errc::unauthenticated,
          Errc::permission_denied, Errc::configuration, Errc::contract, Errc::stale_owner, Errc::in_doubt,
          Errc::cancelled, Errc::internal}) {
        CAPTURE(name_of(code));
        CHECK_FALSE(retry_delay(error_of(code), 1, 0.5));
    }
}

TEST_CASE("refused credentials are never sent again, whatever Retry-After says") {
    CHECK_FALSE(retry_delay(error_of(Errc::unauthenticated, 1s), 1, 0.5));
}

TEST_CASE("attempts end at the limit") {
    CHECK(retry_delay(error_of(Errc::unavailable), max_attempts - 1, 0.5));
    CHECK_FALSE(retry_delay(error_of(Errc::unavailable), max_attempts, 0.5));
    CHECK_FALSE(retry_delay(error_of(Errc::throttled, 1s), max_attempts, 0.5));
}

TEST_CASE("the wait is drawn between zero and a bound that doubles") {
    const Error error = error_of(Errc::unavailable);
    CHECK(retry_delay(error, 1, 0.0) == 0ms);
    CHECK(retry_delay(error, 1, almost_one) == 499ms);
    CHECK(retry_delay(error, 2, almost_one) == 999ms);
    CHECK(retry_delay(error, 3, almost_one) == 1999ms);
    CHECK(retry_delay(error, 2, 0.5) == 500ms);
}

TEST_CASE("a Retry-After of up to a minute is never undercut") {
    CHECK(retry_delay(error_of(Errc::throttled, 7s), 1, 0.0) == 7000ms);
    CHECK(retry_delay(error_of(Errc::throttled, 60s), 1, 0.0) == 60'000ms);
    CHECK(retry_delay(error_of(Errc::unavailable, 7s), 2, almost_one) == 7249ms);
    CHECK(retry_delay(error_of(Errc::throttled, 0s), 1, 0.0) == 0ms);
}

TEST_CASE("a longer Retry-After leaves the stream to a later run") {
    CHECK_FALSE(retry_delay(error_of(Errc::throttled, 61s), 1, 0.5));
}
