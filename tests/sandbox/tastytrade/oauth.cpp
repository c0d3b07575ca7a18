#include "tests/sandbox/tastytrade/oauth.hpp"

#include <algorithm>
#include <sstream>

#include "domain/json/parse.hpp"
#include "tests/sandbox/face/form.hpp"
#include "tests/sandbox/face/reply.hpp"

namespace tributary::sandbox {

namespace {

constexpr std::chrono::seconds token_life{900};

HttpReply refusal(int status, std::string_view code, std::string_view description) {
    return json_reply(status, json::Object{{"error_code", code}, {"error_description", description}});
}

/// The members of the body, whichever of the two encodings it has; nothing for any other.
std::optional<std::map<std::string, std::string>> grant_of(const HttpRequest& request) {
    const std::string_view type = request.fields.find("Content-Type").value_or("");
    std::map<std::string, std::string> grant;
    if (type.starts_with("application/json")) {
        const auto parsed = json::parse(request.body);
        const json::Object* object = parsed ? parsed->root.if_object() : nullptr;
        if (object == nullptr) return std::nullopt;
        for (const json::Entry& entry : *object) {
            if (const std::string* text = entry.value.if_string()) {
                grant[entry.key] = *text;
            }
        }
        return grant;
    }
    if (!type.starts_with("application/x-www-form-urlencoded")) return std::nullopt;
    const auto form = Form::parse(request.body);
    if (!form) return std::nullopt;
    for (const char* name : {"grant_type", "refresh_token", "client_secret", "client_id", "scope"}) {
        if (const auto value = form->find(name)) {
            grant[name] = *value;
        }
    }
    return grant;
}

bool known_scopes(const std::string& scope) {
    std::istringstream words(scope);
    std::string word;
    while (words >> word) {
        if (word != "read" && word != "trade" && word != "openid") return false;
    }
    return true;
}

}  // namespace

TastytradeOauth::TastytradeOauth(const World& world, const SandboxClock& clock)
    : world_(world), clock_(clock), rng_(world.seed, "tastytrade tokens") {}

HttpReply TastytradeOauth::token(const HttpRequest& request) {
    auto grant = grant_of(request);
    if (!grant) return refusal(400, "invalid_request", "The body is neither JSON nor a form");
    if ((*grant)["grant_type"] != "refresh_token") {
        return refusal(400, "unsupported_grant_type", "Unsupported grant type");
    }
    const auto login = std::ranges::find(world_.tastytrade_logins, (*grant)["refresh_token"],
                                         &TastytradeLogin::refresh_token);
    if (login == world_.tastytrade_logins.end()) return refusal(400, "invalid_grant", "Invalid JWT");
    const bool other_client = grant->contains("client_id") && (*grant)["client_id"] != login->client_id;
    if ((*grant)["client_secret"] != login->client_secret || other_client) {
        return refusal(401, "invalid_client", "Client authentication failed");
    }
    const std::string scope = grant->contains("scope") ? (*grant)["scope"] : "read trade openid";
    if (!known_scopes(scope)) return refusal(400, "invalid_scope", "The requested scope is unknown");

    const std::string token = "eyJhbGciOiJFZERTQSIsInR5cCI6ImF0K2p3dCJ9." + rng_.hex(24) + "." + rng_.hex(32);
    issued_[token] = {{login->name, scope}, clock_.lifetime_now()};
    json::Object body{{"access_token", token}, {"token_type", "Bearer"}, {"expires_in", token_life.count()}};
    if (scope.find("openid") != std::string::npos) {
        body.push_back({"id_token", "eyJhbGciOiJFZERTQSJ9." + rng_.hex(16) + "." + rng_.hex(32)});
    }
    return json_reply(200, body);
}

std::optional<TastytradeOauth::Bearer> TastytradeOauth::bearer(const HttpRequest& request) const {
    const std::string_view header = request.fields.find("Authorization").value_or("");
    if (!header.starts_with("Bearer ")) return std::nullopt;
    const auto found = issued_.find(header.substr(7));
    if (found == issued_.end() || clock_.lifetime_now() >= found->second.born + token_life)
        return std::nullopt;
    return found->second.bearer;
}

}  // namespace tributary::sandbox
