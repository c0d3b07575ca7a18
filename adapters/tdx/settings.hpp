// What an operator gives for a T-DX connection: switches for what the documentation leaves open, and one of
// two kinds of credentials.
#pragma once

#include <expected>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "domain/error.hpp"
#include "domain/json/value.hpp"

namespace tributary::tdx {

/// The two signature rules that T-DX documents; signature.hpp says what each does.
enum class SignatureVariant { hashed_base64, hashed_raw };

struct ApiKey {
    std::string key;
    std::string secret;
};

struct Login {
    std::string username;
    std::string password;
    /// Base32, where the user has two-factor authentication.
    std::optional<std::string> totp_secret;
};

struct Configuration {
    SignatureVariant signature_variant = SignatureVariant::hashed_base64;
    /// Below `/api/rest/v1`.
    std::string login_path = "/users/authentication/login";
    /// Below `/api/rest/v1`. No documentation of it could be found, hence the setting.
    std::string refresh_path = "/users/authentication/refresh";
    std::variant<ApiKey, Login> credentials;
};

/// Reads both objects whole; on the failing side every fault with its pointer, never a value of theirs.
/// Unknown keys are faults that name the nearest known key.
std::expected<Configuration, std::vector<domain::Error>> read_configuration(const json::Object& settings,
                                                                            const json::Object& credentials);

}  // namespace tributary::tdx
