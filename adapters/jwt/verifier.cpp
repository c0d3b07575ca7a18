#include "adapters/jwt/verifier.hpp"

#include <utility>

#include "adapters/jwt/compact.hpp"

namespace tributary::jwt {

using domain::Result;
using domain::ports::VerifiedToken;

Verifier::Verifier(VerifierOptions options, KeyCache& keys, const domain::ports::Clock& clock)
    : options_(std::move(options)), keys_(keys), clock_(clock) {}

domain::ports::Task<Result<VerifiedToken>> Verifier::verify(std::string token) {
    const Result<CompactToken> parts = read_compact(token, options_.type);
    if (!parts) {
        co_return std::unexpected(parts.error());
    }
    const Result<KeyCache::Key> key = co_await keys_.find(parts->key_id, parts->algorithm);
    if (!key) {
        co_return std::unexpected(key.error());
    }
    if (!(*key)->verify(parts->message, parts->signature)) {
        // Why a signature is not good helps only whoever forges one.
        co_return domain::fail(domain::Errc::unauthenticated, "The token is not valid.");
    }
    co_return read_claims(parts->payload, options_.claims, clock_.now());
}

}  // namespace tributary::jwt
