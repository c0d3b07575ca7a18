// What an operator gives to connect Upvest: settings and credentials, read and checked in one place.
#pragma once

#include <string>
#include <vector>

#include "adapters/crypto/signing_key.hpp"
#include "domain/error.hpp"
#include "domain/json/value.hpp"

namespace tributary::upvest {

struct Login {
    std::string client_id;
    std::string client_secret;
    /// Upvest's id of the public key that belongs to `key`.
    std::string key_id;
    crypto::SigningKey key;
    /// Space-separated, as the token call takes them.
    std::string scopes;
    /// Major version only. Upvest, versioning.
    std::string api_version;
};

/// The login, or every fault of it with its pointer ("/credentials/key_id").
///
/// Credentials: `client_id`, `client_secret`, `key_id`, `private_key_pem`, and where wanted
/// `private_key_passphrase` and `scopes` (a string or an array; "accounts:read users:read"). Settings:
/// `api_version` ("1").
std::expected<Login, std::vector<domain::Error>> read_login(const json::Object& settings,
                                                            const json::Object& credentials);

}  // namespace tributary::upvest
