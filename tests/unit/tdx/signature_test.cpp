#include "adapters/tdx/signature.hpp"

#include <doctest/doctest.h>

using namespace tributary;

namespace {

const tdx::ApiKey key{"fcebf5ef5-69d3-4a37-b1d3-69fd462cf54c", "0c3c11e3e74de307866a2d67a9c71f97"};
const tdx::Freshness moment{"f93c979d-b00d-43a9-9b9c-fd4cd9547fa6", 1567755304968};
const std::string head =
    "TDXV1-HMAC-SHA256 ApiKey=fcebf5ef5-69d3-4a37-b1d3-69fd462cf54c "
    "Nonce=f93c979d-b00d-43a9-9b9c-fd4cd9547fa6 "
    "Timestamp=1567755304968 Signature=";

}  // namespace

TEST_CASE("hashed_base64 signs a request without query as the older authentication page says") {
    const tdx::SignedParts parts{.host = "api.t-dx.com", .path = "/api/rest/v1/users/me"};
    const auto header = tdx::authorization(key, tdx::SignatureVariant::hashed_base64, parts, moment);
    CHECK(header.value() == head + "3QKKb5fFH65mkyn8UotuYVFLfgP5ZjqKp6TpgRVje6o=");
}

TEST_CASE("hashed_base64 signs a request with query as the older authentication page says") {
    const tdx::SignedParts parts{
        .host = "api.t-dx.com", .path = "/api/rest/v1/sub-accounts/mine", .query = "limit=100"};
    const auto header = tdx::authorization(key, tdx::SignatureVariant::hashed_base64, parts, moment);
    CHECK(header.value() == head + "eHuNoG63XskeqvIp6gf06DELObkkecaN9eKudI7lP4Y=");
}

TEST_CASE("hashed_raw keys with the secret's own text over the raw digest") {
    const tdx::SignedParts parts{.host = "api.t-dx.com", .path = "/api/rest/v1/users/me"};
    const auto header = tdx::authorization(key, tdx::SignatureVariant::hashed_raw, parts, moment);
    // openssl dgst -sha256 -binary | openssl dgst -sha256 -mac HMAC -macopt key:<secret> -binary | base64
    CHECK(header.value() == head + "sMxtHpGlM0wQhSSl7LNPk4jgV5Jgj4yrFigV31xmZyU=");
}

TEST_CASE("a PUT is signed with its content type and body as both authentication pages say") {
    const tdx::SignedParts parts{
        .method = "PUT",
        .host = "api.t-dx.com",
        .path = "/api/rest/v1/users/me/preferences",
        .content_type = "application/json",
        .body = R"({"language":"LANGUAGE_GERMAN","notifications":{"orderPlacement":true,)"
                R"("orderConfirmation":false,"orderCancellation":true,"settlementLine":false}})"};
    // Made with Python's hashlib and hmac.
    CHECK(tdx::authorization(key, tdx::SignatureVariant::hashed_base64, parts, moment).value() ==
          head + "xVOtbX2JOHh6pKm7Vme283e3cQcqVlzm2eV8TXHIT7k=");
    CHECK(tdx::authorization(key, tdx::SignatureVariant::hashed_raw, parts, moment).value() ==
          head + "tBcQ+fVsDw6MuGblU+Ywn+IxVVYOqAIvHUYbwiK5zxA=");
}

TEST_CASE("content type and body take part in the signature where there are any") {
    const tdx::SignedParts plain{.method = "POST", .host = "h", .path = "/p"};
    tdx::SignedParts full = plain;
    full.content_type = "application/json";
    tdx::SignedParts fuller = full;
    fuller.body = "{}";
    const auto sign = [](const tdx::SignedParts& parts) {
        return tdx::authorization(key, tdx::SignatureVariant::hashed_base64, parts, moment).value();
    };
    CHECK(sign(plain) != sign(full));
    CHECK(sign(full) != sign(fuller));
}

TEST_CASE("hashed_base64 refuses a secret that is not hexadecimal, hashed_raw takes it") {
    const tdx::ApiKey odd{"key", "not hexadecimal"};
    const auto refused = tdx::authorization(odd, tdx::SignatureVariant::hashed_base64, {}, moment);
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error().code == domain::Errc::configuration);
    CHECK(refused.error().pointer == "/credentials/api_secret");
    CHECK(tdx::authorization(odd, tdx::SignatureVariant::hashed_raw, {}, moment).has_value());
}
