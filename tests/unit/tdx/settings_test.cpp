#include "adapters/tdx/settings.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "fixture.hpp"

using namespace tributary;
using tests::tree;

namespace {

auto read(std::string_view settings, std::string_view credentials) {
    return tdx::read_configuration(*tree(settings).if_object(), *tree(credentials).if_object());
}

/// The pointers of all faults, in order; empty where there are none.
std::vector<std::string> faults(std::string_view settings, std::string_view credentials) {
    std::vector<std::string> pointers;
    const auto configuration = read(settings, credentials);
    if (!configuration) {
        std::ranges::transform(configuration.error(), std::back_inserter(pointers), &domain::Error::pointer);
    }
    return pointers;
}

using Pointers = std::vector<std::string>;
constexpr auto api_key = R"({"api_key": "k", "api_secret": "00ff"})";
constexpr auto login = R"({"username": "u", "password": "p"})";

}  // namespace

TEST_CASE("an API key alone is enough and gets the documented defaults") {
    const auto configuration = read("{}", api_key);
    REQUIRE(configuration.has_value());
    CHECK(configuration->signature_variant == tdx::SignatureVariant::hashed_base64);
    CHECK(configuration->login_path == "/users/authentication/login");
    CHECK(configuration->refresh_path == "/users/authentication/refresh");
    CHECK(std::get<tdx::ApiKey>(configuration->credentials).secret == "00ff");
}

TEST_CASE("a login is read with and without a TOTP secret") {
    CHECK_FALSE(std::get<tdx::Login>(read("{}", login)->credentials).totp_secret.has_value());
    const auto two_factor = read("{}", R"({"username": "u", "password": "p", "totp_secret": "GEZDGNBV"})");
    CHECK(std::get<tdx::Login>(two_factor->credentials).totp_secret == "GEZDGNBV");
}

TEST_CASE("settings replace the defaults") {
    const auto configuration = read(
        R"({"signature_variant": "hashed_raw", "login_path": "/auth/login", "refresh_path": "/auth/refresh"})",
        R"({"api_key": "k", "api_secret": "not hexadecimal"})");
    REQUIRE(configuration.has_value());
    CHECK(configuration->signature_variant == tdx::SignatureVariant::hashed_raw);
    CHECK(configuration->login_path == "/auth/login");
    CHECK(configuration->refresh_path == "/auth/refresh");
}

TEST_CASE("credentials that are neither one kind nor the other are faults with their pointers") {
    CHECK(faults("{}", "{}") == Pointers{"/credentials"});
    CHECK(faults("{}", R"({"api_key": "k", "api_secret": "00", "username": "u", "password": "p"})") ==
          Pointers{"/credentials"});
    CHECK(faults("{}", R"({"api_key": "k"})") == Pointers{"/credentials/api_secret"});
    CHECK(faults("{}", R"({"api_secret": "00"})") == Pointers{"/credentials/api_key"});
    CHECK(faults("{}", R"({"username": "u"})") == Pointers{"/credentials/password"});
    CHECK(faults("{}", R"({"totp_secret": "GEZDGNBV"})") ==
          Pointers{"/credentials/username", "/credentials/password"});
}

TEST_CASE("a credential of the wrong form is a fault with its pointer") {
    CHECK(faults("{}", R"({"api_key": "k\r\nX: y", "api_secret": "00"})") ==
          Pointers{"/credentials/api_key"});
    CHECK(faults("{}", R"({"api_key": "k", "api_secret": "xyz"})") == Pointers{"/credentials/api_secret"});
    CHECK(faults("{}", R"({"api_key": 7, "api_secret": "00"})") == Pointers{"/credentials/api_key"});
    CHECK(faults("{}", R"({"username": "", "password": "p"})") == Pointers{"/credentials/username"});
    CHECK(faults("{}", R"({"username": "u", "password": "p", "totp_secret": "018"})") ==
          Pointers{"/credentials/totp_secret"});
}

TEST_CASE("an unknown key is a fault that names the nearest known one and escapes its pointer") {
    const auto configuration = read(R"({"sinature_variant": "hashed_raw", "a/b": 1})", api_key);
    REQUIRE_FALSE(configuration.has_value());
    REQUIRE(configuration.error().size() == 2);
    CHECK(configuration.error()[0].pointer == "/settings/sinature_variant");
    CHECK(configuration.error()[0].detail.find("\"signature_variant\"") != std::string::npos);
    CHECK(configuration.error()[1].pointer == "/settings/a~1b");
    CHECK(faults("{}", R"({"api_key": "k", "api_secret": "00", "pasword": "p"})") ==
          Pointers{"/credentials/pasword"});
}

TEST_CASE("a setting of the wrong form is a fault with its pointer") {
    CHECK(faults(R"({"signature_variant": "tpv1"})", api_key) == Pointers{"/settings/signature_variant"});
    CHECK(faults(R"({"login_path": "auth/login"})", login) == Pointers{"/settings/login_path"});
    CHECK(faults(R"({"refresh_path": "/a?b"})", login) == Pointers{"/settings/refresh_path"});
    CHECK(faults(R"({"login_path": null})", login) == Pointers{"/settings/login_path"});
}

TEST_CASE("no fault repeats a credential") {
    const auto configuration =
        read("{}", R"({"api_key": "k k", "api_secret": "hunter2", "totp_secret": "hunter3"})");
    REQUIRE_FALSE(configuration.has_value());
    for (const domain::Error& fault : configuration.error()) {
        CHECK(fault.detail.find("hunter") == std::string::npos);
    }
}
