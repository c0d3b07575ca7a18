#include "adapters/http/client/status.hpp"

#include <doctest/doctest.h>

#include <utility>

using namespace tributary;
using domain::Errc;
using domain::ports::HttpAnswer;
using std::chrono::seconds;

namespace {

const domain::Timestamp now = domain::parse_timestamp("1994-11-06T08:49:37Z").value();

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
