#include "adapters/upvest/login.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "adapters/upvest/provider.hpp"
#include "tests/unit/upvest/fixtures.hpp"

using namespace tributary;
using domain::Errc;
using domain::Error;

namespace {

json::Object good_credentials() {
    json::Object credentials;
    json::set(credentials, "client_id", "5ec16164-6173-461d-b90d-116d68f55b40");
    json::set(credentials, "client_secret", "s3cret");
    json::set(credentials, "key_id", "8d4997a8-cf7a-4e51-adbb-401656a3e5c2");
    json::set(credentials, "private_key_pem", tests::vector_key_pem());
    return credentials;
}

std::vector<Error> faults_of(const json::Object& settings, const json::Object& credentials) {
    return upvest::make_provider()->check(settings, credentials);
}

/// The one fault there must be.
Error fault_with(std::string_view key, json::Value value) {
    json::Object credentials = good_credentials();
    json::set(credentials, key, std::move(value));
    const auto faults = faults_of({}, credentials);
    REQUIRE(faults.size() == 1);
    CHECK(faults[0].code == Errc::invalid_input);
    return faults[0];
}

bool mentions(const Error& error, std::string_view text) {
    return error.detail.find(text) != std::string::npos;
}

}  // namespace

TEST_CASE("complete credentials have no fault, and scopes and version have their defaults") {
    CHECK(faults_of({}, good_credentials()).empty());
    const auto login = upvest::read_login({}, good_credentials());
    REQUIRE(login);
    CHECK(login->scopes == "accounts:read users:read");
    CHECK(login->api_version == "1");
}

TEST_CASE("scopes are taken as text and as an array") {
    json::Object credentials = good_credentials();
    json::set(credentials, "scopes", json::Array{"accounts:admin", "users:read"});
    CHECK(upvest::read_login({}, credentials)->scopes == "accounts:admin users:read");
    json::set(credentials, "scopes", "users:admin");
    CHECK(upvest::read_login({}, credentials)->scopes == "users:admin");
}

TEST_CASE("every fault of one connection is reported at once, each with its pointer") {
    const auto faults = faults_of({{"api_version", "1.2"}, {"api_versoin", "1"}}, {{"client_ids", "x"}});
    std::vector<std::string> pointers;
    pointers.reserve(faults.size());
    for (const Error& fault : faults) {
        pointers.push_back(fault.pointer);
    }
    std::ranges::sort(pointers);
    CHECK(pointers == std::vector<std::string>{"/credentials/client_id", "/credentials/client_ids",
                                               "/credentials/client_secret", "/credentials/key_id",
                                               "/credentials/private_key_pem", "/settings/api_version",
                                               "/settings/api_versoin"});
}

TEST_CASE("an unknown key is a fault that names the nearest known one") {
    const Error fault = fault_with("private_key", "x");
    CHECK(fault.pointer == "/credentials/private_key");
    CHECK(mentions(fault, "private_key_pem"));
    CHECK(mentions(fault_with("scope", "x"), "scopes"));
    CHECK(fault_with("a/b~c", "x").pointer == "/credentials/a~1b~0c");
}

TEST_CASE("a key that does not open is a fault of the PEM that says why") {
    for (const auto& pem : {std::string("no key"), tests::new_p521_pem("right")}) {
        const Error fault = fault_with("private_key_pem", pem);
        CHECK(fault.pointer == "/credentials/private_key_pem");
        CHECK(fault.detail == crypto::SigningKey::from_pem(pem).error().detail);
    }
    json::Object credentials = good_credentials();
    json::set(credentials, "private_key_pem", tests::new_p521_pem("right"));
    json::set(credentials, "private_key_passphrase", "wrong");
    CHECK(faults_of({}, credentials).at(0).pointer == "/credentials/private_key_pem");
    json::set(credentials, "private_key_passphrase", "right");
    CHECK(faults_of({}, credentials).empty());
}

TEST_CASE("values that could not stand in a header or a form are faults, and the secret is not repeated") {
    CHECK(fault_with("client_id", "a\r\nb").pointer == "/credentials/client_id");
    CHECK(fault_with("key_id", "a\"b").pointer == "/credentials/key_id");
    CHECK(fault_with("key_id", 7).pointer == "/credentials/key_id");
    CHECK(fault_with("scopes", "a\nb").pointer == "/credentials/scopes");
    CHECK(fault_with("scopes", json::Array{}).pointer == "/credentials/scopes");
    CHECK(fault_with("scopes", json::Array{1}).pointer == "/credentials/scopes");
    const std::string long_secret(1001, 'q');
    const Error fault = fault_with("client_secret", long_secret);
    CHECK(fault.pointer == "/credentials/client_secret");
    CHECK_FALSE(mentions(fault, "qqq"));
    CHECK(fault_with("private_key_passphrase", 1).pointer == "/credentials/private_key_passphrase");
}
