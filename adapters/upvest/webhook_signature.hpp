// How Upvest signs what it sends us: HTTP message signatures, version 6
// (draft-ietf-httpbis-message-signatures-06 with Upvest's unquoted names). Pure.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/crypto/signing_key.hpp"
#include "domain/error.hpp"
#include "domain/ports/http.hpp"
#include "domain/time.hpp"

namespace tributary::upvest {

/// The fields `signature-input` and `signature`, taken apart.
struct WebhookSignature {
    /// What is covered, in the order in which it was signed.
    std::vector<std::string> components;
    /// Everything behind "<label>=": signed byte for byte.
    std::string params;
    std::string key_id;
    /// Unix seconds.
    std::int64_t created = 0;
    std::optional<std::int64_t> expires;
    /// As it was sent: DER, or two numbers side by side.
    std::string bytes;
};

/// Errc::invalid_input where a field is missing, repeated or malformed, or names an algorithm that we do not
/// know.
domain::Result<WebhookSignature> read_webhook_signature(const domain::ports::HttpRequest& delivery);

/// Which form of the signed text: version 6 as Upvest writes it has bare names, the draft quotes them.
enum class ComponentNames { bare, quoted };

/// The text that was signed; nothing where a covered component is not in the request, or more than once.
std::optional<std::string> webhook_signature_base(const domain::ports::HttpRequest& delivery,
                                                  const WebhookSignature& signature, ComponentNames names);

/// Errc::unauthenticated unless method, path and the digest of the body are covered, the digest is that of
/// the body, `now` lies between `created` and `expires` (give or take `tolerance`; without `expires`, around
/// `created`), and the signature is the key's. The path has to be covered because Upvest's keys are not one
/// client's: it holds the id of the connection, and a delivery to another could be sent to us again
/// otherwise.
domain::Result<void> verify_webhook(const domain::ports::HttpRequest& delivery,
                                    const WebhookSignature& signature, const crypto::VerifyingKey& key,
                                    domain::Timestamp now, std::chrono::seconds tolerance);

}  // namespace tributary::upvest
