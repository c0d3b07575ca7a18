#include "adapters/jwt/key_set.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "adapters/crypto/digest.hpp"
#include "adapters/jwt/strict_json.hpp"

namespace tributary::jwt {

using crypto::TokenAlgorithm;
using crypto::TokenKey;

namespace {

/// Members and elements of a hundred keys with their certificates.
constexpr std::size_t most_values = 10'000;

bool is_text(const json::Object& jwk, std::string_view name, std::string_view wanted) {
    const std::string* text = text_in(jwk, name);
    return text != nullptr && *text == wanted;
}

/// A member that may be left out, but not say anything else.
bool agrees(const json::Object& jwk, std::string_view name, std::string_view wanted) {
    return json::find(jwk, name) == nullptr || is_text(jwk, name, wanted);
}

bool may_verify(const json::Object& jwk) {
    const json::Value* operations = json::find(jwk, "key_ops");
    if (operations == nullptr) {
        return true;
    }
    const json::Array* list = operations->if_array();
    return list != nullptr && std::ranges::find(*list, json::Value("verify")) != list->end();
}

/// The bytes of a member; "" where it has none, which is no key of any kind.
std::string bytes_in(const json::Object& jwk, std::string_view name) {
    const std::string* text = text_in(jwk, name);
    return text == nullptr ? "" : crypto::base64url_decode(*text).value_or("");
}

std::optional<TokenKey> made(domain::Result<TokenKey> key) {
    return key ? std::optional(std::move(*key)) : std::nullopt;
}

std::optional<TokenKey> key_of(const json::Object& jwk) {
    // A set that publishes a private key has given it away.
    if (!agrees(jwk, "use", "sig") || !may_verify(jwk) || json::find(jwk, "d") != nullptr) {
        return std::nullopt;
    }
    if (is_text(jwk, "kty", "EC") && is_text(jwk, "crv", "P-256") && agrees(jwk, "alg", "ES256")) {
        return made(TokenKey::from_p256_point(bytes_in(jwk, "x"), bytes_in(jwk, "y")));
    }
    if (is_text(jwk, "kty", "RSA") && agrees(jwk, "alg", "RS256")) {
        return made(TokenKey::from_rsa_numbers(bytes_in(jwk, "n"), bytes_in(jwk, "e")));
    }
    if (is_text(jwk, "kty", "OKP") && is_text(jwk, "crv", "Ed25519") && agrees(jwk, "alg", "EdDSA")) {
        return made(TokenKey::from_ed25519_point(bytes_in(jwk, "x")));
    }
    return std::nullopt;
}

}  // namespace

domain::Result<KeySet> KeySet::read(std::string_view text) {
    const auto set = text.size() > longest_key_set ? std::nullopt : strict_object(text, most_values);
    const json::Value* list = set ? json::find(*set, "keys") : nullptr;
    if (list == nullptr || list->if_array() == nullptr) {
        return domain::fail(domain::Errc::contract, "The issuer's keys are no JSON Web Key Set.");
    }
    if (list->if_array()->size() > most_keys) {
        return domain::fail(domain::Errc::contract, "The issuer lists more than 100 keys.");
    }
    KeySet keys;
    for (const json::Value& one : *list->if_array()) {
        const json::Object* jwk = one.if_object();
        const std::string* id = jwk == nullptr ? nullptr : text_in(*jwk, "kid");
        if (id == nullptr || id->empty()) {
            continue;
        }
        auto key = key_of(*jwk);
        if (key && keys.find(*id, key->algorithm()) == nullptr) {
            keys.keys_.push_back({*id, std::move(*key)});
        }
    }
    return keys;
}

const TokenKey* KeySet::find(std::string_view key_id, TokenAlgorithm algorithm) const {
    const auto found = std::ranges::find_if(
        keys_, [&](const NamedKey& one) { return one.id == key_id && one.key.algorithm() == algorithm; });
    return found == keys_.end() ? nullptr : &found->key;
}

}  // namespace tributary::jwt
