#include "adapters/http/client/origin.hpp"

#include <doctest/doctest.h>

using tributary::http::Origin;
using tributary::http::parse_origin;

TEST_CASE("an origin is read into scheme, host, port and the value of the Host field") {
    CHECK(parse_origin("https://api.upvest.co") == Origin{true, "api.upvest.co", 443, "api.upvest.co"});
    CHECK(parse_origin("https://API.upvest.co:443") == Origin{true, "api.upvest.co", 443, "api.upvest.co"});
    CHECK(parse_origin("https://api.t-dx.com:8443") ==
          Origin{true, "api.t-dx.com", 8443, "api.t-dx.com:8443"});
    CHECK(parse_origin("http://127.0.0.1:8080") == Origin{false, "127.0.0.1", 8080, "127.0.0.1:8080"});
    CHECK(parse_origin("http://localhost") == Origin{false, "localhost", 80, "localhost"});
    CHECK(parse_origin("https://[::1]:8443") == Origin{true, "::1", 8443, "[::1]:8443"});
}

TEST_CASE("a text that is more or less than an origin is refused") {
    for (const std::string_view bad : {"",
                                       "https://",
                                       "ftp://host",
                                       "HTTPS://host",
                                       "//host",
                                       "host",
                                       "https://host/",
                                       "https://host/path",
                                       "https://host?q",
                                       "https://host#f",
                                       "https://user@host",
                                       "https://user:secret@host",
                                       "https://host:",
                                       "https://host:0",
                                       "https://host:65536",
                                       "https://host:+1",
                                       "https://host:1a",
                                       "https://ho st",
                                       "https://host\r\n",
                                       "https://.host",
                                       "https://host.",
                                       "https://a..b",
                                       "https://-host",
                                       "https://[::1",
                                       "https://[::1]x",
                                       "https://[]",
                                       "https://[host]",
                                       "https://[fe80::1%eth0]",
                                       "https://h\xC3\xB6st",
                                       "https://host\\x",
                                       "https://a,b",
                                       "https://:443"}) {
        CAPTURE(bad);
        CHECK_FALSE(parse_origin(bad));
    }
    CHECK_FALSE(parse_origin("https://" + std::string(300, 'a')));
    CHECK_FALSE(parse_origin(std::string_view("https://host\0", 13)));
}
