// Upvest's side of a signature: reads what a request claims to cover and checks it against the request
// itself. Written apart from the signer, so that the two can disagree.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "adapters/crypto/signing_key.hpp"
#include "domain/ports/http.hpp"

namespace tributary::tests {

struct Verified {
    /// The signature fits the request under the key.
    bool good = false;
    std::vector<std::string> covered;
    std::string key_id;
    std::int64_t created = 0;
    std::int64_t expires = 0;
    std::string nonce;
};

Verified verify(const domain::ports::HttpCall& call, const crypto::VerifyingKey& key);

}  // namespace tributary::tests
