// An issuer of tokens: a key pair of its own, tokens signed with it, and the key set that it would publish.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "domain/json/value.hpp"
#include "domain/time.hpp"

namespace tributary::tests {

enum class JwtAlgorithm { es256, rs256, eddsa };

class JwtSigner {
  public:
    /// Makes a key pair. `rsa_bits` concerns RS256 alone.
    JwtSigner(JwtAlgorithm algorithm, std::string key_id, unsigned rsa_bits = 2'048);
    JwtSigner(JwtSigner&&) noexcept;
    JwtSigner& operator=(JwtSigner&&) noexcept;
    ~JwtSigner();

    /// "ES256", "RS256" or "EdDSA".
    [[nodiscard]] std::string_view algorithm_name() const;
    /// The public key as a member of a key set, with kid, alg and use.
    [[nodiscard]] json::Object jwk() const;
    /// {"alg", "typ": "at+jwt", "kid"}.
    [[nodiscard]] json::Object header() const;

    /// A compact token with header().
    [[nodiscard]] std::string sign(const json::Object& claims) const;
    [[nodiscard]] std::string sign(const json::Object& header, const json::Object& claims) const;
    /// The same of any two texts, JSON or not.
    [[nodiscard]] std::string sign_texts(std::string_view header, std::string_view payload) const;
    /// Of any bytes, in the form of a token: for ES256 64 bytes r and s.
    [[nodiscard]] std::string signature(std::string_view message) const;

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

/// Whom a token is for and what it may do.
struct JwtGrant {
    std::string issuer = "https://issuer.example";
    std::string audience = "tributary";
    /// Name or id.
    std::string tenant = "main";
    /// Separated by spaces.
    std::string scope = "read";
    std::string subject = "tester";
    /// No claim of this kind where empty.
    std::string customer = {};
};

/// Claims of a token issued at `now` that is good for five minutes.
json::Object jwt_claims(const JwtGrant& grant, domain::Timestamp now);

/// {"keys": [...]} as text.
std::string jwks_text(std::span<const json::Object> keys);
/// The same of one signer.
std::string jwks_text(const JwtSigner& signer);

/// Without padding.
std::string base64url(std::string_view bytes);

}  // namespace tributary::tests
