// Signs every attempt anew: T-DX takes a nonce once, and a timestamp only while it is fresh.
#pragma once

#include "adapters/tdx/authorizer.hpp"
#include "adapters/tdx/settings.hpp"
#include "domain/ports/clock.hpp"

namespace tributary::tdx {

class ApiKeyAuthorizer final : public Authorizer {
  public:
    /// `host` as the Host field has it, without a default port; clock and randomness outlive the authorizer.
    ApiKeyAuthorizer(ApiKey key, SignatureVariant variant, std::string host, domain::ports::Clock& clock,
                     domain::ports::Random& random);

    domain::ports::Task<domain::Result<std::string>> authorization(
        const domain::ports::HttpCall& call) override;
    /// Nothing to do: the next header has another nonce and time anyway.
    void refused(const std::string& authorization) override;

  private:
    ApiKey key_;
    SignatureVariant variant_;
    std::string host_;
    domain::ports::Clock& clock_;
    domain::ports::Random& random_;
};

}  // namespace tributary::tdx
