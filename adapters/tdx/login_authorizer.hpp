// Keeps a user logged in: logs in when there is no session, refreshes shortly before the access token ends,
// one call at a time however many requests wait for it.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "adapters/tdx/authorizer.hpp"
#include "adapters/tdx/settings.hpp"
#include "adapters/tdx/tokens.hpp"
#include "adapters/tdx/totp_ledger.hpp"
#include "adapters/tdx/turn.hpp"
#include "domain/ports/provider.hpp"

namespace tributary::tdx {

/// Where and as what device a connection logs in.
struct LoginPlace {
    std::string origin;
    std::string login_path;
    std::string refresh_path;
    std::string device;
};

class LoginAuthorizer final : public Authorizer {
  public:
    /// The tools outlive the authorizer.
    LoginAuthorizer(Login login, LoginPlace place, std::shared_ptr<TotpLedger> ledger,
                    const domain::ports::ProviderTools& tools);

    /// `Bearer <access token>`. Errc::unauthenticated where T-DX refuses the credentials. A login that failed
    /// for good is answered from memory ever after, because repeated refusals lock users out.
    domain::ports::Task<domain::Result<std::string>> authorization(
        const domain::ports::HttpCall& call) override;
    void refused(const std::string& authorization) override;

  private:
    [[nodiscard]] bool is_current() const;
    [[nodiscard]] bool can_refresh(const Tokens& last) const;
    /// Fills tokens_: with what the store committed where they are shared.
    domain::ports::Task<domain::Result<void>> renew();
    domain::ports::Task<domain::Result<domain::ports::Tokens>> renew_for_all(
        std::optional<domain::ports::Tokens> last);
    void take(Tokens tokens);
    /// By refresh of the `last` tokens where that goes, else by login. Leaves tokens_ alone.
    domain::ports::Task<domain::Result<Tokens>> ask(std::optional<Tokens> last);
    domain::ports::Task<domain::Result<Tokens>> refresh(Tokens last);
    domain::ports::Task<domain::Result<Tokens>> log_in();
    domain::ports::Task<domain::Result<Tokens>> try_to_log_in();
    domain::ports::Task<domain::Result<domain::ports::HttpAnswer>> send_login();
    domain::ports::Task<domain::Result<std::optional<std::string>>> fresh_code();
    domain::ports::Task<domain::Result<domain::ports::HttpAnswer>> post(std::string path, std::string body);

    Login login_;
    LoginPlace place_;
    std::shared_ptr<TotpLedger> ledger_;
    domain::ports::HttpTransport& transport_;
    domain::ports::Clock& clock_;
    /// Null where this session has the connection to itself.
    domain::ports::SharedTokens* shared_;
    Turn turn_;
    std::optional<Tokens> tokens_;
    /// Absent: until the access token is refused.
    std::optional<std::chrono::steady_clock::time_point> good_until_;
    /// Of the tokens that are shared; 0 where they are this session's own.
    std::int64_t generation_ = 0;
    /// T-DX answered 401 to the access token although its time was not over.
    bool refused_ = false;
    /// Why logging in is of no use, once T-DX has said so.
    std::optional<domain::Error> refusal_;
};

}  // namespace tributary::tdx
