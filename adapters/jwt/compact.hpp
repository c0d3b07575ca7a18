// A token as it is sent (RFC 7515, compact form), taken apart strictly. Pure.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "adapters/crypto/token_key.hpp"
#include "domain/error.hpp"

namespace tributary::jwt {

inline constexpr std::size_t longest_token = std::size_t{8} * 1024;

struct CompactToken {
    crypto::TokenAlgorithm algorithm = crypto::TokenAlgorithm::es256;
    std::string key_id;
    /// Header and payload as they were sent: what the signature is of. Part of the token's text.
    std::string_view message;
    /// JSON, as far as anybody knows before the signature is verified.
    std::string payload;
    std::string signature;
};

/// Takes ES256, RS256 and EdDSA and the given `type` (RFC 8725, 3.11; "application/" may stand before it,
/// case does not matter). Refuses extensions (`crit`), and looks at no key or address of the header. Errc::
/// unauthenticated on anything else.
domain::Result<CompactToken> read_compact(std::string_view token, std::string_view type);

}  // namespace tributary::jwt
