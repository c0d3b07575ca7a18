// The one-time code declared in digest.hpp.
#include <fmt/format.h>
#include <openssl/crypto.h>
#include <openssl/hmac.h>

#include <array>

#include "adapters/crypto/digest.hpp"
#include "adapters/crypto/evp.hpp"

namespace tributary::crypto {

namespace {

constexpr std::uint64_t step_seconds = 30;

std::optional<unsigned> base32_digit(char c) {
    if (c >= 'A' && c <= 'Z') return static_cast<unsigned>(c - 'A');
    if (c >= 'a' && c <= 'z') return static_cast<unsigned>(c - 'a');
    if (c >= '2' && c <= '7') return static_cast<unsigned>(c - '2') + 26;
    return std::nullopt;
}

/// RFC 4648 base32; padding may be left out, as authenticator apps do.
std::optional<std::string> base32_decode(std::string_view text) {
    std::string out;
    std::size_t digits = 0;
    unsigned pending = 0;
    int bits = 0;
    bool padded = false;
    for (const char c : text) {
        if (c == ' ') continue;
        if (c == '=') {
            padded = true;
            continue;
        }
        const auto value = base32_digit(c);
        if (!value || padded) {
            return std::nullopt;
        }
        ++digits;
        pending = (pending << 5 | *value) & 0xFFF;
        bits += 5;
        if (bits >= 8) {
            bits -= 8;
            out += static_cast<char>(pending >> bits & 0xFF);
        }
    }
    // Whole bytes never end after one, three or six digits of a group.
    const std::size_t rest = digits % 8;
    if (digits == 0 || rest == 1 || rest == 3 || rest == 6) {
        return std::nullopt;
    }
    return out;
}

}  // namespace

std::optional<std::string> totp(std::string_view base32_secret, std::uint64_t unix_seconds) {
    auto secret = base32_decode(base32_secret);
    if (!secret) {
        return std::nullopt;
    }
    std::array<unsigned char, 8> counter{};
    std::uint64_t steps = unix_seconds / step_seconds;
    for (std::size_t i = counter.size(); i-- > 0; steps >>= 8) {
        counter[i] = static_cast<unsigned char>(steps & 0xFF);
    }
    std::array<unsigned char, 20> mac{};
    const auto* done = HMAC(EVP_sha1(), secret->data(), static_cast<int>(secret->size()), counter.data(),
                            counter.size(), mac.data(), nullptr);
    OPENSSL_cleanse(secret->data(), secret->size());
    require(done != nullptr, "compute a one-time code");
    const std::size_t offset = mac.back() & 0x0F;
    const std::uint32_t number = (mac[offset] & 0x7FU) << 24 | std::uint32_t{mac[offset + 1]} << 16 |
                                 std::uint32_t{mac[offset + 2]} << 8 | mac[offset + 3];
    return fmt::format("{:06}", number % 1'000'000);
}

}  // namespace tributary::crypto
