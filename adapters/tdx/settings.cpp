#include "adapters/tdx/settings.hpp"

#include <algorithm>
#include <array>
#include <span>
#include <string_view>
#include <utility>

#include "adapters/crypto/digest.hpp"
#include "domain/spelling.hpp"

namespace tributary::tdx {

using domain::Errc;
using domain::Error;

namespace {

constexpr std::array<std::string_view, 3> setting_keys = {"signature_variant", "login_path", "refresh_path"};
constexpr std::array<std::string_view, 5> credential_keys = {"api_key", "api_secret", "username", "password",
                                                             "totp_secret"};

std::string escaped(std::string_view key) {
    std::string token;
    for (const char c : key) {
        token += c == '~' ? "~0" : c == '/' ? "~1" : std::string(1, c);
    }
    return token;
}

bool is_visible_ascii(std::string_view text) {
    return std::ranges::all_of(text, [](char c) { return c > ' ' && c <= '~'; });
}

/// One of the two objects of the input, with the faults found in it so far.
class Section {
  public:
    Section(std::string name, const json::Object& object, std::vector<Error>& faults)
        : name_(std::move(name)), object_(object), faults_(faults) {}

    void fault(std::string_view key, std::string sentence) {
        const std::string pointer = "/" + name_ + (key.empty() ? "" : "/" + escaped(key));
        faults_.push_back({Errc::invalid_input, std::move(sentence), pointer, std::nullopt});
    }

    void refuse_unknown(std::span<const std::string_view> known) {
        for (const json::Entry& entry : object_) {
            if (std::ranges::find(known, entry.key) == known.end()) {
                fault(entry.key, "A T-DX connection has no such key; the nearest known key is \"" +
                                     std::string(domain::nearest_name(entry.key, known).name) + "\".");
            }
        }
    }

    [[nodiscard]] bool has(std::string_view key) const { return json::find(object_, key) != nullptr; }

    /// A text that is not empty; anything else that is there is a fault.
    std::optional<std::string> text(std::string_view key) {
        const json::Value* value = json::find(object_, key);
        if (value == nullptr) {
            return std::nullopt;
        }
        if (value->if_string() == nullptr || value->if_string()->empty()) {
            fault(key, "Give a text that is not empty.");
            return std::nullopt;
        }
        return *value->if_string();
    }

    std::string required(std::string_view key) {
        if (!has(key)) {
            fault(key, "T-DX needs this key beside the ones given.");
        }
        return text(key).value_or("");
    }

  private:
    std::string name_;
    const json::Object& object_;
    std::vector<Error>& faults_;
};

void read_path(Section& settings, std::string_view key, std::string& path) {
    std::optional<std::string> given = settings.text(key);
    if (!given) {
        return;
    }
    if (!given->starts_with('/') || !is_visible_ascii(*given) ||
        given->find_first_of("?#") != std::string::npos) {
        settings.fault(key, "Give a path below /api/rest/v1 that starts with a slash, without query.");
        return;
    }
    path = *std::move(given);
}

void read_settings(Section settings, Configuration& into) {
    settings.refuse_unknown(setting_keys);
    if (const std::optional<std::string> variant = settings.text("signature_variant")) {
        if (*variant == "hashed_raw") {
            into.signature_variant = SignatureVariant::hashed_raw;
        } else if (*variant != "hashed_base64") {
            settings.fault("signature_variant", "Give \"hashed_base64\" or \"hashed_raw\".");
        }
    }
    read_path(settings, "login_path", into.login_path);
    read_path(settings, "refresh_path", into.refresh_path);
}

ApiKey read_api_key(Section& credentials, SignatureVariant variant) {
    ApiKey key{credentials.required("api_key"), credentials.required("api_secret")};
    if (!is_visible_ascii(key.key)) {
        credentials.fault("api_key", "An API key has no spaces and no characters outside ASCII.");
    }
    if (variant == SignatureVariant::hashed_base64 && !crypto::hex_decode(key.secret)) {
        credentials.fault("api_secret", "Give the secret in hexadecimal, as T-DX showed it.");
    }
    return key;
}

Login read_login(Section& credentials) {
    Login login{credentials.required("username"), credentials.required("password"),
                credentials.text("totp_secret")};
    if (login.totp_secret && !crypto::totp(*login.totp_secret, 0)) {
        credentials.fault("totp_secret", "Give the secret of the authenticator app in base32.");
    }
    return login;
}

void read_credentials(Section credentials, Configuration& into) {
    credentials.refuse_unknown(credential_keys);
    const bool keyed = credentials.has("api_key") || credentials.has("api_secret");
    const bool named =
        credentials.has("username") || credentials.has("password") || credentials.has("totp_secret");
    if (keyed == named) {
        credentials.fault(
            "",
            "Give either api_key and api_secret, or username and password with totp_secret where the "
            "user has two-factor authentication.");
    } else if (keyed) {
        into.credentials = read_api_key(credentials, into.signature_variant);
    } else {
        into.credentials = read_login(credentials);
    }
}

}  // namespace

std::expected<Configuration, std::vector<Error>> read_configuration(const json::Object& settings,
                                                                    const json::Object& credentials) {
    std::vector<Error> faults;
    Configuration read;
    read_settings(Section("settings", settings, faults), read);
    read_credentials(Section("credentials", credentials, faults), read);
    if (!faults.empty()) {
        return std::unexpected(std::move(faults));
    }
    return read;
}

}  // namespace tributary::tdx
