// The TDXV1-HMAC-SHA256 signature of an API key. Pure: nonce and time come in.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "adapters/tdx/settings.hpp"
#include "domain/error.hpp"

namespace tributary::tdx {

/// What is signed. Empty parts are left out, as for a GET without body.
struct SignedParts {
    std::string method = "GET";
    /// Without a default port, with any other.
    std::string host;
    /// From `/api/rest/v1` on, without the query.
    std::string path;
    /// Exactly the bytes after '?' that go on the wire.
    std::string query = {};
    /// Exactly the header's value.
    std::string content_type = {};
    std::string body = {};
};

/// Must never be used twice within 150 s, and the time must be within 150 s of the server's.
struct Freshness {
    /// A version 4 UUID.
    std::string nonce;
    std::int64_t unix_ms = 0;
};

/// The value of the Authorization header. With input = "TDXV1 <key> <nonce> <ms> <parts...>", single spaces:
///   hashed_base64: base64(HMAC(hex-decoded secret, base64 text of SHA-256(input)))   (T-DX, older
///   authentication page) hashed_raw:    base64(HMAC(secret as given, 32 raw bytes of SHA-256(input))) (T-DX,
///   newer authentication page)
/// HMAC is HMAC-SHA256. Errc::configuration where hashed_base64 meets a secret that is not hexadecimal.
domain::Result<std::string> authorization(const ApiKey& key, SignatureVariant variant,
                                          const SignedParts& parts, const Freshness& freshness);

}  // namespace tributary::tdx
