// What a token's header may say, and how the token may be written.
#include <doctest/doctest.h>

#include <functional>

#include "adapters/crypto/digest.hpp"
#include "adapters/jwt/compact.hpp"
#include "issuing.hpp"

using namespace tributary;
using namespace tributary::jwt;

namespace {

/// A token whose header and claims are good but for what is changed, signed by `signer`.
std::string signed_with(const Issuing& issuing, const tests::JwtSigner& signer, const json::Object& changed) {
    json::Object header = signer.header();
    for (const json::Entry& entry : changed) {
        json::set(header, entry.key, entry.value);
    }
    return signer.sign(header, issuing.claims());
}

json::Object without(json::Object object, std::string_view name) {
    std::erase_if(object, [name](const json::Entry& entry) { return entry.key == name; });
    return object;
}

std::string ten_megabytes(char c) {
    std::string text;
    text.resize(10'000'000, c);
    return text;
}

/// header.payload.signature with one of them changed.
std::string replaced(const std::string& token, int part,
                     const std::function<std::string(std::string)>& change) {
    std::vector<std::string> parts{""};
    for (const char c : token) {
        if (c == '.') {
            parts.emplace_back();
        } else {
            parts.back() += c;
        }
    }
    parts.at(static_cast<std::size_t>(part)) = change(parts.at(static_cast<std::size_t>(part)));
    return parts[0] + "." + parts[1] + "." + parts[2];
}

}  // namespace

TEST_CASE_FIXTURE(Issuing, "a token's algorithm is one of three, and its key's own") {
    const std::string claims_text = json::write(claims());
    const auto unsigned_as = [&](const char* name) {
        return tests::base64url(R"({"alg":")" + std::string(name) + R"(","typ":"at+jwt","kid":"rsa"})") +
               "." + tests::base64url(claims_text) + ".";
    };
    const auto signed_as = [this](const tests::JwtSigner& signer, json::Value name) {
        return signed_with(*this, signer, {{"alg", std::move(name)}});
    };
    // Whoever takes the public key of RSA for the secret of HMAC takes this.
    const auto hmac_with = [&](const std::string& secret) {
        const std::string message = tests::base64url(R"({"alg":"HS256","typ":"at+jwt","kid":"rsa"})") + "." +
                                    tests::base64url(claims_text);
        return message + "." + tests::base64url(crypto::hmac_sha256(secret, message));
    };
    const std::string modulus = *json::find(by.rs256.jwk(), "n")->if_string();
    check_cases(*this,
                {
                    {"ES256", by.es256.sign(claims())},
                    {"RS256", by.rs256.sign(claims())},
                    {"EdDSA", by.eddsa.sign(claims())},
                    {"none", unsigned_as("none"), malformed},
                    {"None", unsigned_as("None"), malformed},
                    {"NONE", unsigned_as("NONE"), malformed},
                    {"nOnE", unsigned_as("nOnE"), malformed},
                    {"RS256 without signature", unsigned_as("RS256"), not_valid},
                    {"none with a signature", signed_as(by.rs256, "none"), malformed},
                    {"HS256 with the modulus", hmac_with(*crypto::base64url_decode(modulus)), malformed},
                    {"HS256 with the modulus as text", hmac_with(modulus), malformed},
                    {"HS256 with the key as JSON", hmac_with(json::write(by.rs256.jwk())), malformed},
                    {"PS256", signed_as(by.rs256, "PS256"), malformed},
                    {"RS512", signed_as(by.rs256, "RS512"), malformed},
                    {"ES384", signed_as(by.es256, "ES384"), malformed},
                    {"es256", signed_as(by.es256, "es256"), malformed},
                    {"a list", signed_as(by.es256, json::Array{"ES256"}), malformed},
                    {"null", signed_as(by.es256, json::Value()), malformed},
                    {"absent", by.es256.sign(without(by.es256.header(), "alg"), claims()), malformed},
                    {"ES256 by an RSA key", signed_as(by.rs256, "ES256"), unknown_key},
                    {"RS256 by an elliptic key", signed_as(by.es256, "RS256"), unknown_key},
                    {"EdDSA by an elliptic key", signed_as(by.es256, "EdDSA"), unknown_key},
                });
}

