// What signing and verifying keys have in common.
#pragma once

#include <optional>
#include <string_view>

#include "adapters/crypto/evp.hpp"
#include "adapters/crypto/signing_key.hpp"

namespace tributary::crypto {

inline constexpr std::string_view wrong_algorithm =
    "is of a kind that is not accepted; give an Ed25519 key or an elliptic curve key on secp521r1";

/// Nothing for a key that is neither Ed25519 nor P-521.
inline std::optional<KeyAlgorithm> algorithm_of(const EVP_PKEY& key) {
    if (EVP_PKEY_is_a(&key, "ED25519") == 1) {
        return KeyAlgorithm::ed25519;
    }
    char group[32] = {};
    std::size_t length = 0;
    if (EVP_PKEY_is_a(&key, "EC") == 1 && EVP_PKEY_get_group_name(&key, group, sizeof group, &length) == 1 &&
        std::string_view(group, length) == "secp521r1") {
        return KeyAlgorithm::ecdsa_p521_sha512;
    }
    return std::nullopt;
}

/// Ed25519 signs the message itself.
inline const EVP_MD* digest_of(KeyAlgorithm algorithm) {
    return algorithm == KeyAlgorithm::ed25519 ? nullptr : EVP_sha512();
}

}  // namespace tributary::crypto
