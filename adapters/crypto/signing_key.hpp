// Asymmetric keys for HTTP message signatures: Ed25519 (over the message itself) and ECDSA P-521 with SHA-512
// (signature in DER). No other kind is accepted.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "domain/error.hpp"

namespace tributary::crypto {

enum class KeyAlgorithm { ed25519, ecdsa_p521_sha512 };

class SigningKey {
  public:
    /// PKCS#8 or legacy SEC1 PEM, plain or sealed with a passphrase. Errc::invalid_input on a wrong
    /// passphrase, another algorithm or no key at all; the detail says which.
    static domain::Result<SigningKey> from_pem(std::string_view pem, std::string_view passphrase = {});

    SigningKey(SigningKey&&) noexcept;
    SigningKey& operator=(SigningKey&&) noexcept;
    ~SigningKey();

    [[nodiscard]] KeyAlgorithm algorithm() const;
    /// Raw signature bytes: 64 for Ed25519, DER for P-521.
    [[nodiscard]] std::string sign(std::string_view message) const;
    /// SubjectPublicKeyInfo PEM.
    [[nodiscard]] std::string public_pem() const;

  private:
    struct Impl;
    explicit SigningKey(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

/// A P-521 signature of two numbers side by side (132 bytes) as DER, the form that verify() takes. Nothing
/// where the bytes are not so many.
std::optional<std::string> p521_signature_of_raw(std::string_view raw);

class VerifyingKey {
  public:
    /// SubjectPublicKeyInfo PEM of an Ed25519 or P-521 key.
    static domain::Result<VerifyingKey> from_pem(std::string_view pem);
    /// A P-521 point by its big-endian coordinates (JWK x and y, decoded).
    static domain::Result<VerifyingKey> from_p521_point(std::string_view x, std::string_view y);

    VerifyingKey(VerifyingKey&&) noexcept;
    VerifyingKey& operator=(VerifyingKey&&) noexcept;
    ~VerifyingKey();

    [[nodiscard]] KeyAlgorithm algorithm() const;
    [[nodiscard]] bool verify(std::string_view message, std::string_view signature) const;

  private:
    struct Impl;
    explicit VerifyingKey(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

}  // namespace tributary::crypto
