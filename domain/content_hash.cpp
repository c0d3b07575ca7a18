#include "domain/content_hash.hpp"

#include <openssl/evp.h>

#include <memory>
#include <stdexcept>

namespace tributary::domain {

namespace {

/// Looked up once: OpenSSL takes longer to find a digest by its name than to hash a short text.
class Digest {
  public:
    explicit Digest(const char* name) : digest_(EVP_MD_fetch(nullptr, name, nullptr), &EVP_MD_free) {
        if (!digest_) throw std::runtime_error(std::string(name) + " is not available in this OpenSSL");
    }

    template <std::size_t Size>
    [[nodiscard]] std::array<std::uint8_t, Size> of(std::string_view bytes) const {
        std::array<std::uint8_t, Size> hash{};
        unsigned int size = 0;
        if (EVP_Digest(bytes.data(), bytes.size(), hash.data(), &size, digest_.get(), nullptr) != 1 ||
            size != Size) {
            throw std::runtime_error("a text could not be hashed");
        }
        return hash;
    }

  private:
    std::unique_ptr<EVP_MD, decltype(&EVP_MD_free)> digest_;
};

}  // namespace

std::string hex_text(std::string_view bytes) {
    static constexpr char digits[] = "0123456789abcdef";
    std::string text;
    text.reserve(bytes.size() * 2);
    for (const char c : bytes) {
        const auto byte = static_cast<unsigned char>(c);
        text.push_back(digits[byte >> 4U]);
        text.push_back(digits[byte & 0xFU]);
    }
    return text;
}

std::string content_hash(std::string_view bytes) {
    static const Digest digest("SHA256");
    const auto hash = digest.of<32>(bytes);
    return hex_text({reinterpret_cast<const char*>(hash.data()), hash.size()});
}

std::array<std::uint8_t, 20> sha1(std::string_view bytes) {
    static const Digest digest("SHA1");
    return digest.of<20>(bytes);
}

}  // namespace tributary::domain
