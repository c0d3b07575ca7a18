#include "adapters/tastytrade/token_source.hpp"

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <utility>

#include "adapters/tastytrade/refusal.hpp"

namespace tributary::tastytrade {

namespace asio = boost::asio;
namespace ports = domain::ports;
using domain::Errc;
using domain::Result;

namespace {

/// Renewed this early, so that no request is under way when the token ends.
constexpr std::chrono::seconds early{60};

}  // namespace

/// A refresh that others wait for: the timer never expires, it is cancelled when there is an outcome.
struct TokenSource::Refresh {
    explicit Refresh(const asio::any_io_executor& executor)
        : ended(executor, asio::steady_timer::time_point::max()) {}

    asio::steady_timer ended;
    bool has_ended = false;
    /// Empty where whoever led the refresh was cancelled: somebody else has to lead.
    std::optional<Result<std::string>> outcome;
};

/// Ends the refresh whatever happens to its leader, so that nobody waits for ever.
class TokenSource::Leading {
  public:
    Leading(TokenSource& source, std::shared_ptr<Refresh> refresh)
        : source_(source), refresh_(std::move(refresh)) {
        source_.running_ = refresh_;
    }

    ~Leading() {
        source_.running_.reset();
        refresh_->has_ended = true;
        refresh_->ended.cancel();
    }

    Leading(const Leading&) = delete;
    Leading& operator=(const Leading&) = delete;

  private:
    TokenSource& source_;
    std::shared_ptr<Refresh> refresh_;
};

TokenSource::TokenSource(const ports::ProviderTools& tools, std::string origin, Credentials credentials)
    : transport_(tools.transport),
      clock_(tools.clock),
      shared_(tools.tokens),
      origin_(std::move(origin)),
      credentials_(std::move(credentials)) {}

TokenSource::~TokenSource() = default;

bool TokenSource::is_fresh() const {
    return held_ && held_->generation > refused_.value_or(0) &&
           (!fresh_until_ || clock_.steady_now() < *fresh_until_);
}

void TokenSource::reject(std::string_view token) {
    if (held_ && token == held_->tokens.access) {
        refused_ = held_->generation;
    }
}

ports::Task<Result<std::string>> TokenSource::get() {
    while (running_ != nullptr) {
        const std::shared_ptr<Refresh> joined = running_;
        co_await joined->ended.async_wait(asio::as_tuple(asio::use_awaitable));
        if (!joined->has_ended) {
            co_return domain::fail(Errc::cancelled, "Waiting for a token was cancelled.");
        }
        if (joined->outcome) {
            co_return *joined->outcome;
        }
    }
    if (is_fresh()) {
        co_return held_->tokens.access;
    }
    if (refusal_) {
        co_return std::unexpected(*refusal_);
    }
    Result<std::string> token = co_await lead();
    co_return token;
}

ports::Task<Result<std::string>> TokenSource::lead() {
    const asio::any_io_executor executor = co_await asio::this_coro::executor;
    const auto shared = std::make_shared<Refresh>(executor);
    const Leading leading(*this, shared);
    Result<std::string> token = co_await refresh();
    if (token || token.error().code != Errc::cancelled) {
        shared->outcome = token;
    }
    if (!token && !is_retryable(token.error().code) && token.error().code != Errc::cancelled) {
        refusal_ = token.error();
    }
    co_return token;
}

ports::Task<Result<std::string>> TokenSource::refresh() {
    Result<ports::HeldTokens> held = domain::fail(Errc::internal, "No token was asked for.");
    if (shared_ != nullptr) {
        held = co_await shared_->get(
            refused_, [this](std::optional<ports::Tokens> last) { return ask(std::move(last)); });
    } else {
        const std::int64_t next = held_ ? held_->generation + 1 : 1;
        Result<ports::Tokens> own = co_await ask(held_ ? std::optional(held_->tokens) : std::nullopt);
        held = own ? Result<ports::HeldTokens>(ports::HeldTokens{*std::move(own), next})
                   : std::unexpected(std::move(own).error());
    }
    if (!held) {
        co_return std::unexpected(std::move(held).error());
    }
    held_ = *std::move(held);
    fresh_until_.reset();
    if (held_->tokens.left) {
        fresh_until_ = clock_.steady_now() + *held_->tokens.left;
    }
    co_return held_->tokens.access;
}

ports::Task<Result<ports::Tokens>> TokenSource::ask(std::optional<ports::Tokens> last) {
    const auto asked_at = clock_.steady_now();
    Credentials shown = credentials_;
    if (last && !last->refresh.empty()) {
        shown.refresh_token = last->refresh;
    }
    Result<ports::HttpAnswer> answer = co_await transport_.send(token_request(origin_, shown));
    if (!answer) {
        co_return std::unexpected(answer.error());
    }
    if (answer->status != 200) {
        co_return std::unexpected(token_refused(*answer, clock_.now()));
    }
    Result<Token> token = parse_token(answer->body);
    if (!token) {
        co_return std::unexpected(token.error());
    }
    const std::chrono::seconds margin = std::min(early, token->lifetime / 2);
    const auto took = std::chrono::ceil<std::chrono::milliseconds>(clock_.steady_now() - asked_at);
    ports::Tokens given;
    given.access = std::move(token->access_token);
    given.left = token->lifetime - margin - took;
    if (token->refresh_token) {
        given.refresh = std::move(*token->refresh_token);
    } else if (last) {
        given.refresh = last->refresh;
    }
    co_return given;
}

}  // namespace tributary::tastytrade
