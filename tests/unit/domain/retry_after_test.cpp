#include "domain/retry_after.hpp"

#include <doctest/doctest.h>

#include <utility>

using namespace tributary;
using domain::retry_after;
using domain::ports::HttpFields;
using std::chrono::seconds;

namespace {

const domain::Timestamp now = domain::parse_timestamp("1994-11-06T08:49:37Z").value();

std::optional<seconds> waits(std::string wanted, std::string date = {}) {
    HttpFields fields;
    fields.add("Retry-After", std::move(wanted));
    if (!date.empty()) fields.add("Date", std::move(date));
    return retry_after(fields, now);
}

}  // namespace

TEST_CASE("a wait in seconds is taken, an absurd one is cut to an hour, garbage is ignored") {
    CHECK(waits("0") == seconds(0));
    CHECK(waits("120") == seconds(120));
    CHECK(waits("3600") == seconds(3600));
    CHECK(waits("3601") == seconds(3600));
    CHECK(waits("99999999999999999999999999") == seconds(3600));
    for (const char* bad : {"", "-1", "+5", "1.5", "5s", "soon", " 5", "0x10", "1e3", "1,2"}) {
        CAPTURE(bad);
        CHECK_FALSE(waits(bad));
    }
    CHECK_FALSE(retry_after({}, now));
}

TEST_CASE("a wait until a date is measured from the answer's own clock, else from ours") {
    CHECK(waits("Sun, 06 Nov 1994 08:50:37 GMT") == seconds(60));
    CHECK(waits("Sunday, 06-Nov-94 08:50:37 GMT") == seconds(60));
    CHECK(waits("Sun Nov  6 08:50:37 1994") == seconds(60));
    CHECK(waits("Sun, 06 Nov 1994 08:50:37 GMT", "Sun, 06 Nov 1994 08:50:27 GMT") == seconds(10));
    CHECK(waits("Sun, 06 Nov 1994 08:50:37 GMT", "not a date") == seconds(60));
    CHECK(waits("Mon, 07 Nov 1994 08:49:37 GMT") == seconds(3600));
    CHECK(waits("Sun, 06 Nov 1994 08:49:37 GMT") == seconds(0));
    CHECK_FALSE(waits("Sun, 06 Nov 1994 08:49:36 GMT"));
    for (const char* bad :
         {"Mon, 06 Nov 1994 08:50:37 GMT", "Sun, 06 Nov 1994 08:50:37", "Sun, 31 Feb 1994 08:50:37 GMT",
          "Sun, 06 Nov 1994 25:50:37 GMT", "Sun, 06 Nov 1994 08:50:37 GMT x", "1994-11-06T08:50:37Z"}) {
        CAPTURE(bad);
        CHECK_FALSE(waits(bad));
    }
}

TEST_CASE("a date far in the future is cut to an hour, one before the answer's own date means nothing") {
    CHECK(waits("Fri, 31 Dec 9999 23:59:59 GMT", "Sun, 06 Nov 1994 08:49:37 GMT") == seconds(3600));
    CHECK_FALSE(waits("Sun, 06 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 08:49:38 GMT"));
    // Their clock is a day ahead of ours; the wait is still the difference of their two dates.
    CHECK(waits("Mon, 07 Nov 1994 08:49:47 GMT", "Mon, 07 Nov 1994 08:49:37 GMT") == seconds(10));
}

TEST_CASE("a provider that does not say how long is left alone for longer each time, up to a minute") {
    CHECK(domain::unasked_pause(0) == seconds(1));
    CHECK(domain::unasked_pause(1) == seconds(1));
    CHECK(domain::unasked_pause(2) == seconds(2));
    CHECK(domain::unasked_pause(6) == seconds(32));
    CHECK(domain::unasked_pause(7) == seconds(60));
    CHECK(domain::unasked_pause(1'000'000) == seconds(60));
}
