#include "adapters/crypto/signing_key.hpp"

#include <doctest/doctest.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include <functional>
#include <memory>

using namespace tributary::crypto;
using tributary::domain::Errc;

namespace {

using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;

Key make_key(const char* kind, const char* curve = nullptr) {
    return {curve == nullptr ? EVP_PKEY_Q_keygen(nullptr, nullptr, kind)
                             : EVP_PKEY_Q_keygen(nullptr, nullptr, kind, curve),
            &EVP_PKEY_free};
}

std::string written(const std::function<int(BIO*)>& write) {
    const std::unique_ptr<BIO, decltype(&BIO_free_all)> bio(BIO_new(BIO_s_mem()), &BIO_free_all);
    REQUIRE(write(bio.get()) == 1);
    char* text = nullptr;
    const long length = BIO_get_mem_data(bio.get(), &text);
    return {text, static_cast<std::size_t>(length)};
}

/// Null cipher: plain.
std::string pkcs8(const Key& key, const EVP_CIPHER* cipher = nullptr, std::string_view passphrase = {}) {
    return written([&](BIO* bio) {
        return PEM_write_bio_PKCS8PrivateKey(bio, key.get(), cipher, passphrase.data(),
                                             static_cast<int>(passphrase.size()), nullptr, nullptr);
    });
}

/// SEC1, as `openssl ec` writes it.
std::string legacy(const Key& key, const EVP_CIPHER* cipher = nullptr, std::string_view passphrase = {}) {
    return written([&](BIO* bio) {
        return PEM_write_bio_PrivateKey_traditional(bio, key.get(), cipher,
                                                    reinterpret_cast<const unsigned char*>(passphrase.data()),
                                                    static_cast<int>(passphrase.size()), nullptr, nullptr);
    });
}

void check_signs(const SigningKey& key) {
    const auto verifier = VerifyingKey::from_pem(key.public_pem());
    REQUIRE(verifier);
    CHECK(verifier->algorithm() == key.algorithm());
    const std::string signature = key.sign("message");
    CHECK(verifier->verify("message", signature));
    CHECK_FALSE(verifier->verify("massage", signature));
    CHECK_FALSE(verifier->verify("message", ""));
}

void check_refused(std::string_view pem, std::string_view passphrase, std::string_view words) {
    const auto key = SigningKey::from_pem(pem, passphrase);
    REQUIRE_FALSE(key);
    CHECK(key.error().code == Errc::invalid_input);
    CHECK_MESSAGE(key.error().detail.find(words) != std::string::npos, key.error().detail);
    CHECK(ERR_peek_error() == 0);
}

}  // namespace

TEST_CASE("a P-521 key is read from PKCS#8 and from SEC1, plain and sealed") {
    const Key made = make_key("EC", "P-521");
    const std::string sealed_legacy = legacy(made, EVP_aes_256_cbc(), "open sesame");
    REQUIRE(sealed_legacy.find("Proc-Type: 4,ENCRYPTED") != std::string::npos);
    const std::string sealed_pkcs8 = pkcs8(made, EVP_aes_256_cbc(), "open sesame");
    REQUIRE(sealed_pkcs8.find("BEGIN ENCRYPTED PRIVATE KEY") != std::string::npos);
    for (const std::string& pem : {pkcs8(made), legacy(made), sealed_legacy, sealed_pkcs8}) {
        const auto key = SigningKey::from_pem(pem, "open sesame");
        REQUIRE(key);
        CHECK(key->algorithm() == KeyAlgorithm::ecdsa_p521_sha512);
        CHECK(key->sign("message").front() == '\x30');
        check_signs(*key);
    }
}

TEST_CASE("an EC PARAMETERS block in front of the key, as openssl ecparam writes it, is passed over") {
    const auto key =
        SigningKey::from_pem("-----BEGIN EC PARAMETERS-----\nBgUrgQQAIw==\n-----END EC PARAMETERS-----\n" +
                             legacy(make_key("EC", "P-521")));
    REQUIRE(key);
    check_signs(*key);
}

TEST_CASE("an Ed25519 key is read plain and sealed and signs in 64 bytes") {
    const Key made = make_key("ED25519");
    for (const std::string& pem : {pkcs8(made), pkcs8(made, EVP_aes_256_cbc(), "open sesame")}) {
        const auto key = SigningKey::from_pem(pem, "open sesame");
        REQUIRE(key);
        CHECK(key->algorithm() == KeyAlgorithm::ed25519);
        CHECK(key->sign("message").size() == 64);
        check_signs(*key);
    }
}

TEST_CASE("a sealed key without or with a wrong passphrase is refused, and nothing asks the terminal") {
    const Key made = make_key("EC", "P-521");
    for (const std::string& pem :
         {legacy(made, EVP_aes_256_cbc(), "right"), pkcs8(made, EVP_aes_256_cbc(), "right")}) {
        check_refused(pem, "", "give its passphrase");
        check_refused(pem, "wrong", "does not open");
        check_refused(pem, std::string(5000, 'x'), "does not open");
    }
}

TEST_CASE("keys of other curves and algorithms are refused") {
    check_refused(pkcs8(make_key("EC", "prime256v1")), "", "secp521r1");
    check_refused(legacy(make_key("EC", "prime256v1")), "", "secp521r1");
    check_refused(pkcs8(make_key("EC", "secp384r1")), "", "secp521r1");
    check_refused(pkcs8(make_key("ED448")), "", "Ed25519");
    check_refused(pkcs8(make_key("X25519")), "", "Ed25519");
}

TEST_CASE("a text that holds no private key is refused") {
    const auto key = SigningKey::from_pem(pkcs8(make_key("ED25519")));
    REQUIRE(key);
    const std::string whole = pkcs8(make_key("EC", "P-521"));
    for (const std::string& text :
         {std::string(), std::string("not a key"), key->public_pem(), whole.substr(0, whole.size() / 2),
          std::string("-----BEGIN PRIVATE KEY-----\n")}) {
        check_refused(text, "", "no private key");
        check_refused(text, "passphrase", "no private key");
    }
    check_refused(std::string(70'000, 'x'), "", "64 KiB");
}

TEST_CASE("a public key is refused where it is of another curve, private, or no key") {
    const Key other = make_key("EC", "prime256v1");
    const std::string other_pem = written([&](BIO* bio) { return PEM_write_bio_PUBKEY(bio, other.get()); });
    for (const std::string& pem :
         {other_pem, pkcs8(make_key("ED25519")), std::string(), std::string(70'000, 'x')}) {
        const auto key = VerifyingKey::from_pem(pem);
        REQUIRE_FALSE(key);
        CHECK(key.error().code == Errc::invalid_input);
    }
    CHECK(ERR_peek_error() == 0);
}

TEST_CASE("coordinates that are no point of P-521 are refused") {
    for (const auto& [x, y] : {std::pair<std::string, std::string>{"", ""},
                               {std::string(66, '\0'), std::string(66, '\0')},
                               {std::string(66, '\x01'), std::string(66, '\x01')},
                               {std::string(66, '\xFF'), std::string(66, '\xFF')},
                               {std::string(67, '\0'), std::string(66, '\0')}}) {
        const auto key = VerifyingKey::from_p521_point(x, y);
        REQUIRE_FALSE(key);
        CHECK(key.error().code == Errc::invalid_input);
    }
    CHECK(ERR_peek_error() == 0);
}
