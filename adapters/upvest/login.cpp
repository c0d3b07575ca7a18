#include "adapters/upvest/login.hpp"
#include "domain/spelling.hpp"

#include <algorithm>
#include <numeric>
#include <optional>
#include <span>
#include <string_view>
#include <utility>

namespace tributary::upvest {

using domain::Errc;
using domain::Error;

namespace {

using Faults = std::vector<Error>;

constexpr std::string_view default_scopes = "accounts:read users:read";
constexpr std::string_view known_credentials[] = {"client_id",       "client_secret",          "key_id",
                                                  "private_key_pem", "private_key_passphrase", "scopes"};
constexpr std::string_view known_settings[] = {"api_version"};
/// Upvest caps the secret and the scope at this many characters.
constexpr std::size_t longest_form_value = 1000;

/// RFC 6901. What stands in place of a key may be anything, so the pointer repeats only as much as a key
/// would have.
std::string pointer_to(const std::string& path, std::string_view key) {
    constexpr std::size_t longest_key = 40;
    std::string pointer = path + "/";
    for (const char c : key.substr(0, longest_key)) {
        pointer += c == '~' ? "~0" : c == '/' ? "~1" : std::string(1, c);
    }
    return pointer;
}

void refuse(std::string pointer, std::string detail, Faults& faults) {
    faults.push_back({Errc::invalid_input, std::move(detail), std::move(pointer), std::nullopt});
}

void refuse_unknown(const json::Object& object, const std::string& path,
                    std::span<const std::string_view> known, Faults& faults) {
    for (const json::Entry& entry : object) {
        if (std::ranges::find(known, entry.key) != known.end()) {
            continue;
        }
        const std::string_view nearest = domain::nearest_name(entry.key, known).name;
        refuse(pointer_to(path, entry.key),
               "Upvest has no such key here; the nearest known one is " + std::string(nearest) + ".", faults);
    }
}

/// Fit for a header field and, without quotes and backslashes, for a quoted string in one.
bool is_plain(std::string_view text) {
    return std::ranges::all_of(text, [](char c) { return c > 0x20 && c < 0x7f && c != '"' && c != '\\'; });
}

/// A text that must be there; empty after a fault.
std::string required_text(const json::Object& object, std::string_view key, Faults& faults) {
    const std::string pointer = "/credentials/" + std::string(key);
    const json::Value* value = json::find(object, key);
    if (value == nullptr || value->is_null()) {
        refuse(pointer, "This credential is required.", faults);
    } else if (value->if_string() == nullptr || value->if_string()->empty()) {
        refuse(pointer, "This credential must be a text that is not empty.", faults);
    } else {
        return *value->if_string();
    }
    return {};
}

std::string required_name(const json::Object& object, std::string_view key, Faults& faults) {
    constexpr std::size_t longest = 200;
    std::string name = required_text(object, key, faults);
    if (name.size() > longest || !is_plain(name)) {
        refuse("/credentials/" + std::string(key),
               "This must be the id as Upvest gave it: up to 200 visible characters, no spaces or quotes.",
               faults);
    }
    return name;
}

std::string read_secret(const json::Object& credentials, Faults& faults) {
    std::string secret = required_text(credentials, "client_secret", faults);
    if (secret.size() > longest_form_value) {
        refuse("/credentials/client_secret", "Upvest's client secrets have at most 1000 characters.", faults);
    }
    return secret;
}

/// Scope tokens of an array, or the text itself; nothing where it is neither.
std::optional<std::string> joined_scopes(const json::Value& scopes) {
    if (const std::string* text = scopes.if_string()) {
        return *text;
    }
    const json::Array* list = scopes.if_array();
    if (list == nullptr) {
        return std::nullopt;
    }
    std::string joined;
    for (const json::Value& scope : *list) {
        if (scope.if_string() == nullptr || scope.if_string()->empty()) {
            return std::nullopt;
        }
        joined += (joined.empty() ? "" : " ") + *scope.if_string();
    }
    return joined;
}

std::string read_scopes(const json::Object& credentials, Faults& faults) {
    const json::Value* value = json::find(credentials, "scopes");
    if (value == nullptr || value->is_null()) {
        return std::string(default_scopes);
    }
    const std::optional<std::string> scopes = joined_scopes(*value);
    const auto allowed = [](char c) { return c == ' ' || is_plain({&c, 1}); };
    if (!scopes || scopes->empty() || scopes->size() > longest_form_value ||
        !std::ranges::all_of(*scopes, allowed)) {
        refuse("/credentials/scopes",
               "The scopes must be a text or an array of texts, e.g. \"accounts:read users:read\".", faults);
        return {};
    }
    return *scopes;
}

std::optional<crypto::SigningKey> read_key(const json::Object& credentials, Faults& faults) {
    std::string passphrase;
    if (const json::Value* value = json::find(credentials, "private_key_passphrase");
        value != nullptr && !value->is_null()) {
        if (value->if_string() == nullptr) {
            refuse("/credentials/private_key_passphrase", "The passphrase must be a text.", faults);
            return std::nullopt;
        }
        passphrase = *value->if_string();
    }
    const std::string pem = required_text(credentials, "private_key_pem", faults);
    if (pem.empty()) {
        return std::nullopt;
    }
    auto key = crypto::SigningKey::from_pem(pem, passphrase);
    if (!key) {
        refuse("/credentials/private_key_pem", key.error().detail, faults);
        return std::nullopt;
    }
    return std::move(*key);
}

std::string read_api_version(const json::Object& settings, Faults& faults) {
    const json::Value* value = json::find(settings, "api_version");
    if (value == nullptr || value->is_null()) {
        return "1";
    }
    const std::string* text = value->if_string();
    const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
    if (text == nullptr || text->empty() || text->size() > 4 || !std::ranges::all_of(*text, is_digit)) {
        refuse("/settings/api_version", "The API version must be a major version as text, e.g. \"1\".",
               faults);
        return {};
    }
    return *text;
}

}  // namespace

std::expected<Login, std::vector<Error>> read_login(const json::Object& settings,
                                                    const json::Object& credentials) {
    Faults faults;
    refuse_unknown(settings, "/settings", known_settings, faults);
    refuse_unknown(credentials, "/credentials", known_credentials, faults);
    std::string client_id = required_name(credentials, "client_id", faults);
    std::string client_secret = read_secret(credentials, faults);
    std::string key_id = required_name(credentials, "key_id", faults);
    std::optional<crypto::SigningKey> key = read_key(credentials, faults);
    std::string scopes = read_scopes(credentials, faults);
    std::string api_version = read_api_version(settings, faults);
    if (!faults.empty() || !key) {
        return std::unexpected(std::move(faults));
    }
    return Login{std::move(client_id), std::move(client_secret), std::move(key_id),
                 std::move(*key),      std::move(scopes),        std::move(api_version)};
}

}  // namespace tributary::upvest
