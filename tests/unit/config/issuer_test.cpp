// The issuer of tokens: keys that make sense together or not.
#include <doctest/doctest.h>

#include "config/load.hpp"

using namespace tributary::config;

namespace {

std::expected<Loaded, std::vector<tributary::domain::Error>> loaded(const std::string& auth) {
    Sources sources;
    sources.file_text = "[auth]\n" + auth;
    sources.file_name = "tributary.toml";
    return load(sources);
}

/// What is wrong, one sentence after the other.
std::string complaints(const std::string& auth) {
    const auto read = loaded(auth);
    std::string all;
    if (!read) {
        for (const auto& error : read.error()) {
            all += error.detail;
        }
    }
    return all;
}

const std::string whole = "issuer = \"https://issuer.example\"\naudience = \"tributary\"\n";

std::string at(const std::string& url) {
    return whole + "jwks_url = \"" + url + "\"\n";
}

}  // namespace

TEST_CASE("an issuer has an audience and its keys in a file or at an address") {
    const auto read = loaded(whole + "jwks_file = \"/etc/keys.json\"\ntype = \"JWT\"\n");
    REQUIRE(read);
    CHECK(read->settings.auth_issuer == "https://issuer.example");
    CHECK(read->settings.auth_audience == "tributary");
    CHECK(read->settings.auth_jwks_file == "/etc/keys.json");
    CHECK(read->settings.auth_type == "JWT");
    CHECK(loaded(at("https://issuer.example/keys"))->settings.auth_jwks_url == "https://issuer.example/keys");
}

TEST_CASE("an issuer that is told by half is refused with what is missing") {
    CHECK(complaints(whole).contains("'auth.jwks_file' or 'auth.jwks_url'"));
    CHECK(complaints("issuer = \"a\"\njwks_file = \"/k\"\n").contains("without 'auth.audience'"));
    CHECK(complaints("audience = \"a\"\n").contains("'auth.issuer' is not set"));
    CHECK(complaints("jwks_file = \"/k\"\n").contains("'auth.issuer' is not set"));
    CHECK(complaints(at("https://issuer.example/keys") + "jwks_file = \"/k\"\n")
              .contains("Both 'auth.jwks_file'"));
}

TEST_CASE("an issuer's keys come over https, or from loopback") {
    for (const char* url : {"https://issuer.example", "https://issuer.example:8443/a/b?c=d",
                            "http://127.0.0.1:9000/keys", "http://[::1]:9000/keys"}) {
        CAPTURE(url);
        CHECK(complaints(at(url)).empty());
    }
    for (const char* url : {"http://issuer.example/keys", "http://10.0.0.1:80/keys", "http://127.0.0.1/keys",
                            "issuer.example/keys", "file:///etc/passwd", "https://", "https:///keys",
                            "https://user:pass@issuer.example/keys", "https://issuer.example/a b",
                            "https://issuer.example/#keys", "ftp://issuer.example/keys"}) {
        CAPTURE(url);
        CHECK(complaints(at(url)).contains("auth.jwks_url"));
    }
}

TEST_CASE("a claim and a type are named by one word") {
    CHECK(complaints("tenant_claim = \"\"\n").contains("one word"));
    CHECK(complaints("customer_claim = \"a b\"\n").contains("one word"));
    CHECK(complaints("type = \"at jwt\"\n").contains("one word"));
    CHECK(complaints("tenant_claim = \"https://example.com/tenant\"\n").empty());
}
