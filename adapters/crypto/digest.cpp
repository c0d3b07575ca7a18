#include "adapters/crypto/digest.hpp"

#include <openssl/hmac.h>

#include "adapters/crypto/evp.hpp"

namespace tributary::crypto {

Sha256 sha256(std::string_view bytes) {
    Sha256 out;
    require(EVP_Digest(bytes.data(), bytes.size(), out.data(), nullptr, EVP_sha256(), nullptr) == 1, "hash");
    return out;
}

std::string sha512(std::string_view bytes) {
    std::string out(64, '\0');
    require(EVP_Digest(bytes.data(), bytes.size(), bytes_of(out), nullptr, EVP_sha512(), nullptr) == 1,
            "hash");
    return out;
}

std::string hmac_sha256(std::string_view key, std::string_view message) {
    std::string out(32, '\0');
    unsigned length = 0;
    const auto* done = HMAC(EVP_sha256(), key.empty() ? "" : key.data(), static_cast<int>(key.size()),
                            bytes_of(message), message.size(), bytes_of(out), &length);
    require(done != nullptr && length == out.size(), "authenticate a message");
    return out;
}

}  // namespace tributary::crypto
