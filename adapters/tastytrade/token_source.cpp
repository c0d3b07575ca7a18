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

TokenSource::TokenSource(ports::HttpTransport& transport, ports::Clock& clock, std::string origin,
                         Credentials credentials)
    : transport_(transport),
      clock_(clock),
      origin_(std::move(origin)),
      credentials_(std::move(credentials)) {}

TokenSource::~TokenSource() = default;

bool TokenSource::is_fresh() const {
    return !token_.empty() && clock_.steady_now() < fresh_until_;
}

void TokenSource::reject(std::string_view token) {
    if (token == token_) {
        token_.clear();
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
        co_return token_;
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
    const auto asked_at = clock_.steady_now();
    Result<ports::HttpAnswer> answer = co_await transport_.send(token_request(origin_, credentials_));
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
    fresh_until_ = asked_at + token->lifetime - margin;
    token_ = std::move(token->access_token);
    if (token->refresh_token) {
        credentials_.refresh_token = std::move(*token->refresh_token);
    }
    co_return token_;
}

}  // namespace tributary::tastytrade
