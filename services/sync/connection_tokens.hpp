// The access tokens of one connection: sealed in the store, renewed by one user at a time in all processes.
#pragma once

#include "domain/ports/clock.hpp"
#include "domain/ports/sealer.hpp"
#include "domain/ports/shared_tokens.hpp"
#include "domain/ports/token_store.hpp"

namespace tributary::sync {

class ConnectionTokens final : public domain::ports::SharedTokens {
  public:
    /// How long a renewal may take before another user may begin one: a token call, a login behind it, and
    /// the waits for their turns.
    static constexpr std::chrono::seconds claim_lasts{60};

    /// Everything is borrowed and outlives it.
    ConnectionTokens(domain::ports::TokenStore& store, domain::ports::Sealer& sealer,
                     domain::ports::Clock& clock, domain::ports::TokenKey key);

    domain::ports::Task<domain::Result<domain::ports::HeldTokens>> get(
        std::optional<std::int64_t> refused, domain::ports::RenewTokens renew) override;

  private:
    domain::ports::Task<domain::Result<domain::ports::HeldTokens>> lead(domain::ports::TokenLook look,
                                                                        domain::ports::RenewTokens& renew);
    domain::ports::Task<domain::Result<void>> keep(std::int64_t claim, const domain::ports::Tokens& tokens);
    [[nodiscard]] domain::Result<domain::ports::Tokens> open(const domain::ports::StoredTokens& stored) const;
    [[nodiscard]] std::string context() const;

    domain::ports::TokenStore& store_;
    domain::ports::Sealer& sealer_;
    domain::ports::Clock& clock_;
    domain::ports::TokenKey key_;
};

}  // namespace tributary::sync
