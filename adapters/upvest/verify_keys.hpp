// The keys that Upvest signs its deliveries with: the answer of GET /auth/verify_keys. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "adapters/crypto/signing_key.hpp"
#include "domain/error.hpp"
#include "domain/ports/webhooks.hpp"

namespace tributary::upvest {

/// `{"keys": [{"kid", "kty": "EC", "crv": "P-521", "x", "y"}]}`. Keys of another kind, and such as are no
/// point of the curve, are left out. Errc::contract where the text is no key set.
domain::Result<std::vector<domain::ports::WebhookKey>> read_verify_keys(std::string_view body);

/// The key whose material read_verify_keys() gave.
domain::Result<crypto::VerifyingKey> verifying_key(const domain::ports::WebhookKey& key);

}  // namespace tributary::upvest
