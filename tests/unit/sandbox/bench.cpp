#include "bench.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "adapters/crypto/digest.hpp"
#include "adapters/crypto/signing_key.hpp"
#include "domain/json/parse.hpp"
#include "domain/json/write.hpp"
#include "tests/sandbox/population/generate.hpp"

namespace tributary::sandbox {

HttpRequest make_request(std::string method, std::string_view target, const Headers& headers,
                         std::string body) {
    HttpRequest request;
    request.method = std::move(method);
    const std::size_t question = target.find('?');
    request.path = target.substr(0, question);
    request.query = question == std::string_view::npos ? "" : target.substr(question + 1);
    for (const auto& [name, value] : headers) {
        request.fields.add(name, value);
    }
    request.body = std::move(body);
    request.request_id = "00000000-0000-4000-8000-000000000000";
    return request;
}

HttpRequest with_header(const HttpRequest& request, std::string_view name, std::optional<std::string> value) {
    HttpRequest changed = request;
    changed.fields = {};
    for (const auto& [field, content] : request.fields) {
        if (field != name) changed.fields.add(field, content);
    }
    if (value) changed.fields.add(std::string(name), *value);
    return changed;
}

json::Value body_of(const HttpReply& reply) {
    auto parsed = json::parse(reply.body, 4'000'000);
    REQUIRE(parsed.has_value());
    return std::move(parsed->root);
}

const json::Value& at(const json::Value& value, std::initializer_list<std::string_view> keys) {
    const json::Value* found = &value;
    for (const std::string_view key : keys) {
        found = found->find(key);
        REQUIRE_MESSAGE(found != nullptr, std::string(key));
    }
    return *found;
}

std::string text_at(const json::Value& value, std::initializer_list<std::string_view> keys) {
    const json::Value& found = at(value, keys);
    REQUIRE(found.if_string() != nullptr);
    return *found.if_string();
}

const json::Array& array_at(const json::Value& value, std::initializer_list<std::string_view> keys) {
    const json::Value& found = at(value, keys);
    REQUIRE(found.if_array() != nullptr);
    return *found.if_array();
}

std::string slug_of(const HttpReply& reply) {
    const std::string type = text_at(body_of(reply), {"type"});
    return type.substr(type.rfind('/') + 1);
}

Bench::Bench(std::size_t upvest_groups)
    : sandbox(generate({.seed = 1, .people = 100, .upvest_groups = upvest_groups}), [this] { return now; }) {}

HttpReply Bench::control(std::string method, std::string_view path, std::string body) {
    return sandbox.control(make_request(std::move(method), path, {}, std::move(body)));
}

HttpRequest Bench::tasty_get(std::string_view target, const std::string& token) const {
    return make_request(
        "GET", target,
        {{"User-Agent", "tests/1.0"}, {"Accept", "application/json"}, {"Authorization", "Bearer " + token}});
}

std::string Bench::tasty_token(const TastytradeLogin& login) {
    const json::Object grant{{"grant_type", "refresh_token"},
                             {"refresh_token", login.refresh_token},
                             {"client_secret", login.client_secret}};
    const HttpReply reply = tasty(make_request(
        "POST", "/oauth/token", {{"User-Agent", "tests/1.0"}, {"Content-Type", "application/json"}},
        json::write(grant)));
    REQUIRE(reply.status == 200);
    return text_at(body_of(reply), {"access_token"});
}

HttpRequest Bench::tdx_signed(const TdxLogin& login, std::string_view target, std::string content_type) {
    HttpRequest request =
        make_request("GET", "/api/rest/v1" + std::string(target), {{"Host", "127.0.0.1:9999"}});
    if (!content_type.empty()) request.fields.add("Content-Type", content_type);
    return tdx_sign(login, std::move(request));
}

HttpRequest Bench::tdx_change(const TdxLogin& login, std::string method, std::string_view target,
                              std::string body) {
    Headers headers{{"Host", "127.0.0.1:9999"}};
    if (!body.empty()) headers.emplace_back("Content-Type", "application/json");
    return tdx_sign(login, make_request(std::move(method), "/api/rest/v1" + std::string(target), headers,
                                        std::move(body)));
}

HttpRequest Bench::tdx_sign(const TdxLogin& login, HttpRequest request) {
    const std::string nonce = rng.uuid();
    const auto milliseconds = std::chrono::floor<std::chrono::milliseconds>(now).time_since_epoch().count();
    const std::string time = std::to_string(milliseconds);
    const std::string signature = tdx_signature(login, tdx_signed_text(request, login.api_key, nonce, time));
    request.fields.add("Authorization", "TDXV1-HMAC-SHA256 ApiKey=" + login.api_key + " Nonce=" + nonce +
                                            " Timestamp=" + time + " Signature=" + signature);
    return request;
}

HttpRequest Bench::tdx_login(const TdxLogin& login, const std::string& challenge) const {
    json::Object body{{"username", login.username}, {"password", login.password}};
    if (!challenge.empty()) body.push_back({"challenge", challenge});
    return make_request("POST", "/api/rest/v1/users/authentication/login",
                        {{"Content-Type", "application/json"}}, json::write(body));
}

std::string Bench::tdx_code(const TdxLogin& login) const {
    const auto seconds = std::chrono::floor<std::chrono::seconds>(now).time_since_epoch().count();
    return crypto::totp(login.totp_secret, static_cast<std::uint64_t>(seconds)).value();
}

HttpRequest Bench::upvest_signed(const UpvestClient& client, HttpRequest request,
                                 std::vector<std::string> components, std::string nonce) {
    if (components.empty()) {
        components = {"@method", "@path"};
        if (!request.query.empty()) components.emplace_back("@query");
        for (const auto& [name, value] : request.fields) {
            if (name != "upvest-signature-version") components.push_back(name);
        }
    }
    std::string list;
    for (const std::string& component : components) {
        list += (list.empty() ? "\"" : " \"") + component + "\"";
    }
    const auto seconds = std::chrono::floor<std::chrono::seconds>(now).time_since_epoch().count();
    SignatureInput input;
    input.components = components;
    input.params = "(" + list + ");keyid=\"" + client.key_id + "\";created=" + std::to_string(seconds) +
                   ";expires=" + std::to_string(seconds + 30) + ";nonce=\"" +
                   (nonce.empty() ? rng.hex(8) : nonce) + "\"";
    const auto key = crypto::SigningKey::from_pem(client.private_key_pem, client.private_key_passphrase);
    REQUIRE(key.has_value());
    const auto base = upvest_signature_base(request, input, SignatureVersion::v15);
    REQUIRE(base.has_value());
    request.fields.add("signature-input", "sig1=" + input.params);
    request.fields.add("signature", "sig1=:" + crypto::base64(key->sign(*base)) + ":");
    return request;
}

HttpRequest Bench::upvest_get(const UpvestClient& client, std::string_view target, const std::string& token) {
    return upvest_signed(client, make_request("GET", target,
                                              {{"accept", "application/json"},
                                               {"authorization", "Bearer " + token},
                                               {"upvest-client-id", client.client_id},
                                               {"upvest-signature-version", "15"}}));
}

HttpRequest Bench::upvest_post(const UpvestClient& client, std::string_view target, const std::string& token,
                               const std::string& idempotency_key, const std::string& body) {
    Headers headers{{"accept", "application/json"},
                    {"authorization", "Bearer " + token},
                    {"content-length", std::to_string(body.size())},
                    {"content-type", "application/json"},
                    {"content-digest", "sha-512=:" + crypto::base64(crypto::sha512(body)) + ":"},
                    {"upvest-client-id", client.client_id},
                    {"upvest-signature-version", "15"}};
    if (!idempotency_key.empty()) headers.emplace_back("idempotency-key", idempotency_key);
    return upvest_signed(client, make_request("POST", target, headers, body));
}

HttpRequest Bench::upvest_delete(const UpvestClient& client, std::string_view target,
                                 const std::string& token) {
    return upvest_signed(client, make_request("DELETE", target,
                                              {{"accept", "application/json"},
                                               {"authorization", "Bearer " + token},
                                               {"upvest-client-id", client.client_id},
                                               {"upvest-signature-version", "15"}}));
}

HttpRequest Bench::upvest_token_call(const UpvestClient& client, const std::string& scope) {
    std::string encoded = scope;
    std::ranges::replace(encoded, ' ', '+');
    std::string body = "client_id=" + client.client_id + "&client_secret=" + client.client_secret +
                       "&grant_type=client_credentials&scope=" + encoded;
    return upvest_signed(
        client, make_request("POST", "/auth/token",
                             {{"accept", "application/json"},
                              {"content-length", std::to_string(body.size())},
                              {"content-type", "application/x-www-form-urlencoded"},
                              {"content-digest", "sha-512=:" + crypto::base64(crypto::sha512(body)) + ":"},
                              {"upvest-client-id", client.client_id},
                              {"upvest-signature-version", "15"}},
                             body));
}

std::string Bench::upvest_token(const UpvestClient& client, const std::string& scope) {
    const HttpReply reply = upvest(upvest_token_call(client, scope));
    REQUIRE(reply.status == 200);
    return text_at(body_of(reply), {"access_token"});
}

const TdxLogin& Bench::tdx_named(std::string_view name) const {
    return *std::ranges::find(world().tdx_logins, name, &TdxLogin::name);
}

}  // namespace tributary::sandbox
