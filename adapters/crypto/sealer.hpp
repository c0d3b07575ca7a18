// Sealed texts: AES-256-GCM under a key derived from the master key, with the key's id in the text, so that a
// text sealed under another key is told apart from an altered one.
#pragma once

#include <string>
#include <string_view>

#include "adapters/crypto/secret_key.hpp"
#include "domain/ports/clock.hpp"
#include "domain/ports/sealer.hpp"

namespace tributary::crypto {

/// Thread-safe as far as `random` is, which must outlive it. A sealed text is "t1:<key id>:<base64>", the
/// bytes being nonce (12), ciphertext and tag (16).
class AesGcmSealer final : public domain::ports::Sealer {
  public:
    AesGcmSealer(const SecretKey& master, domain::ports::Random& random);

    [[nodiscard]] std::string seal(std::string_view plain, std::string_view context) override;
    [[nodiscard]] domain::Result<std::string> open(std::string_view sealed,
                                                   std::string_view context) const override;
    [[nodiscard]] std::string fingerprint(std::string_view purpose, std::string_view text) const override;

    /// 16 hex digits that name the master key without telling anything about it.
    [[nodiscard]] const std::string& key_id() const { return key_id_; }

  private:
    SecretKey sealing_;
    SecretKey fingerprinting_;
    std::string key_id_;
    domain::ports::Random& random_;
};

}  // namespace tributary::crypto
