// The public keys of an issuer: a JSON Web Key Set (RFC 7517). Pure.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/crypto/token_key.hpp"
#include "domain/error.hpp"

namespace tributary::jwt {

inline constexpr std::size_t longest_key_set = std::size_t{256} * 1024;
inline constexpr std::size_t most_keys = 100;

class KeySet {
  public:
    /// Errc::contract where the text is no set, longer than 256 KiB, of more than 100 keys, or ambiguous
    /// (members given twice). A key that cannot verify tokens is left out: of another kind or use, too weak,
    /// without an id, private, or with the id and algorithm of one before it.
    static domain::Result<KeySet> read(std::string_view text);

    /// nullptr where there is none.
    [[nodiscard]] const crypto::TokenKey* find(std::string_view key_id,
                                               crypto::TokenAlgorithm algorithm) const;

    [[nodiscard]] std::size_t size() const { return keys_.size(); }

  private:
    struct NamedKey {
        std::string id;
        crypto::TokenKey key;
    };

    std::vector<NamedKey> keys_;
};

}  // namespace tributary::jwt
