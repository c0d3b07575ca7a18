#include "tests/support/jwt_signer.hpp"

#include <openssl/core_names.h>
#include <openssl/ec.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <utility>

#include "adapters/crypto/digest.hpp"
#include "adapters/crypto/evp.hpp"
#include "domain/json/write.hpp"

namespace tributary::tests {

using crypto::bytes_of;
using crypto::require;

namespace {

constexpr std::size_t p256_size = 32;

crypto::Pkey make_key(JwtAlgorithm algorithm, unsigned rsa_bits) {
    switch (algorithm) {
        case JwtAlgorithm::es256:
            return crypto::Pkey(EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256"));
        case JwtAlgorithm::rs256:
            return crypto::Pkey(EVP_PKEY_Q_keygen(nullptr, nullptr, "RSA", std::size_t{rsa_bits}));
        case JwtAlgorithm::eddsa:
            return crypto::Pkey(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"));
    }
    std::unreachable();
}

std::string number_text(const BIGNUM* number, std::size_t size) {
    std::string bytes(size, '\0');
    require(BN_bn2binpad(number, bytes_of(bytes), static_cast<int>(size)) >= 0, "write a number");
    return bytes;
}

/// A public number of a key, in base64url.
std::string number_of(const EVP_PKEY& key, const char* name, std::size_t size = 0) {
    BIGNUM* number = nullptr;
    require(EVP_PKEY_get_bn_param(&key, name, &number) == 1, "read a key");
    const std::size_t least = static_cast<std::size_t>(BN_num_bytes(number));
    std::string text = base64url(number_text(number, std::max(size, least)));
    BN_free(number);
    return text;
}

std::string raw_of_der(const std::string& der) {
    const unsigned char* at = bytes_of(der);
    ECDSA_SIG* signature = d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(der.size()));
    require(signature != nullptr, "read a signature");
    std::string raw = number_text(ECDSA_SIG_get0_r(signature), p256_size) +
                      number_text(ECDSA_SIG_get0_s(signature), p256_size);
    ECDSA_SIG_free(signature);
    return raw;
}

}  // namespace

struct JwtSigner::Impl {
    JwtAlgorithm algorithm;
    std::string key_id;
    crypto::Pkey key;
};

JwtSigner::JwtSigner(JwtAlgorithm algorithm, std::string key_id, unsigned rsa_bits)
    : impl_(std::make_unique<Impl>(algorithm, std::move(key_id), make_key(algorithm, rsa_bits))) {
    require(impl_->key != nullptr, "make a key");
}

JwtSigner::JwtSigner(JwtSigner&&) noexcept = default;
JwtSigner& JwtSigner::operator=(JwtSigner&&) noexcept = default;
JwtSigner::~JwtSigner() = default;

std::string_view JwtSigner::algorithm_name() const {
    static constexpr std::array<std::string_view, 3> names{"ES256", "RS256", "EdDSA"};
    return names[static_cast<std::size_t>(impl_->algorithm)];
}

json::Object JwtSigner::jwk() const {
    const EVP_PKEY& key = *impl_->key;
    json::Object jwk{{"kid", impl_->key_id}, {"alg", algorithm_name()}, {"use", "sig"}};
    const auto add = [&jwk](const char* name, std::string text) { jwk.push_back({name, std::move(text)}); };
    switch (impl_->algorithm) {
        case JwtAlgorithm::es256:
            add("kty", "EC");
            add("crv", "P-256");
            add("x", number_of(key, OSSL_PKEY_PARAM_EC_PUB_X, p256_size));
            add("y", number_of(key, OSSL_PKEY_PARAM_EC_PUB_Y, p256_size));
            break;
        case JwtAlgorithm::rs256:
            add("kty", "RSA");
            add("n", number_of(key, OSSL_PKEY_PARAM_RSA_N));
            add("e", number_of(key, OSSL_PKEY_PARAM_RSA_E));
            break;
        case JwtAlgorithm::eddsa:
            std::string point(32, '\0');
            std::size_t size = point.size();
            require(EVP_PKEY_get_raw_public_key(&key, bytes_of(point), &size) == 1, "read a key");
            add("kty", "OKP");
            add("crv", "Ed25519");
            add("x", base64url(point));
            break;
    }
    return jwk;
}

json::Object JwtSigner::header() const {
    return {{"alg", algorithm_name()}, {"typ", "at+jwt"}, {"kid", impl_->key_id}};
}

std::string JwtSigner::sign(const json::Object& claims) const {
    return sign(header(), claims);
}

std::string JwtSigner::sign(const json::Object& header, const json::Object& claims) const {
    return sign_texts(json::write(header), json::write(claims));
}

std::string JwtSigner::sign_texts(std::string_view header, std::string_view payload) const {
    const std::string message = base64url(header) + "." + base64url(payload);
    return message + "." + base64url(signature(message));
}

std::string JwtSigner::signature(std::string_view message) const {
    const bool whole = impl_->algorithm == JwtAlgorithm::eddsa;
    const crypto::DigestContext context(EVP_MD_CTX_new());
    std::size_t size = 0;
    require(context != nullptr &&
                EVP_DigestSignInit(context.get(), nullptr, whole ? nullptr : EVP_sha256(), nullptr,
                                   impl_->key.get()) == 1 &&
                EVP_DigestSign(context.get(), nullptr, &size, bytes_of(message), message.size()) == 1,
            "start a signature");
    std::string signature(size, '\0');
    require(EVP_DigestSign(context.get(), bytes_of(signature), &size, bytes_of(message), message.size()) == 1,
            "sign");
    signature.resize(size);
    return impl_->algorithm == JwtAlgorithm::es256 ? raw_of_der(signature) : signature;
}

json::Object jwt_claims(const JwtGrant& grant, domain::Timestamp now) {
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(now.time_since_epoch()).count();
    json::Object claims{{"iss", grant.issuer},
                        {"aud", grant.audience},
                        {"sub", grant.subject},
                        {"iat", seconds},
                        {"exp", seconds + 300},
                        {"scope", grant.scope},
                        {"tributary_tenant", grant.tenant}};
    if (!grant.customer.empty()) {
        claims.push_back({"tributary_customer", grant.customer});
    }
    return claims;
}

std::string jwks_text(std::span<const json::Object> keys) {
    json::Array array;
    for (const json::Object& key : keys) {
        array.emplace_back(key);
    }
    return json::write(json::Object{{"keys", std::move(array)}});
}

std::string jwks_text(const JwtSigner& signer) {
    const json::Object keys[] = {signer.jwk()};
    return jwks_text(keys);
}

std::string base64url(std::string_view bytes) {
    std::string text = crypto::base64(bytes);
    std::ranges::replace(text, '+', '-');
    std::ranges::replace(text, '/', '_');
    text.erase(std::min(text.find('='), text.size()));
    return text;
}

}  // namespace tributary::tests
