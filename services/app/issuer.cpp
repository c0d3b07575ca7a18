#include "services/app/issuer.hpp"

#include <string>
#include <utility>

#include "adapters/jwt/fetch_key_set.hpp"
#include "adapters/jwt/verifier.hpp"
#include "adapters/system/text_file.hpp"
#include "domain/try.hpp"
#include "services/app/foundation.hpp"

namespace tributary::app {

using domain::Result;

namespace {

domain::ports::Task<Result<std::string>> read_key_set(std::string path) {
    co_return system::read_text_file(path);
}

jwt::KeyCache::Fetch fetch_of(const config::Settings& settings, domain::ports::HttpTransport& transport) {
    if (!settings.auth_jwks_file.empty()) {
        return [path = settings.auth_jwks_file] { return read_key_set(path); };
    }
    return [&transport, address = jwt::split_address(settings.auth_jwks_url)] {
        return jwt::fetch_key_set(transport, address);
    };
}

jwt::VerifierOptions options_of(const config::Settings& settings) {
    return {{settings.auth_issuer, settings.auth_audience, settings.auth_tenant_claim,
             settings.auth_customer_claim},
            settings.auth_type};
}

}  // namespace

struct Issuer::Parts {
    Parts(boost::asio::any_io_executor executor, const config::Settings& settings, Foundation& foundation,
          std::shared_ptr<spdlog::logger> log)
        : keys(std::move(executor), foundation.clock(), fetch_of(settings, foundation.transport()),
               std::move(log)),
          verifier(options_of(settings), keys, foundation.clock()) {}

    jwt::KeyCache keys;
    jwt::Verifier verifier;
};

Issuer::Issuer(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

Issuer::~Issuer() = default;

Result<std::unique_ptr<Issuer>> Issuer::build(boost::asio::any_io_executor executor,
                                              const config::Settings& settings, Foundation& foundation,
                                              std::shared_ptr<spdlog::logger> log) {
    TRIBUTARY_TRY(check_key_set_file(settings));
    return std::unique_ptr<Issuer>(
        new Issuer(std::make_unique<Parts>(std::move(executor), settings, foundation, std::move(log))));
}

domain::ports::TokenVerifier& Issuer::tokens() {
    return parts_->verifier;
}

Result<void> check_key_set_file(const config::Settings& settings) {
    if (settings.auth_jwks_file.empty()) {
        return {};
    }
    TRIBUTARY_TRY_LET(text, system::read_text_file(settings.auth_jwks_file));
    const auto keys = jwt::KeySet::read(text);
    if (!keys || keys->size() == 0) {
        return domain::fail(
            domain::Errc::configuration,
            "'auth.jwks_file' has no key that can be used: give a JSON Web Key Set with keys of "
            "P-256, Ed25519 or RSA of 2048 bits and more, each with its kid.");
    }
    return {};
}

}  // namespace tributary::app
