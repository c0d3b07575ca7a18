// Who may log in where, and with what. Every secret is drawn from the seed at start; nothing private is
// stored.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tributary::sandbox {

struct TastytradeLogin {
    /// Also the connection's name and the customer's id in the world.
    std::string name;
    std::string client_id;
    std::string client_secret;
    std::string refresh_token;
};

/// The two ways in which the signature of an API key is documented.
enum class TdxVariant {
    base64_digest,  ///< key decoded from hex, message = base64 text of the SHA-256
    raw_digest,     ///< key as its own text, message = the raw SHA-256
};

struct TdxLogin {
    std::string name;
    std::string user_id;
    /// With an API key, or with username, password and one-time password.
    bool by_api_key = false;
    std::string api_key;
    /// Hex.
    std::string api_secret;
    TdxVariant variant = TdxVariant::base64_digest;
    /// The one sub-account an API key is bound to; empty where it speaks for the whole user.
    std::string only_sub_account = {};
    std::string username;
    std::string password;
    /// Base32; empty where the user has no second factor.
    std::string totp_secret;
};

struct UpvestClient {
    /// Also the parent of the client's objects in the world.
    std::string name;
    std::string client_id;
    std::string client_secret;
    std::string key_id;
    std::string private_key_pem;
    /// Empty where the key is not sealed.
    std::string private_key_passphrase;
    /// SubjectPublicKeyInfo.
    std::string public_key_pem;
    /// What the client may ask for at the token endpoint.
    std::vector<std::string> scopes;
};

TastytradeLogin make_tastytrade_login(std::uint64_t seed, std::string name);
TdxLogin make_tdx_api_key(std::uint64_t seed, std::string name, std::string user_id, TdxVariant variant);
TdxLogin make_tdx_password(std::uint64_t seed, std::string name, std::string user_id, std::string username);

enum class UpvestKeyKind {
    ed25519,      ///< PKCS#8, plain
    p521_sealed,  ///< SEC1, sealed with a passphrase in the old PEM way, as Upvest's guide makes it
};
UpvestClient make_upvest_client(std::uint64_t seed, std::string name, UpvestKeyKind kind);

}  // namespace tributary::sandbox
