#include "tests/unit/upvest/fixtures.hpp"

#include <doctest/doctest.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include <fstream>
#include <memory>
#include <sstream>

#include "adapters/crypto/digest.hpp"
#include "domain/json/parse.hpp"

namespace tributary::tests {

std::string fixture_text(std::string_view name) {
    std::ifstream file(std::string(TRIBUTARY_FIXTURES "/upvest/") + std::string(name) + ".json");
    REQUIRE(file);
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

json::Value parse_or_fail(std::string_view text) {
    auto parsed = json::parse(text);
    REQUIRE(parsed);
    REQUIRE(parsed->duplicate_keys.empty());
    return std::move(parsed->root);
}

json::Value fixture(std::string_view name) {
    return parse_or_fail(fixture_text(name));
}

const json::Value& at(const json::Value& object, std::string_view key) {
    const json::Value* member = object.find(key);
    REQUIRE(member != nullptr);
    return *member;
}

const std::string& text_at(const json::Value& object, std::string_view key) {
    const std::string* text = at(object, key).if_string();
    REQUIRE(text != nullptr);
    return *text;
}

std::string vector_key_pem() {
    const std::string seed = text_at(fixture("signature_vectors"), "ed25519_seed_hex");
    // RFC 8410: a PKCS#8 Ed25519 key is this prefix and the 32 bytes of the seed.
    const std::string der = crypto::hex_decode("302e020100300506032b657004220420" + seed).value();
    return "-----BEGIN PRIVATE KEY-----\n" + crypto::base64(der) + "\n-----END PRIVATE KEY-----\n";
}

std::string new_p521_pem(std::string_view passphrase) {
    const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key(
        EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-521"), &EVP_PKEY_free);
    const std::unique_ptr<BIO, decltype(&BIO_free_all)> bio(BIO_new(BIO_s_mem()), &BIO_free_all);
    const auto* secret = reinterpret_cast<const unsigned char*>(passphrase.data());
    REQUIRE(PEM_write_bio_PrivateKey_traditional(bio.get(), key.get(),
                                                 passphrase.empty() ? nullptr : EVP_aes_256_cbc(), secret,
                                                 static_cast<int>(passphrase.size()), nullptr, nullptr) == 1);
    char* text = nullptr;
    const long length = BIO_get_mem_data(bio.get(), &text);
    return {text, static_cast<std::size_t>(length)};
}

}  // namespace tributary::tests
