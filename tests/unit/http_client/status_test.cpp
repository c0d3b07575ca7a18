#include "adapters/http/client/status.hpp"

#include <doctest/doctest.h>

#include <utility>

#include "adapters/http/client/retry_after.hpp"

using namespace tributary;
using domain::Errc;
using domain::ports::HttpAnswer;
using domain::ports::HttpFields;
using http::retry_after;
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

TEST_CASE("every success status is no error") {
    for (const int status : {200, 201, 202, 204, 299}) {
        CHECK_FALSE(http::error_of_status({.status = status}, now));
    }
}

TEST_CASE("every other status has its one meaning") {
    const std::pair<int, Errc> rows[] = {{401, Errc::unauthenticated}, {403, Errc::permission_denied},
                                         {404, Errc::not_found},       {410, Errc::gone},
                                         {408, Errc::unavailable},     {429, Errc::throttled},
                                         {500, Errc::unavailable},     {502, Errc::unavailable},
                                         {503, Errc::unavailable},     {504, Errc::unavailable},
                                         {599, Errc::unavailable},     {301, Errc::contract},
                                         {302, Errc::contract},        {304, Errc::contract},
                                         {307, Errc::contract},        {400, Errc::contract},
                                         {405, Errc::contract},        {406, Errc::contract},
                                         {422, Errc::contract},        {426, Errc::contract},
                                         {0, Errc::contract},          {199, Errc::contract},
                                         {600, Errc::contract},        {999, Errc::contract}};
    for (const auto& [status, code] : rows) {
        CAPTURE(status);
        const auto error = http::error_of_status({.status = status, .body = "secret"}, now);
        REQUIRE(error);
        CHECK(error->code == code);
        CHECK_FALSE(error->retry_after);
        CHECK(error->detail.find("secret") == std::string::npos);
        CHECK(error->detail.find(std::to_string(status)) != std::string::npos);
    }
}

TEST_CASE("the wait asked for comes along where asking again makes sense, and only there") {
    for (const auto& [status, kept] :
         {std::pair{429, true}, {503, true}, {408, true}, {401, false}, {301, false}}) {
        HttpAnswer answer{.status = status};
        answer.fields.add("retry-after", "7");
        CAPTURE(status);
        CHECK(http::error_of_status(answer, now)->retry_after.has_value() == kept);
    }
}

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