TEST_CASE_FIXTURE(Issuing,
                  "a token is verified with the issuer's keys and with nothing that it brings along") {
    const json::Value certificate = json::Array{"MIIB"};
    const auto forged = [this](const json::Object& changed) {
        return signed_with(*this, by.false_es256, changed);
    };
    const json::Value own_key = by.false_es256.jwk();
    check_cases(
        *this,
        {
            {"a stranger's key under a known id", forged({}), not_valid},
            {"a stranger's RSA key under a known id", by.false_rs256.sign(claims()), not_valid},
            {"a known key under another's id", signed_with(*this, by.es256, {{"kid", "edwards"}}),
             unknown_key},
            {"jwk", forged({{"jwk", own_key}}), not_valid},
            {"jwk under an id of its own", forged({{"jwk", own_key}, {"kid", "x"}}), unknown_key},
            {"jku", forged({{"jku", "https://evil.example/keys"}, {"kid", "x"}}), unknown_key},
            {"x5u", forged({{"x5u", "https://evil.example/cert"}}), not_valid},
            {"x5c", forged({{"x5c", certificate}}), not_valid},
            {"a good token that names an address",
             signed_with(*this, by.es256, {{"jku", "https://evil.example"}})},
            {"crit", signed_with(*this, by.es256, {{"crit", json::Array{"exp"}}}), malformed},
            {"an empty crit", signed_with(*this, by.es256, {{"crit", json::Array{}}}), malformed},
            {"crit with b64", signed_with(*this, by.es256, {{"b64", false}, {"crit", json::Array{"b64"}}}),
             malformed},
            {"an unknown id", signed_with(*this, by.es256, {{"kid", "unknown"}}), unknown_key},
            {"an id that is a path", signed_with(*this, by.es256, {{"kid", "../../dev/null"}}), unknown_key},
            {"an empty id", signed_with(*this, by.es256, {{"kid", ""}}), malformed},
            {"an id that is a number", signed_with(*this, by.es256, {{"kid", 1}}), malformed},
            {"an endless id", signed_with(*this, by.es256, {{"kid", std::string(257, 'k')}}), malformed},
            {"no id", by.es256.sign(without(by.es256.header(), "kid"), claims()), malformed},
        });
    CHECK(fetches == 1);
}

TEST_CASE_FIXTURE(Issuing, "a token's type is that of access tokens") {
    const auto typed = [this](json::Value type) {
        return signed_with(*this, by.eddsa, {{"typ", std::move(type)}});
    };
    check_cases(*this, {
                           {"in full", typed("application/at+jwt")},
                           {"in capitals", typed("AT+JWT")},
                           {"in full in capitals", typed("Application/At+Jwt")},
                           {"of an identity token", typed("JWT"), malformed},
                           {"of a logout token", typed("logout+jwt"), malformed},
                           {"of a proof", typed("dpop+jwt"), malformed},
                           {"with a blank", typed("at+jwt "), malformed},
                           {"in another tree", typed("text/at+jwt"), malformed},
                           {"empty", typed(""), malformed},
                           {"null", typed(json::Value()), malformed},
                           {"absent", by.eddsa.sign(without(by.eddsa.header(), "typ"), claims()), malformed},
                       });
    Verifier other{{{"https://issuer.example", "tributary"}, "JWT"}, keys, clock};
    CHECK(tests::run_task(io, other.verify(typed("JWT"))));
    CHECK_FALSE(tests::run_task(io, other.verify(typed("at+jwt"))));
}

TEST_CASE_FIXTURE(Issuing, "a token is written in one way") {
    const std::string good = by.es256.sign(claims());
    const std::string long_signature = by.rs256.sign(claims());
    const auto with = [](char c) { return [c](const std::string& part) { return part + c; }; };
    const auto cut = [](std::string part) { return part.substr(0, part.size() - 1); };
    const auto next_bit = [](std::string part) {
        // The last digit of 64 bytes holds four bits of nothing.
        part.back() = static_cast<char>(part.back() + 1);
        return part;
    };
    const std::string header_twice = by.es256.sign_texts(
        R"({"alg":"ES256",)" + json::write(by.es256.header()).substr(1), json::write(claims()));
    check_cases(*this, {
                           {"good", good},
                           {"cut", cut(good), malformed},
                           {"cut in half", good.substr(0, good.size() / 2), "The token"},
                           {"one part", "abc", malformed},
                           {"nothing but dots", "..", malformed},
                           {"no dots", "", malformed},
                           {"two parts", good.substr(0, good.rfind('.')), malformed},
                           {"four parts", good + ".", malformed},
                           {"five parts", good + ".a.b", malformed},
                           {"a padded header", replaced(good, 0, with('=')), malformed},
                           {"padded claims", replaced(good, 1, with('=')), malformed},
                           {"a padded signature", good + "==", malformed},
                           {"a blank behind", good + " ", malformed},
                           {"a line break in the middle", replaced(good, 1, with('\n')), malformed},
                           {"the other alphabet", replaced(good, 2, with('+')), malformed},
                           {"a byte beyond ASCII", replaced(good, 2, with('\xC3')), malformed},
                           {"bits behind the signature", replaced(good, 2, next_bit), malformed},
                           {"no header", replaced(good, 0, [](auto) { return ""; }), malformed},
                           {"no claims", replaced(good, 1, [](auto) { return ""; }), not_valid},
                           {"a header that is a list", by.es256.sign_texts("[]", "{}"), malformed},
                           {"a header member twice", header_twice, malformed},
                           {"ten megabytes", ten_megabytes('a') + good, malformed},
                           {"ten megabytes of dots", ten_megabytes('.'), malformed},
                       });
}
