#include "adapters/tastytrade/provider.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/tastytrade/field_origins.hpp"
#include "adapters/tastytrade/pages.hpp"
#include "adapters/tastytrade/session.hpp"

namespace tributary::tastytrade {

namespace ports = domain::ports;
using domain::Errc;
using domain::Error;

namespace {

constexpr std::array<std::string_view, 2> credential_keys{"client_secret", "refresh_token"};

/// RFC 6901.
std::string pointer_to(std::string_view group, std::string_view key) {
    std::string pointer = "/" + std::string(group) + "/";
    for (const char c : key) {
        pointer += c == '~' ? "~0" : c == '/' ? "~1" : std::string(1, c);
    }
    return pointer;
}

const std::string* text_in(const json::Object& object, std::string_view key) {
    const json::Value* value = json::find(object, key);
    const std::string* text = value != nullptr ? value->if_string() : nullptr;
    return text != nullptr && !text->empty() ? text : nullptr;
}

class Tastytrade final : public ports::Provider {
  public:
    [[nodiscard]] std::string_view name() const override { return "tastytrade"; }

    [[nodiscard]] std::span<const ports::StreamFacts> streams() const override {
        return Session::stream_facts();
    }

    [[nodiscard]] std::vector<Error> check(const json::Object& settings,
                                           const json::Object& credentials) const override {
        std::vector<Error> faults;
        for (const json::Entry& setting : settings) {
            faults.push_back({Errc::invalid_input, "tastytrade has no settings; remove this one.",
                              pointer_to("settings", setting.key)});
        }
        for (const std::string_view key : credential_keys) {
            if (text_in(credentials, key) == nullptr) {
                faults.push_back({Errc::invalid_input,
                                  "Give tastytrade's " + std::string(key) + " as text that is not empty.",
                                  pointer_to("credentials", key)});
            }
        }
        for (const json::Entry& entry : credentials) {
            if (std::ranges::find(credential_keys, entry.key) == credential_keys.end()) {
                faults.push_back(
                    {Errc::invalid_input,
                     "tastytrade's credentials are client_secret and refresh_token; remove this one.",
                     pointer_to("credentials", entry.key)});
            }
        }
        return faults;
    }

    [[nodiscard]] std::optional<domain::ports::FieldOrigin> field_origin(
        std::string_view stream, std::string_view field) const override {
        return decode::origin_in(field_origins(stream), field);
    }

    [[nodiscard]] domain::Result<domain::Page> decode(std::string_view stream, const json::Value& raw,
                                                      const domain::SelfIds& self) const override {
        return decode_stored(stream, raw, self);
    }

    [[nodiscard]] domain::Result<std::unique_ptr<ports::ProviderSession>> open(
        ports::ConnectionContext context, ports::ProviderTools tools) const override {
        const std::vector<Error> faults = check(context.settings, context.credentials);
        if (!faults.empty()) {
            return domain::fail(Errc::configuration, faults.front().detail, faults.front().pointer);
        }
        Credentials credentials{.client_secret = *text_in(context.credentials, "client_secret"),
                                .refresh_token = *text_in(context.credentials, "refresh_token")};
        return std::make_unique<Session>(context, std::move(credentials), tools);
    }
};

}  // namespace

std::unique_ptr<ports::Provider> make_provider() {
    return std::make_unique<Tastytrade>();
}

}  // namespace tributary::tastytrade
