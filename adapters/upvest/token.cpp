#include "adapters/upvest/token.hpp"

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "adapters/decode/object_reader.hpp"
#include "adapters/upvest/refusal.hpp"
#include "domain/json/parse.hpp"

namespace tributary::upvest {

namespace asio = boost::asio;
using domain::Errc;
using domain::Result;
using domain::ports::HeldTokens;
using domain::ports::HttpAnswer;
using domain::ports::SharedTokens;
using domain::ports::Task;
using domain::ports::Tokens;

/// A token call under way. The timer never runs out: it is how the others are woken.
struct TokenSource::Flight {
    explicit Flight(const asio::any_io_executor& executor)
        : landed(executor, asio::steady_timer::time_point::max()) {}

    asio::steady_timer landed;
    /// Absent where the one who flew was cancelled.
    std::optional<Result<std::string>> outcome;
};

namespace {

/// How long before its end a token is renewed; at half its life where that is under two minutes.
constexpr std::chrono::seconds early{60};
constexpr std::int64_t longest_lifetime_s = 86'400;

struct Grant {
    std::string token;
    std::chrono::seconds lifetime{0};
};

/// RFC 6750's alphabet, which Upvest's specification repeats; anything else could not stand in a header
/// field.
bool is_bearer_token(std::string_view text) {
    static constexpr std::string_view marks = "-._~+/=";
    const auto allowed = [](char c) {
        return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
               marks.find(c) != std::string_view::npos;
    };
    return !text.empty() && std::ranges::all_of(text, allowed);
}

Result<Grant> read_grant(const std::string& body) {
    const auto parsed = json::parse(body);
    if (!parsed) {
        return domain::fail(Errc::contract, "Upvest's token answer is no JSON. " + parsed.error().detail);
    }
    const json::Object* object = parsed->root.if_object();
    if (object == nullptr) {
        return domain::fail(Errc::contract, "Upvest's token answer is no JSON object.");
    }
    std::vector<domain::DriftNote> unused;
    decode::ObjectReader reader(*object, "", unused);
    const auto token = reader.text("access_token");
    if (!token.has_value() || !is_bearer_token(token.value())) {
        return domain::fail(Errc::contract, "Upvest's token answer has no usable access_token.");
    }
    // Without expires_in the token serves the requests that wait for it and no other.
    const std::int64_t lifetime = reader.integer("expires_in").optional().value_or(0);
    return Grant{token.value(),
                 std::chrono::seconds(std::clamp<std::int64_t>(lifetime, 0, longest_lifetime_s))};
}

/// Ends the flight however its coroutine ends, so that nobody waits for one that was cancelled.
template <class Flight>
class Landing {
  public:
    explicit Landing(std::shared_ptr<Flight>& flight) : flight_(flight) {}

    Landing(const Landing&) = delete;
    Landing& operator=(const Landing&) = delete;

    ~Landing() { std::exchange(flight_, nullptr)->landed.cancel(); }

  private:
    std::shared_ptr<Flight>& flight_;
};

}  // namespace

void TokenSource::drop(const std::string& token) {
    if (held_ && token == held_->tokens.access) {
        refused_ = held_->generation;
    }
}

Task<Result<std::string>> TokenSource::get() {
    while (true) {
        if (held_ && held_->generation > refused_.value_or(0) &&
            (!good_until_ || requester_.clock().steady_now() < *good_until_)) {
            co_return held_->tokens.access;
        }
        if (refusal_) {
            co_return std::unexpected(*refusal_);
        }
        if (flight_ == nullptr) {
            Result<std::string> token = co_await fetch();
            co_return token;
        }
        const std::shared_ptr<Flight> flight = flight_;
        co_await flight->landed.async_wait(asio::as_tuple(asio::use_awaitable));
        const asio::cancellation_state state = co_await asio::this_coro::cancellation_state;
        if (state.cancelled() != asio::cancellation_type::none) {
            co_return domain::fail(Errc::cancelled, "The wait for Upvest's token was cancelled.");
        }
        if (flight->outcome) {
            co_return *flight->outcome;
        }
    }
}

Task<Result<std::string>> TokenSource::fetch() {
    const asio::any_io_executor executor = co_await asio::this_coro::executor;
    const auto flight = std::make_shared<Flight>(executor);
    flight_ = flight;
    const Landing<Flight> landing(flight_);
    Result<std::string> token = co_await renew();
    if (token || token.error().code != Errc::cancelled) {
        flight->outcome = token;
    }
    if (!token && !is_retryable(token.error().code) && token.error().code != Errc::cancelled) {
        refusal_ = token.error();
    }
    co_return token;
}

Task<Result<std::string>> TokenSource::renew() {
    Result<HeldTokens> held = domain::fail(Errc::internal, "No token was asked for.");
    if (SharedTokens* shared = requester_.shared_tokens()) {
        held = co_await shared->get(refused_, [this](const std::optional<Tokens>&) { return ask(); });
    } else {
        const std::int64_t next = held_ ? held_->generation + 1 : 1;
        Result<Tokens> own = co_await ask();
        held = own ? Result<HeldTokens>(HeldTokens{*std::move(own), next})
                   : std::unexpected(std::move(own).error());
    }
    if (!held) {
        co_return std::unexpected(std::move(held).error());
    }
    held_ = *std::move(held);
    good_until_.reset();
    if (held_->tokens.left) {
        good_until_ = requester_.clock().steady_now() + *held_->tokens.left;
    }
    co_return held_->tokens.access;
}

Task<Result<Tokens>> TokenSource::ask() {
    const auto asked_at = requester_.clock().steady_now();
    const Result<HttpAnswer> answer = co_await requester_.ask_for_token();
    if (!answer) {
        co_return std::unexpected(answer.error());
    }
    if (answer->status != 200) {
        co_return std::unexpected(refusal(*answer, Subject::token, requester_.clock().now()));
    }
    const Result<Grant> grant = read_grant(answer->body);
    if (!grant) {
        co_return std::unexpected(grant.error());
    }
    Tokens given;
    given.access = grant->token;
    given.left = grant->lifetime - std::min(early, grant->lifetime / 2) -
                 std::chrono::ceil<std::chrono::milliseconds>(requester_.clock().steady_now() - asked_at);
    co_return given;
}

}  // namespace tributary::upvest
