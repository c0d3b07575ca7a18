#include "adapters/tdx/login_authorizer.hpp"

#include <chrono>
#include <utility>

#include "adapters/crypto/digest.hpp"
#include "adapters/tdx/answer.hpp"
#include "adapters/tdx/target.hpp"

namespace tributary::tdx {

using domain::Errc;
using domain::Result;
using domain::ports::HttpAnswer;
using domain::ports::HttpCall;
using domain::ports::Task;

namespace {

constexpr std::chrono::seconds code_step{30};
/// A code is had at the first try, or at the second when this half minute's is taken. The third is for a wall
/// clock that lags a little behind the sleep.
constexpr int code_tries = 3;

std::string bearer(const Tokens& tokens) {
    return "Bearer " + tokens.access;
}

std::unexpected<domain::Error> refused_login() {
    return domain::fail(
        Errc::unauthenticated,
        "T-DX refuses the login. Check username, password and totp_secret of the connection, that "
        "the user is active, and this machine's clock.");
}

/// The statuses that speak about the credentials rather than about the request's way.
bool refuses_credentials(int status) {
    return status == 400 || status == 401 || status == 403 || status == 422;
}

}  // namespace

LoginAuthorizer::LoginAuthorizer(Login login, LoginPlace place, std::shared_ptr<TotpLedger> ledger,
                                 domain::ports::HttpTransport& transport, domain::ports::Clock& clock)
    : login_(std::move(login)),
      place_(std::move(place)),
      ledger_(std::move(ledger)),
      transport_(transport),
      clock_(clock) {}

Task<Result<std::string>> LoginAuthorizer::authorization(const HttpCall&) {
    if (is_current()) {
        co_return bearer(*tokens_);
    }
    const Turn::Held turn = co_await turn_.take();
    // Another request may have renewed the token while this one waited.
    if (is_current()) {
        co_return bearer(*tokens_);
    }
    const Result<void> renewed = co_await renew();
    if (!renewed) {
        co_return std::unexpected(renewed.error());
    }
    co_return bearer(*tokens_);
}

void LoginAuthorizer::refused(const std::string& authorization) {
    // A late answer about an older token says nothing about the one we hold now.
    if (tokens_ && authorization == bearer(*tokens_)) {
        refused_ = true;
    }
}

bool LoginAuthorizer::is_current() const {
    return tokens_ && !refused_ && (!tokens_->renew_at || clock_.now() < *tokens_->renew_at);
}

bool LoginAuthorizer::can_refresh() const {
    return tokens_ && !tokens_->refresh.empty() &&
           (!tokens_->session_ends_at || clock_.now() < *tokens_->session_ends_at);
}

Task<Result<void>> LoginAuthorizer::renew() {
    if (can_refresh()) {
        const Result<void> refreshed = co_await refresh();
        if (refreshed || refreshed.error().code == Errc::throttled ||
            refreshed.error().code == Errc::cancelled) {
            co_return refreshed;
        }
    }
    const Result<void> logged_in = co_await log_in();
    co_return logged_in;
}

Task<Result<void>> LoginAuthorizer::refresh() {
    const Result<HttpAnswer> answer = co_await post(place_.refresh_path, refresh_body(tokens_->refresh));
    const Result<std::string> body = body_of(answer, "a token refresh", clock_.now());
    if (!body) {
        co_return std::unexpected(body.error());
    }
    Result<Tokens> tokens = decode_tokens(*body, clock_.now());
    if (!tokens) {
        co_return std::unexpected(tokens.error());
    }
    // Whether a refresh gives a new refresh token is not documented: the old one stays where it does not.
    if (tokens->refresh.empty()) {
        tokens->refresh = tokens_->refresh;
    }
    if (!tokens->session_ends_at) {
        tokens->session_ends_at = tokens_->session_ends_at;
    }
    tokens_ = *std::move(tokens);
    refused_ = false;
    co_return Result<void>();
}

Task<Result<void>> LoginAuthorizer::log_in() {
    if (refusal_) {
        co_return std::unexpected(*refusal_);
    }
    const Result<void> logged_in = co_await try_to_log_in();
    if (!logged_in && !is_retryable(logged_in.error().code) && logged_in.error().code != Errc::cancelled) {
        refusal_ = logged_in.error();
    }
    co_return logged_in;
}

Task<Result<void>> LoginAuthorizer::try_to_log_in() {
    Result<HttpAnswer> answer = co_await send_login();
    if (answer && answer->status == 401 && login_.totp_secret) {
        // Before a restart, or in another replica, this half minute's code may have been used already.
        answer = co_await send_login();
    }
    if (answer && refuses_credentials(answer->status)) {
        co_return refused_login();
    }
    const Result<std::string> body = body_of(answer, "a login", clock_.now());
    if (!body && body.error().code == Errc::not_found) {
        co_return domain::fail(
            Errc::configuration,
            "T-DX has no login at this path. Correct login_path in the connection's settings.",
            "/settings/login_path");
    }
    if (!body) {
        co_return std::unexpected(body.error());
    }
    Result<Tokens> tokens = decode_tokens(*body, clock_.now());
    if (!tokens) {
        co_return std::unexpected(tokens.error());
    }
    tokens_ = *std::move(tokens);
    refused_ = false;
    co_return Result<void>();
}

Task<Result<HttpAnswer>> LoginAuthorizer::send_login() {
    const Result<std::optional<std::string>> code = co_await fresh_code();
    if (!code) {
        co_return std::unexpected(code.error());
    }
    Result<HttpAnswer> answer = co_await post(place_.login_path, login_body(login_, *code, place_.device));
    co_return answer;
}

Task<Result<std::optional<std::string>>> LoginAuthorizer::fresh_code() {
    if (!login_.totp_secret) {
        co_return std::nullopt;
    }
    for (int tries = 1;; ++tries) {
        const auto now = clock_.now().time_since_epoch();
        const auto step = now / code_step;
        if (ledger_->claim(*login_.totp_secret, static_cast<std::uint64_t>(step))) {
            co_return crypto::totp(*login_.totp_secret, static_cast<std::uint64_t>(step * code_step.count()));
        }
        if (tries == code_tries) {
            break;
        }
        const Result<void> slept = co_await clock_.sleep((step + 1) * code_step - now);
        if (!slept) {
            co_return std::unexpected(slept.error());
        }
    }
    co_return domain::fail(Errc::unavailable,
                           "No unused one-time code could be had: other connections log in with the same "
                           "totp_secret. Give each its own T-DX user.");
}

Task<Result<HttpAnswer>> LoginAuthorizer::post(std::string path, std::string body) {
    HttpCall call;
    call.method = "POST";
    call.origin = place_.origin;
    call.target = std::string(path_prefix) + path;
    call.fields.add("Accept", "application/json");
    call.fields.add("Content-Type", "application/json");
    call.body = std::move(body);
    Result<HttpAnswer> answer = co_await transport_.send(std::move(call));
    co_return answer;
}

}  // namespace tributary::tdx
