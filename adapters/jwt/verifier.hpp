// JSON Web Tokens of one issuer.
#pragma once

#include <memory>
#include <string>

#include "adapters/jwt/claims.hpp"
#include "adapters/jwt/key_cache.hpp"
#include "domain/ports/token_verifier.hpp"

namespace tributary::jwt {

struct VerifierOptions {
    ExpectedClaims claims;
    /// What the header's `typ` must be.
    std::string type = "at+jwt";
};

/// Thread-safe; outlives its tasks, as its keys do.
class Verifier final : public domain::ports::TokenVerifier {
  public:
    Verifier(VerifierOptions options, KeyCache& keys, const domain::ports::Clock& clock);

    domain::ports::Task<domain::Result<domain::ports::VerifiedToken>> verify(std::string token) override;

  private:
    VerifierOptions options_;
    KeyCache& keys_;
    const domain::ports::Clock& clock_;
};

}  // namespace tributary::jwt
