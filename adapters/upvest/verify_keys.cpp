#include "adapters/upvest/verify_keys.hpp"

#include <utility>

#include "adapters/crypto/digest.hpp"
#include "domain/json/parse.hpp"
#include "domain/json/value.hpp"

namespace tributary::upvest {

using domain::Errc;
using domain::Result;
using domain::ports::WebhookKey;

namespace {

constexpr std::size_t longest_id = 256;

std::string text_at(const json::Value& object, std::string_view key) {
    const json::Value* value = object.find(key);
    return value != nullptr && value->if_string() != nullptr ? *value->if_string() : std::string();
}

/// "<x> <y>", both in base64url: what the key set says, and nothing else of it.
std::string material_of(const json::Value& jwk) {
    return text_at(jwk, "x") + " " + text_at(jwk, "y");
}

}  // namespace

Result<crypto::VerifyingKey> verifying_key(const WebhookKey& key) {
    const auto space = key.material.find(' ');
    const auto x = crypto::base64url_decode(std::string_view(key.material).substr(0, space));
    const auto y = space == std::string::npos
                       ? std::nullopt
                       : crypto::base64url_decode(std::string_view(key.material).substr(space + 1));
    if (!x || !y) {
        return domain::fail(Errc::contract, "Upvest's key set holds coordinates that are no base64url.");
    }
    return crypto::VerifyingKey::from_p521_point(*x, *y);
}

Result<std::vector<WebhookKey>> read_verify_keys(std::string_view body) {
    const auto parsed = json::parse(body);
    const json::Value* list = parsed ? parsed->root.find("keys") : nullptr;
    if (list == nullptr || list->if_array() == nullptr) {
        return domain::fail(Errc::contract, "Upvest answered with no set of keys.");
    }
    std::vector<WebhookKey> keys;
    for (const json::Value& jwk : *list->if_array()) {
        WebhookKey key{text_at(jwk, "kid"), material_of(jwk)};
        const bool right_kind = text_at(jwk, "kty") == "EC" && text_at(jwk, "crv") == "P-521";
        if (right_kind && !key.id.empty() && key.id.size() <= longest_id && verifying_key(key)) {
            keys.push_back(std::move(key));
        }
    }
    return keys;
}

}  // namespace tributary::upvest
