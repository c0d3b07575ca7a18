// The keys that Upvest signs its deliveries with, and the signing: version 6, bare component names, ECDSA on
// P-521.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "domain/json/value.hpp"
#include "tests/sandbox/face/face.hpp"
#include "tests/sandbox/world/clock.hpp"
#include "tests/sandbox/world/rng.hpp"

namespace tributary::sandbox {

class WebhookSigner {
  public:
    WebhookSigner(std::uint64_t seed, const SandboxClock& clock);

    /// The body of GET /auth/verify_keys.
    [[nodiscard]] json::Object key_set() const;
    /// A new key signs from now on. The former ones stay in the set, or leave it.
    void rotate(bool keep_former);
    /// The delivery of this body to this path, signed by the newest key.
    [[nodiscard]] HttpRequest signed_delivery(const std::string& path, std::string body);

  private:
    struct Key {
        std::string id;
        std::string pem;
        std::string passphrase;
    };

    Key fresh_key();

    const SandboxClock& clock_;
    Rng rng_;
    /// The newest last.
    std::vector<Key> keys_;
};

}  // namespace tributary::sandbox
