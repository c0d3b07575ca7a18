// The Upvest signature vectors: Ed25519 must come out byte for byte, P-521 must verify.
#include <doctest/doctest.h>

#include <algorithm>
#include <fstream>
#include <sstream>

#include "adapters/crypto/digest.hpp"
#include "adapters/crypto/signing_key.hpp"
#include "domain/json/parse.hpp"

using namespace tributary;
using namespace tributary::crypto;

namespace {

json::Value vectors() {
    std::ifstream file(TRIBUTARY_FIXTURES "/upvest/signature_vectors.json");
    std::stringstream text;
    text << file.rdbuf();
    auto parsed = json::parse(text.str());
    REQUIRE(parsed);
    return std::move(parsed->root);
}

const std::string& text_of(const json::Value& object, std::string_view key) {
    const json::Value* member = object.find(key);
    REQUIRE(member != nullptr);
    REQUIRE(member->if_string() != nullptr);
    return *member->if_string();
}

/// The bytes between "sig1=:" and ":".
std::string signature_of(const json::Value& vector) {
    std::string_view field = text_of(*vector.find("headers"), "signature");
    REQUIRE(field.starts_with("sig1=:"));
    field.remove_prefix(6);
    field.remove_suffix(1);
    return base64_decode(field).value();
}

std::string pkcs8_pem(std::string_view seed) {
    const std::string der = hex_decode("302e020100300506032b657004220420").value() + std::string(seed);
    return "-----BEGIN PRIVATE KEY-----\n" + base64(der) + "\n-----END PRIVATE KEY-----\n";
}

std::string from_base64url(std::string text) {
    std::ranges::replace(text, '-', '+');
    std::ranges::replace(text, '_', '/');
    text.append((4 - text.size() % 4) % 4, '=');
    return base64_decode(text).value();
}

}  // namespace

TEST_CASE("every Ed25519 vector is signed byte for byte and verifies under the published key") {
    const json::Value root = vectors();
    const auto key = SigningKey::from_pem(pkcs8_pem(hex_decode(text_of(root, "ed25519_seed_hex")).value()));
    REQUIRE(key);
    CHECK(key->algorithm() == KeyAlgorithm::ed25519);
    const auto der = base64_decode("MCowBQYDK2VwAyEA" + text_of(root, "ed25519_public_base64"));
    REQUIRE(der);
    const std::string public_pem =
        "-----BEGIN PUBLIC KEY-----\n" + base64(*der) + "\n-----END PUBLIC KEY-----\n";
    CHECK(key->public_pem() == public_pem);
    const auto verifier = VerifyingKey::from_pem(public_pem);
    REQUIRE(verifier);
    int seen = 0;
    for (const json::Value& vector : *root.find("vectors")->if_array()) {
        if (text_of(vector, "alg") != "ed25519") continue;
        CAPTURE(text_of(vector, "name"));
        const std::string& base = text_of(vector, "signature_base");
        CHECK(key->sign(base) == signature_of(vector));
        CHECK(verifier->verify(base, signature_of(vector)));
        CHECK_FALSE(verifier->verify(base + " ", signature_of(vector)));
        ++seen;
    }
    CHECK(seen == 3);
}

TEST_CASE("every P-521 vector verifies under its published point, and no altered one does") {
    int seen = 0;
    const json::Value root = vectors();
    for (const json::Value& vector : *root.find("vectors")->if_array()) {
        if (text_of(vector, "alg") != "ecdsa-p521-sha512-der") continue;
        CAPTURE(text_of(vector, "name"));
        const json::Value& jwk = vector.find("jwks")->find("keys")->if_array()->at(0);
        const auto key = VerifyingKey::from_p521_point(from_base64url(text_of(jwk, "x")),
                                                       from_base64url(text_of(jwk, "y")));
        REQUIRE(key);
        CHECK(key->algorithm() == KeyAlgorithm::ecdsa_p521_sha512);
        const std::string& base = text_of(vector, "signature_base");
        const std::string signature = signature_of(vector);
        CHECK(key->verify(base, signature));
        CHECK_FALSE(key->verify(base + "x", signature));
        for (std::size_t i = 0; i < signature.size(); ++i) {
            std::string altered = signature;
            altered[i] = static_cast<char>(altered[i] ^ 1);
            CHECK_FALSE(key->verify(base, altered));
        }
        ++seen;
    }
    CHECK(seen == 2);
}
