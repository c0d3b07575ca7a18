// HTTP message signatures as Upvest takes them, version 15 (draft-ietf-httpbis-message-signatures-15): a
// request's components become a base string, the base string is signed, three header fields carry the result.
// Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "adapters/crypto/signing_key.hpp"
#include "domain/ports/http.hpp"

namespace tributary::upvest {

/// What one signature says of itself. Every attempt has its own.
struct SignatureStamp {
    std::string key_id;
    /// Unix seconds.
    std::int64_t created = 0;
    std::int64_t expires = 0;
    /// Never used twice; letters and digits.
    std::string nonce;
};

/// Identifier and value of what a signature covers, in Upvest's documented order.
using Components = std::vector<std::pair<std::string, std::string>>;

/// Value of the content-digest field: SHA-512. Only a request with a body has one.
std::string content_digest(std::string_view body);

/// All that Upvest wants covered of this request. content-length stands for the body's size, which the
/// transport sends; content-type and content-digest are covered with a body only. Upvest, v15 signature
/// components.
Components components_of(const domain::ports::HttpCall& call);

/// The text after `sig1=` in signature-input, which is also the last line of the base.
std::string signature_params(const Components& components, const SignatureStamp& stamp);

/// The text that is signed.
std::string signature_base(const Components& components, std::string_view params);

/// Adds content-digest where there is a body, then signature-input, signature and upvest-signature-version.
void sign(domain::ports::HttpCall& call, const crypto::SigningKey& key, const SignatureStamp& stamp);

}  // namespace tributary::upvest
