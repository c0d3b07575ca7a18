#include "adapters/tdx/login_authorizer.hpp"

#include <chrono>
#include <utility>

#include "adapters/crypto/digest.hpp"
#include "adapters/http/client/clock_skew.hpp"
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
                                 const domain::ports::ProviderTools& tools)
    : login_(std::move(login)),
      place_(std::move(place)),
      ledger_(std::move(ledger)),
      transport_(tools.transport),
      clock_(tools.clock),
      shared_(tools.tokens) {}

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
    return tokens_ && !refused_ && (!good_until_ || clock_.steady_now() < *good_until_);
}

bool LoginAuthorizer::can_refresh(const Tokens& last) const {
    return !last.refresh.empty() && (!last.session_ends_at || clock_.now() < *last.session_ends_at);
}

void LoginAuthorizer::take(Tokens tokens) {
    tokens_ = std::move(tokens);
    refused_ = false;
    good_until_.reset();
    if (tokens_->renew_at) {
        // Monotonic from here on: only what was left when the answer came is read from the wall clock.
        good_until_ = clock_.steady_now() + (*tokens_->renew_at - clock_.now());
    }
}

Task<Result<void>> LoginAuthorizer::renew() {
    if (shared_ == nullptr) {
        Result<Tokens> own = co_await ask(tokens_);
        if (!own) {
            co_return std::unexpected(own.error());
        }
        take(*std::move(own));
        co_return Result<void>();
    }
    // Nothing is taken over before it is committed: a request sent with tokens that no store knows would hide
    // that the refresh token behind them is lost with this process.
    const Result<domain::ports::HeldTokens> held = co_await shared_->get(
        refused_ ? std::optional(generation_) : std::nullopt,
        [this](std::optional<domain::ports::Tokens> last) { return renew_for_all(std::move(last)); });
    if (!held) {
        co_return std::unexpected(held.error());
    }
    generation_ = held->generation;
    Tokens tokens{held->tokens.access, held->tokens.refresh, std::nullopt, held->tokens.refresh_ends_at};
    if (held->tokens.left) {
        tokens.renew_at = clock_.now() + *held->tokens.left;
    }
    take(std::move(tokens));
    co_return Result<void>();
}

Task<Result<domain::ports::Tokens>> LoginAuthorizer::renew_for_all(
    std::optional<domain::ports::Tokens> last) {
    std::optional<Tokens> shown;
    if (last) {
        shown = Tokens{last->access, last->refresh, std::nullopt, last->refresh_ends_at};
    }
    const Result<Tokens> renewed = co_await ask(std::move(shown));
    if (!renewed) {
        co_return std::unexpected(renewed.error());
    }
    domain::ports::Tokens given;
    given.access = renewed->access;
    given.refresh = renewed->refresh;
    given.refresh_ends_at = renewed->session_ends_at;
    if (renewed->renew_at) {
        given.left = std::chrono::floor<std::chrono::milliseconds>(*renewed->renew_at - clock_.now());
    }
    co_return given;
}

Task<Result<Tokens>> LoginAuthorizer::ask(std::optional<Tokens> last) {
    if (last && can_refresh(*last)) {
        Result<Tokens> refreshed = co_await refresh(*std::move(last));
        if (refreshed || refreshed.error().code == Errc::throttled ||
            refreshed.error().code == Errc::cancelled) {
            co_return refreshed;
        }
    }
    Result<Tokens> logged_in = co_await log_in();
    co_return logged_in;
}

Task<Result<Tokens>> LoginAuthorizer::refresh(Tokens last) {
    const Result<HttpAnswer> answer = co_await post(place_.refresh_path, refresh_body(last.refresh));
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
        tokens->refresh = std::move(last.refresh);
    }
    if (!tokens->session_ends_at) {
        tokens->session_ends_at = last.session_ends_at;
    }
    co_return tokens;
}

Task<Result<Tokens>> LoginAuthorizer::log_in() {
    if (refusal_) {
        co_return std::unexpected(*refusal_);
    }
    Result<Tokens> logged_in = co_await try_to_log_in();
    if (!logged_in && !is_retryable(logged_in.error().code) && logged_in.error().code != Errc::cancelled) {
        refusal_ = logged_in.error();
    }
    co_return logged_in;
}

Task<Result<Tokens>> LoginAuthorizer::try_to_log_in() {
    Result<HttpAnswer> answer = co_await send_login();
    if (answer && answer->status == 401 && login_.totp_secret) {
        // Before a restart, or in another replica, this half minute's code may have been used already.
        answer = co_await send_login();
    }
    if (answer && refuses_credentials(answer->status)) {
        // Only a one-time code is timed: whoever logs in without one has nothing that a clock could spoil.
        auto skew = login_.totp_secret ? http::clock_skew(*answer, clock_.now(), "T-DX") : std::nullopt;
        if (skew) {
            co_return std::unexpected(*std::move(skew));
        }
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
    co_return tokens;
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
                           "totp_secret, or this machine's clock went back. Give each its own T-DX user.");
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
