// The issuer whose tokens this service takes, as the settings name it.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <memory>

#include "config/settings.hpp"
#include "domain/error.hpp"
#include "domain/ports/token_verifier.hpp"

namespace spdlog {
class logger;
}

namespace tributary::app {

class Foundation;

class Issuer {
  public:
    /// Of settings with `auth.issuer`. Its keys are fetched on `executor` when the first token comes; a file
    /// is looked at before. The foundation is borrowed. Errc::configuration where the file has no key that
    /// can be used.
    static domain::Result<std::unique_ptr<Issuer>> build(boost::asio::any_io_executor executor,
                                                         const config::Settings& settings,
                                                         Foundation& foundation,
                                                         std::shared_ptr<spdlog::logger> log);
    ~Issuer();
    Issuer(const Issuer&) = delete;
    Issuer& operator=(const Issuer&) = delete;

    [[nodiscard]] domain::ports::TokenVerifier& tokens();

  private:
    struct Parts;
    explicit Issuer(std::unique_ptr<Parts> parts);
    std::unique_ptr<Parts> parts_;
};

/// Errc::configuration where `auth.jwks_file` is set and has no key that can be used.
domain::Result<void> check_key_set_file(const config::Settings& settings);

}  // namespace tributary::app
