#include "tests/sandbox/world/login.hpp"

#include <utility>

#include "adapters/crypto/signing_key.hpp"
#include "tests/sandbox/world/key_pem.hpp"
#include "tests/sandbox/world/rng.hpp"

namespace tributary::sandbox {

namespace {

std::string base32(Rng& rng, std::size_t count) {
    static constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    std::string out;
    while (out.size() < count) {
        out.push_back(alphabet[rng.below(alphabet.size())]);
    }
    return out;
}

}  // namespace

TastytradeLogin make_tastytrade_login(std::uint64_t seed, std::string name) {
    Rng rng(seed, "secrets of " + name);
    TastytradeLogin login;
    login.client_id = rng.uuid();
    login.client_secret = rng.hex(20);
    login.refresh_token = "eyJhbGciOiJFZERTQSJ9." + rng.hex(24) + "." + rng.hex(32);
    login.name = std::move(name);
    return login;
}

TdxLogin make_tdx_api_key(std::uint64_t seed, std::string name, std::string user_id, TdxVariant variant) {
    Rng rng(seed, "secrets of " + name);
    TdxLogin login;
    login.by_api_key = true;
    login.api_key = rng.uuid();
    login.api_secret = rng.hex(32);
    login.variant = variant;
    login.name = std::move(name);
    login.user_id = std::move(user_id);
    return login;
}

TdxLogin make_tdx_password(std::uint64_t seed, std::string name, std::string user_id, std::string username) {
    Rng rng(seed, "secrets of " + name);
    TdxLogin login;
    login.username = std::move(username);
    login.password = "Pw-" + rng.hex(12) + "!";
    login.totp_secret = base32(rng, 32);
    login.name = std::move(name);
    login.user_id = std::move(user_id);
    return login;
}

UpvestClient make_upvest_client(std::uint64_t seed, std::string name, UpvestKeyKind kind) {
    Rng rng(seed, "secrets of " + name);
    UpvestClient client;
    client.client_id = rng.uuid();
    client.client_secret = rng.hex(24);
    client.key_id = rng.uuid();
    if (kind == UpvestKeyKind::ed25519) {
        client.private_key_pem = ed25519_pem(rng.bytes(32));
    } else {
        client.private_key_passphrase = rng.hex(12);
        client.private_key_pem = sealed_p521_pem(rng.bytes(64), client.private_key_passphrase, rng.bytes(16));
    }
    const auto key = crypto::SigningKey::from_pem(client.private_key_pem, client.private_key_passphrase);
    client.public_key_pem = key.value().public_pem();
    client.scopes = {"accounts:read", "accounts:admin", "users:read",
                     "roles:read",    "webhooks:read",  "webhooks:admin"};
    client.name = std::move(name);
    return client;
}

}  // namespace tributary::sandbox
