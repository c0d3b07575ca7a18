// Access tokens that all users of a connection share: one asks the provider for a new one, the others get it.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "domain/error.hpp"
#include "domain/ports/task.hpp"
#include "domain/time.hpp"

namespace tributary::domain::ports {

/// What a provider gave. Secrets: never in logs or errors.
struct Tokens {
    std::string access;
    /// What the next renewal shows to the provider; empty where the credentials alone are shown.
    std::string refresh = {};
    /// After that, on the provider's clock, only the credentials help.
    std::optional<Timestamp> refresh_ends_at = std::nullopt;
    /// How long the access token may be used from now on; absent: until it is refused.
    std::optional<std::chrono::milliseconds> left = std::nullopt;
};

struct HeldTokens {
    Tokens tokens;
    /// Names these tokens; later ones have a higher number.
    std::int64_t generation = 0;
};

/// Asks the provider for new tokens; given are the last ones, where there are any.
using RenewTokens = std::function<Task<Result<Tokens>>(std::optional<Tokens> last)>;

/// One connection's, for one session. Used from one thread; must outlive the tasks it returned.
class SharedTokens {
  public:
    virtual ~SharedTokens() = default;
    /// The tokens of the connection, where they are good and not those that the provider `refused`. Otherwise
    /// one of all who ask, in any process, renews, and everybody gets what that gave, once it is committed.
    /// `renew` outlives the task. Errors of the store, and of `renew`, which is then free to be tried by
    /// others; Errc::stale_owner where the connection's credentials were replaced.
    virtual Task<Result<HeldTokens>> get(std::optional<std::int64_t> refused, RenewTokens renew) = 0;
};

}  // namespace tributary::domain::ports
