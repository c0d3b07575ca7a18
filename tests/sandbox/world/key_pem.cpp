#include "tests/sandbox/world/key_pem.hpp"

#include <openssl/evp.h>

#include <array>
#include <memory>
#include <stdexcept>

#include "adapters/crypto/digest.hpp"

namespace tributary::sandbox {

namespace {

std::string armored(std::string_view label, std::string_view headers, std::string_view der) {
    const std::string text = crypto::base64(der);
    std::string pem = "-----BEGIN " + std::string(label) + "-----\n" + std::string(headers);
    for (std::size_t at = 0; at < text.size(); at += 64) {
        pem += text.substr(at, 64) + "\n";
    }
    return pem + "-----END " + std::string(label) + "-----\n";
}

const unsigned char* raw(std::string_view bytes) {
    return reinterpret_cast<const unsigned char*>(bytes.data());
}

std::string aes_256_cbc(std::string_view plain, std::string_view passphrase, std::string_view iv) {
    // The old PEM seal: one round of MD5 over passphrase and the first half of the IV.
    std::array<unsigned char, 32> key{};
    EVP_BytesToKey(EVP_aes_256_cbc(), EVP_md5(), raw(iv), raw(passphrase),
                   static_cast<int>(passphrase.size()), 1, key.data(), nullptr);
    const std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)> context(EVP_CIPHER_CTX_new(),
                                                                                  &EVP_CIPHER_CTX_free);
    std::string out(plain.size() + 16, '\0');
    auto* bytes = reinterpret_cast<unsigned char*>(out.data());
    int size = 0;
    int rest = 0;
    if (EVP_EncryptInit_ex(context.get(), EVP_aes_256_cbc(), nullptr, key.data(), raw(iv)) != 1 ||
        EVP_EncryptUpdate(context.get(), bytes, &size, raw(plain), static_cast<int>(plain.size())) != 1 ||
        EVP_EncryptFinal_ex(context.get(), bytes + size, &rest) != 1) {
        throw std::runtime_error("The key could not be sealed.");
    }
    out.resize(static_cast<std::size_t>(size) + static_cast<std::size_t>(rest));
    return out;
}

std::string upper_hex(std::string_view bytes) {
    std::string text = crypto::hex(bytes);
    for (char& c : text) {
        c = c >= 'a' ? static_cast<char>(c - 'a' + 'A') : c;
    }
    return text;
}

}  // namespace

std::string ed25519_pem(std::string_view seed) {
    // PrivateKeyInfo { version 0, id-Ed25519, OCTET STRING { OCTET STRING seed } }
    static constexpr std::string_view prefix(
        "\x30\x2e\x02\x01\x00\x30\x05\x06\x03\x2b\x65\x70\x04\x22\x04\x20", 16);
    return armored("PRIVATE KEY", "", std::string(prefix) + std::string(seed));
}

std::string sealed_p521_pem(std::string_view scalar, std::string_view passphrase, std::string_view iv) {
    // ECPrivateKey { version 1, OCTET STRING of 66 bytes, [0] secp521r1 }. Two leading zeros keep the scalar
    // below the order of the curve; the public point may be left out, readers compute it.
    static constexpr std::string_view prefix("\x30\x50\x02\x01\x01\x04\x42\x00\x00", 9);
    static constexpr std::string_view curve("\xa0\x07\x06\x05\x2b\x81\x04\x00\x23", 9);
    const std::string der = std::string(prefix) + std::string(scalar) + std::string(curve);
    const std::string headers = "Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC," + upper_hex(iv) + "\n\n";
    return armored("EC PRIVATE KEY", headers, aes_256_cbc(der, passphrase, iv));
}

}  // namespace tributary::sandbox
