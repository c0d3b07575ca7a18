// Public keys that tokens (JSON Web Signature) are verified with, each bound to one algorithm.
#pragma once

#include <memory>
#include <string_view>

#include "domain/error.hpp"

namespace tributary::crypto {

/// RFC 7518 and RFC 8037: ECDSA on P-256 with SHA-256, RSASSA-PKCS1-v1_5 with SHA-256, Ed25519.
enum class TokenAlgorithm { es256, rs256, eddsa };

/// Thread-safe once made.
class TokenKey {
  public:
    /// From what a key set gives, decoded. Errc::invalid_input where it is no key, or not one to trust: a
    /// coordinate of P-256 and a point of Ed25519 have exactly 32 bytes; a modulus has 2048 to 8192 bits; an
    /// exponent is odd and from 65537 to 64 bits.
    static domain::Result<TokenKey> from_p256_point(std::string_view x, std::string_view y);
    static domain::Result<TokenKey> from_rsa_numbers(std::string_view modulus, std::string_view exponent);
    static domain::Result<TokenKey> from_ed25519_point(std::string_view point);

    TokenKey(TokenKey&&) noexcept;
    TokenKey& operator=(TokenKey&&) noexcept;
    ~TokenKey();

    [[nodiscard]] TokenAlgorithm algorithm() const;
    /// `signature` as tokens carry it: r and s in 64 bytes for ES256, never DER.
    [[nodiscard]] bool verify(std::string_view message, std::string_view signature) const;

  private:
    struct Impl;
    explicit TokenKey(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

}  // namespace tributary::crypto
