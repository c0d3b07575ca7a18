#include "domain/content_hash.hpp"

#include <openssl/evp.h>

#include <array>
#include <stdexcept>

namespace tributary::domain {

std::string content_hash(std::string_view bytes) {
    static constexpr char digits[] = "0123456789abcdef";
    std::array<unsigned char, 32> hash{};
    unsigned int size = 0;
    if (EVP_Digest(bytes.data(), bytes.size(), hash.data(), &size, EVP_sha256(), nullptr) != 1) {
        throw std::runtime_error("SHA-256 is not available in this OpenSSL");
    }
    std::string text;
    text.reserve(64);
    for (const unsigned char byte : hash) {
        text.push_back(digits[byte >> 4U]);
        text.push_back(digits[byte & 0xFU]);
    }
    return text;
}

}  // namespace tributary::domain
