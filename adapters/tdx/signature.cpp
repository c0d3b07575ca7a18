#include "adapters/tdx/signature.hpp"

#include <optional>

#include "adapters/crypto/digest.hpp"

namespace tributary::tdx {

namespace {

std::string input_of(const ApiKey& key, const SignedParts& parts, const Freshness& freshness) {
    std::string input = "TDXV1";
    const std::string time = std::to_string(freshness.unix_ms);
    for (const std::string_view part :
         {std::string_view(key.key), std::string_view(freshness.nonce), std::string_view(time),
          std::string_view(parts.method), std::string_view(parts.host), std::string_view(parts.path),
          std::string_view(parts.query), std::string_view(parts.content_type),
          std::string_view(parts.body)}) {
        if (!part.empty()) {
            input += ' ';
            input += part;
        }
    }
    return input;
}

std::string bytes_of(const crypto::Sha256& digest) {
    return {digest.begin(), digest.end()};
}

}  // namespace

domain::Result<std::string> authorization(const ApiKey& key, SignatureVariant variant,
                                          const SignedParts& parts, const Freshness& freshness) {
    const std::string digest = bytes_of(crypto::sha256(input_of(key, parts, freshness)));
    std::string signature;
    if (variant == SignatureVariant::hashed_raw) {
        signature = crypto::hmac_sha256(key.secret, digest);
    } else {
        const std::optional<std::string> secret = crypto::hex_decode(key.secret);
        if (!secret) {
            return domain::fail(domain::Errc::configuration,
                                "The API secret is not hexadecimal. Give the secret as T-DX showed it.",
                                "/credentials/api_secret");
        }
        signature = crypto::hmac_sha256(*secret, crypto::base64(digest));
    }
    return "TDXV1-HMAC-SHA256 ApiKey=" + key.key + " Nonce=" + freshness.nonce +
           " Timestamp=" + std::to_string(freshness.unix_ms) + " Signature=" + crypto::base64(signature);
}

}  // namespace tributary::tdx
