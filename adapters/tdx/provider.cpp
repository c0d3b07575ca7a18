#include "adapters/tdx/provider.hpp"

#include <optional>
#include <utility>
#include <variant>

#include "adapters/http/client/origin.hpp"
#include "adapters/tdx/api_key_authorizer.hpp"
#include "adapters/tdx/change_arguments.hpp"
#include "adapters/tdx/client.hpp"
#include "adapters/tdx/decode_stored.hpp"
#include "adapters/tdx/field_origins.hpp"
#include "adapters/tdx/login_authorizer.hpp"
#include "adapters/tdx/session.hpp"
#include "adapters/tdx/settings.hpp"
#include "adapters/tdx/streams.hpp"
#include "adapters/tdx/totp_ledger.hpp"

namespace tributary::tdx {

using domain::Error;
using domain::Result;
using domain::ports::ActionKind;
using domain::ports::ConnectionContext;
using domain::ports::ProviderSession;
using domain::ports::ProviderTools;

namespace {

/// The same for every login of a connection, without showing our id.
std::string device_of(const domain::Uuid& connection) {
    return domain::to_text(domain::named_uuid(connection, "tdx-device"));
}

template <class T>
std::vector<Error> faults_of(const Checked<T>& read) {
    return read ? std::vector<Error>() : read.error();
}

class TdxProvider final : public domain::ports::Provider {
  public:
    [[nodiscard]] std::string_view name() const override { return "tdx"; }

    [[nodiscard]] std::span<const domain::ports::StreamFacts> streams() const override {
        return stream_facts();
    }

    [[nodiscard]] std::vector<Error> check(const json::Object& settings,
                                           const json::Object& credentials) const override {
        const auto read = read_configuration(settings, credentials);
        return read ? std::vector<Error>() : read.error();
    }

    [[nodiscard]] std::optional<domain::ports::FieldOrigin> field_origin(
        std::string_view stream, std::string_view field) const override {
        return decode::origin_in(field_origins(stream), field);
    }

    [[nodiscard]] Result<domain::Page> decode(std::string_view stream, const json::Value& raw,
                                              const domain::SelfIds& self) const override {
        return decode_stored(stream, raw, self);
    }

    [[nodiscard]] Result<std::unique_ptr<ProviderSession>> open(ConnectionContext context,
                                                                ProviderTools tools) const override {
        const auto read = read_configuration(context.settings, context.credentials);
        if (!read) {
            const Error& first = read.error().front();
            return domain::fail(domain::Errc::configuration, first.detail, first.pointer);
        }
        const std::optional<http::Origin> origin = http::parse_origin(context.base_url);
        if (!origin) {
            return domain::fail(
                domain::Errc::configuration,
                "The base URL is no origin. Give https://host or https://host:port without a path.",
                "/base_url");
        }
        Client client(context.base_url, authorizer(*read, context, origin->authority, tools), tools.transport,
                      tools.clock);
        return std::make_unique<Session>(std::move(client), context.self);
    }

    [[nodiscard]] bool takes(ActionKind kind) const override {
        return kind == ActionKind::put_preferences || kind == ActionKind::put_attribute ||
               kind == ActionKind::delete_attribute;
    }

    [[nodiscard]] std::vector<Error> check_action(ActionKind kind,
                                                  const json::Object& arguments) const override {
        if (kind == ActionKind::put_preferences) {
            return faults_of(read_preferences_order(arguments));
        }
        return kind == ActionKind::put_attribute ? faults_of(read_attribute_order(arguments))
                                                 : check_no_arguments(arguments);
    }

  private:
    [[nodiscard]] std::unique_ptr<Authorizer> authorizer(const Configuration& read,
                                                         const ConnectionContext& context,
                                                         const std::string& host, ProviderTools tools) const {
        if (const ApiKey* key = std::get_if<ApiKey>(&read.credentials)) {
            return std::make_unique<ApiKeyAuthorizer>(*key, read.signature_variant, host, tools.clock,
                                                      tools.random);
        }
        const LoginPlace place{context.base_url, read.login_path, read.refresh_path, device_of(context.id)};
        return std::make_unique<LoginAuthorizer>(std::get<Login>(read.credentials), place, ledger_, tools);
    }

    std::shared_ptr<TotpLedger> ledger_ = std::make_shared<TotpLedger>();
};

}  // namespace

std::unique_ptr<domain::ports::Provider> make_provider() {
    return std::make_unique<TdxProvider>();
}

}  // namespace tributary::tdx
