#include "adapters/tdx/target.hpp"

#include <doctest/doctest.h>

using namespace tributary;

TEST_CASE("the signed host has no default port and every other one") {
    CHECK(tdx::host_of("https://api.t-dx.com").value() == "api.t-dx.com");
    CHECK(tdx::host_of("https://api.t-dx.com:443").value() == "api.t-dx.com");
    CHECK(tdx::host_of("https://api.t-dx.com:8443").value() == "api.t-dx.com:8443");
    CHECK(tdx::host_of("http://127.0.0.1:80").value() == "127.0.0.1");
    CHECK(tdx::host_of("http://127.0.0.1:443").value() == "127.0.0.1:443");
    CHECK(tdx::host_of("http://[::1]:9000").value() == "[::1]:9000");
    CHECK(tdx::host_of("https://[::1]").value() == "[::1]");
}

TEST_CASE("a base URL that is no origin is a configuration error") {
    for (const std::string text :
         {"api.t-dx.com", "ftp://a", "https://", "https://a/", "https://a/path", "https://a?x", "https://u@a",
          "https://a:", "https://a:1x", "https://:443", "https://[::1", "https://[::1]x"}) {
        CAPTURE(text);
        const auto host = tdx::host_of(text);
        REQUIRE_FALSE(host.has_value());
        CHECK(host.error().code == domain::Errc::configuration);
        CHECK(host.error().pointer == "/base_url");
    }
}

TEST_CASE("a cursor is percent-encoded whole, so that padding, plus and slash survive") {
    CHECK(tdx::list_query(500, std::nullopt) == "limit=500");
    CHECK(tdx::list_query(500, "a+/=") == "limit=500&cursor=a%2B%2F%3D");
    CHECK(tdx::percent_encode("Az09-._~") == "Az09-._~");
    CHECK(tdx::percent_encode("../ü") == "..%2F%C3%BC");
}
