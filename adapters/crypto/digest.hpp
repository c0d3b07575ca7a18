// Hashes, message authentication and their text forms, on OpenSSL. Bytes travel as std::string or span.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tributary::crypto {

using Sha256 = std::array<std::uint8_t, 32>;

Sha256 sha256(std::string_view bytes);
/// 64 raw bytes.
std::string sha512(std::string_view bytes);
/// 32 raw bytes.
std::string hmac_sha256(std::string_view key, std::string_view message);

/// Standard alphabet with padding.
std::string base64(std::string_view bytes);
/// Strict: standard alphabet, padding required, nothing else. Nothing on bad input.
std::optional<std::string> base64_decode(std::string_view text);
/// Strict: the alphabet for URLs, without padding, nothing else. Nothing on bad input.
std::optional<std::string> base64url_decode(std::string_view text);
std::string hex(std::string_view bytes);
/// Either case, even length. Nothing on bad input.
std::optional<std::string> hex_decode(std::string_view text);

/// RFC 6238 code of six digits: HMAC-SHA1, 30 s steps. `base32_secret` as authenticator apps take it (case
/// and spaces do not matter). Nothing where the secret is no base32.
std::optional<std::string> totp(std::string_view base32_secret, std::uint64_t unix_seconds);

}  // namespace tributary::crypto
