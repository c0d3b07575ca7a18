#include "tests/sandbox/control/connections.hpp"

#include <utility>

namespace tributary::sandbox {

namespace {

json::Object body(std::string_view provider, const std::string& name, const std::string& url,
                  json::Object settings, json::Object credentials) {
    return json::Object{{"provider", provider},
                        {"name", name},
                        {"environment", "sandbox"},
                        {"base_url", url},
                        {"schedule", "5m"},
                        {"settings", std::move(settings)},
                        {"credentials", std::move(credentials)}};
}

json::Object tdx_body(const TdxLogin& login, const std::string& url) {
    if (!login.by_api_key) {
        return body(
            "tdx", login.name, url, {},
            {{"username", login.username}, {"password", login.password}, {"totp_secret", login.totp_secret}});
    }
    const bool raw = login.variant == TdxVariant::raw_digest;
    return body("tdx", login.name, url, {{"signature_variant", raw ? "hashed_raw" : "hashed_base64"}},
                {{"api_key", login.api_key}, {"api_secret", login.api_secret}});
}

json::Object upvest_body(const UpvestClient& client, const std::string& url) {
    json::Object credentials{{"client_id", client.client_id},
                             {"client_secret", client.client_secret},
                             {"key_id", client.key_id},
                             {"private_key_pem", client.private_key_pem}};
    if (!client.private_key_passphrase.empty()) {
        credentials.push_back({"private_key_passphrase", client.private_key_passphrase});
    }
    credentials.push_back({"scopes", json::Array{json::Value("accounts:read"), json::Value("accounts:admin"),
                                                 json::Value("users:read"), json::Value("webhooks:admin")}});
    return body("upvest", client.name, url, {}, std::move(credentials));
}

}  // namespace

json::Array connection_bodies(const World& world, const BaseUrls& urls) {
    json::Array bodies;
    for (const TastytradeLogin& login : world.tastytrade_logins) {
        bodies.push_back(
            body("tastytrade", login.name, urls.tastytrade, {},
                 {{"client_secret", login.client_secret}, {"refresh_token", login.refresh_token}}));
    }
    for (const TdxLogin& login : world.tdx_logins) {
        bodies.push_back(tdx_body(login, urls.tdx));
    }
    for (const UpvestClient& client : world.upvest_clients) {
        bodies.push_back(upvest_body(client, urls.upvest));
    }
    return bodies;
}

}  // namespace tributary::sandbox
