// Signed tokens of an issuer that this service trusts.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "domain/error.hpp"
#include "domain/ports/task.hpp"
#include "domain/time.hpp"

namespace tributary::domain::ports {

/// What a token says, once it is proved. All texts are the issuer's, without control characters.
struct VerifiedToken {
    std::string subject;
    /// As they stand; whoever reads them leaves out what is not known.
    std::vector<std::string> scopes = {};
    /// Name or id.
    std::string tenant;
    /// A customer or profile for whom the token speaks.
    std::optional<std::string> customer = std::nullopt;
    Timestamp expires_at;
};

class TokenVerifier {
  public:
    virtual ~TokenVerifier() = default;
    /// Errc::unauthenticated where the token is not good, with a sentence for whoever sent it;
    /// Errc::unavailable where it cannot be judged because the issuer's keys were never to be had.
    virtual Task<Result<VerifiedToken>> verify(std::string token) = 0;
};

}  // namespace tributary::domain::ports
