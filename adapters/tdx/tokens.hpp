// The JSON of T-DX logins, and when a token wants renewing. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "adapters/tdx/settings.hpp"
#include "domain/error.hpp"
#include "domain/time.hpp"

namespace tributary::tdx {

/// What a login or refresh gave. The access token is opaque: the documentation disagrees on its signature.
struct Tokens {
    std::string access;
    /// Empty where the answer had none.
    std::string refresh;
    /// From here on a new access token is wanted. Absent where the answer names no usable end: then a 401
    /// tells.
    std::optional<domain::Timestamp> renew_at;
    /// From here on only a login helps.
    std::optional<domain::Timestamp> session_ends_at;
};

/// `challenge` is the TOTP code, if any. `device` must be the same for every login of a connection: a login
/// with another one may displace a session.
std::string login_body(const Login& login, const std::optional<std::string>& challenge,
                       std::string_view device);
std::string refresh_body(std::string_view refresh_token);

/// Reads the answer of a login or a refresh, in `result` or bare. Errc::contract where it has no access
/// token. An access token is renewed 60 s early, one of less than two minutes at half its life; an end that
/// is already past says that the clocks disagree and is not believed.
domain::Result<Tokens> decode_tokens(std::string_view body, domain::Timestamp now);

}  // namespace tributary::tdx
