// Where shared access tokens are kept, sealed, and who may renew them.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "domain/error.hpp"
#include "domain/ports/task.hpp"
#include "domain/uuid.hpp"

namespace tributary::domain::ports {

/// A connection as it was when a session was opened: tokens of credentials that were replaced since are
/// neither read nor written.
struct TokenKey {
    Uuid tenant;
    Uuid connection;
    std::string sealed_credentials;
};

struct StoredTokens {
    /// Made by the sealer.
    std::string sealed;
    std::int64_t generation = 0;
    /// On the store's clock; absent: until they are refused.
    std::optional<std::chrono::milliseconds> left;
};

struct TokenLook {
    enum class Next {
        use,    ///< `tokens` are good
        renew,  ///< the caller is to renew, under `claim`
        wait,   ///< somebody else renews
    };
    Next next = Next::wait;
    /// Good or not; absent where none were ever kept.
    std::optional<StoredTokens> tokens;
    std::int64_t claim = 0;
};

class TokenStore {
  public:
    virtual ~TokenStore() = default;
    /// One short transaction. Whoever is told to renew has `claim_lasts` for it, then it is somebody else's
    /// turn. Errc::stale_owner where the credentials are not the connection's any more.
    virtual Task<Result<TokenLook>> look(TokenKey key, std::optional<std::int64_t> refused,
                                         std::chrono::seconds claim_lasts) = 0;
    /// Keeps what a renewal gave, as the generation `claim`. May be repeated. Errc::stale_owner where the
    /// claim is another's by now.
    virtual Task<Result<void>> keep(TokenKey key, std::int64_t claim, std::string sealed,
                                    std::optional<std::chrono::milliseconds> left) = 0;
    /// The renewal came to nothing: whoever looks next may try. Nothing where the claim is another's.
    virtual Task<Result<void>> give_up(TokenKey key, std::int64_t claim) = 0;
};

}  // namespace tributary::domain::ports
