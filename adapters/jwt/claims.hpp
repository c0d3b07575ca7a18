// What a token claims, held against what this service takes. Pure; the signature was verified before.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "domain/error.hpp"
#include "domain/ports/token_verifier.hpp"

namespace tributary::jwt {

/// How far our clock and the issuer's may differ.
inline constexpr std::chrono::seconds clock_skew{60};

struct ExpectedClaims {
    std::string issuer;
    std::string audience;
    /// Names of claims.
    std::string tenant_claim = "tributary_tenant";
    std::string customer_claim = "tributary_customer";
};

/// Errc::unauthenticated with a sentence for the caller that names the claim at fault. A token that is bound
/// to a key of its holder (`cnf`) is refused, because nothing here sees that key.
domain::Result<domain::ports::VerifiedToken> read_claims(std::string_view payload,
                                                         const ExpectedClaims& expected,
                                                         domain::Timestamp now);

}  // namespace tributary::jwt
