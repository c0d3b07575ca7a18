#include "adapters/upvest/signature.hpp"

#include <optional>

#include "adapters/crypto/digest.hpp"

namespace tributary::upvest {

using domain::ports::HttpCall;

std::string content_digest(std::string_view body) {
    return "sha-512=:" + crypto::base64(crypto::sha512(body)) + ":";
}

Components components_of(const HttpCall& call) {
    const std::string_view target = call.target;
    const auto query = target.find('?');
    Components components;
    components.emplace_back("@method", call.method);
    components.emplace_back("@path", target.substr(0, query));
    if (query != std::string_view::npos) {
        components.emplace_back("@query", target.substr(query));
    }
    const auto cover = [&](const char* name) {
        if (const auto value = call.fields.find(name)) {
            components.emplace_back(name, *value);
        }
    };
    cover("accept");
    cover("authorization");
    if (!call.body.empty()) {
        components.emplace_back("content-length", std::to_string(call.body.size()));
        cover("content-type");
        cover("content-digest");
    }
    cover("idempotency-key");
    cover("upvest-api-version");
    cover("upvest-client-id");
    return components;
}

std::string signature_params(const Components& components, const SignatureStamp& stamp) {
    std::string params = "(";
    for (const auto& [identifier, value] : components) {
        params.append(params.size() == 1 ? "\"" : " \"").append(identifier).append("\"");
    }
    return params + ");keyid=\"" + stamp.key_id + "\";created=" + std::to_string(stamp.created) +
           ";expires=" + std::to_string(stamp.expires) + ";nonce=\"" + stamp.nonce + "\"";
}

std::string signature_base(const Components& components, std::string_view params) {
    std::string base;
    for (const auto& [identifier, value] : components) {
        base.append("\"").append(identifier).append("\": ").append(value).append("\n");
    }
    return base.append("\"@signature-params\": ").append(params);
}

void sign(HttpCall& call, const crypto::SigningKey& key, const SignatureStamp& stamp) {
    if (!call.body.empty()) {
        call.fields.add("content-digest", content_digest(call.body));
    }
    const Components components = components_of(call);
    const std::string params = signature_params(components, stamp);
    const std::string signature = key.sign(signature_base(components, params));
    call.fields.add("signature-input", "sig1=" + params);
    call.fields.add("signature", "sig1=:" + crypto::base64(signature) + ":");
    // Without it Upvest judges the signature by version 6.
    call.fields.add("upvest-signature-version", "15");
}

}  // namespace tributary::upvest
