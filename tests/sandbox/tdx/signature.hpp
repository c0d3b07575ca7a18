// The check of TDXV1-HMAC-SHA256 API-key signatures, written from the provider's documentation.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "tests/sandbox/face/face.hpp"
#include "tests/sandbox/face/nonce_memory.hpp"
#include "tests/sandbox/world/clock.hpp"
#include "tests/sandbox/world/world.hpp"

namespace tributary::sandbox {

/// The text a request is signed over, given the credentials of its header. Parts that are empty fall out.
std::string tdx_signed_text(const HttpRequest& request, std::string_view api_key, std::string_view nonce,
                            std::string_view timestamp_ms);

/// Base64 of the MAC that a key of this variant gives for the text.
std::string tdx_signature(const TdxLogin& login, std::string_view signed_text);

class TdxSignatureCheck {
  public:
    TdxSignatureCheck(const World& world, const SandboxClock& clock) : world_(world), clock_(clock) {}

    /// The login whose key signed the request; nullptr where the header is malformed, the key unknown, the
    /// clock more than 150 s off, the signature wrong or the nonce not new.
    const TdxLogin* verify(const HttpRequest& request);

  private:
    const World& world_;
    const SandboxClock& clock_;
    std::map<std::string, NonceMemory> nonces_;
};

}  // namespace tributary::sandbox
