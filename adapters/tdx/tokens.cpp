#include "adapters/tdx/tokens.hpp"

#include <algorithm>
#include <chrono>

#include "domain/json/parse.hpp"
#include "domain/json/write.hpp"

namespace tributary::tdx {

using domain::Timestamp;

namespace {

std::string text_of(const json::Value& object, std::string_view key) {
    const json::Value* value = object.find(key);
    return value != nullptr && value->if_string() != nullptr ? *value->if_string() : std::string();
}

/// A token goes into a header, so it must not be able to end one.
bool is_token(std::string_view text) {
    return !text.empty() && std::ranges::all_of(text, [](char c) { return c > ' ' && c <= '~'; });
}

std::optional<Timestamp> renewal(std::optional<Timestamp> end, Timestamp now) {
    if (!end || *end <= now) {
        return std::nullopt;
    }
    const auto early = std::min<Timestamp::duration>(std::chrono::seconds(60), (*end - now) / 2);
    return *end - early;
}

}  // namespace

std::string login_body(const Login& login, const std::optional<std::string>& challenge,
                       std::string_view device) {
    json::Object body;
    body.push_back({"username", login.username});
    body.push_back({"password", login.password});
    if (challenge) {
        body.push_back({"challenge", *challenge});
    }
    body.push_back({"deviceId", device});
    return json::write(json::Value(std::move(body)));
}

std::string refresh_body(std::string_view refresh_token) {
    json::Object body;
    body.push_back({"refreshToken", refresh_token});
    return json::write(json::Value(std::move(body)));
}

domain::Result<Tokens> decode_tokens(std::string_view body, Timestamp now) {
    const domain::Result<json::Parsed> parsed = json::parse(body);
    if (!parsed) {
        return domain::fail(domain::Errc::contract,
                            "T-DX's answer to the login is no JSON. " + parsed.error().detail +
                                " Check login_path and refresh_path in the connection's settings.");
    }
    const json::Value* result = parsed->root.find("result");
    const json::Value& given = result != nullptr ? *result : parsed->root;
    Tokens tokens;
    tokens.access = text_of(given, "accessToken");
    tokens.refresh = text_of(given, "refreshToken");
    if (!is_token(tokens.access)) {
        return domain::fail(
            domain::Errc::contract,
            "T-DX accepted the login but answered without an access token. Check login_path and "
            "refresh_path in the connection's settings.");
    }
    tokens.renew_at = renewal(domain::parse_timestamp(text_of(given, "accessExpiresAt")), now);
    tokens.session_ends_at = domain::parse_timestamp(text_of(given, "sessionExpiresAt"));
    return tokens;
}

}  // namespace tributary::tdx
