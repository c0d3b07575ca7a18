// The check of Upvest's request signatures (v15, and v6 where no version is named), written from its
// documentation.
#pragma once

#include <expected>
#include <map>
#include <string>
#include <string_view>

#include "tests/sandbox/face/face.hpp"
#include "tests/sandbox/face/nonce_memory.hpp"
#include "tests/sandbox/upvest/signature_input.hpp"
#include "tests/sandbox/world/clock.hpp"
#include "tests/sandbox/world/world.hpp"

namespace tributary::sandbox {

/// v15 quotes the component names in the signed text, v6 does not.
enum class SignatureVersion { v6, v15 };

/// The text that was signed; nothing where a covered field is not in the request.
std::optional<std::string> upvest_signature_base(const HttpRequest& request, const SignatureInput& input,
                                                 SignatureVersion version);

class UpvestSignatureCheck {
  public:
    UpvestSignatureCheck(const World& world, const SandboxClock& clock);
    ~UpvestSignatureCheck();

    /// Nothing wrong, or a sentence that says what is (for the log of whoever debugs; the reply stays vague).
    std::expected<void, std::string> verify(const HttpRequest& request, const UpvestClient& client);

  private:
    struct Keys;
    const SandboxClock& clock_;
    std::unique_ptr<Keys> keys_;
    std::map<std::string, NonceMemory> nonces_;
};

}  // namespace tributary::sandbox
