// The outside of a session, scripted: answers by route, a clock that moves when slept on, numbered
// randomness.
#pragma once

#include <doctest/doctest.h>

#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "adapters/tdx/provider.hpp"
#include "domain/json/parse.hpp"
#include "domain/ports/provider.hpp"

namespace tributary::tests {

class FakeTransport final : public domain::ports::HttpTransport {
  public:
    using Answer = domain::Result<domain::ports::HttpAnswer>;

    /// The next answer to `route`, e.g. "GET /users/me" (prefix and query left out).
    void answer(const std::string& route, int status, std::string body) {
        domain::ports::HttpAnswer made;
        made.status = status;
        made.body = std::move(body);
        answer(route, Answer(std::move(made)));
    }

    void answer(const std::string& route, Answer answer) { script_[route].push_back(std::move(answer)); }

    /// Goes before the script where it gives an answer.
    std::function<std::optional<Answer>(const domain::ports::HttpCall& call)> decide;

    domain::ports::Task<Answer> send(domain::ports::HttpCall call) override {
        calls.push_back(call);
        const std::string route = route_of(call);
        // As on a network, others run while this one waits.
        co_await boost::asio::post(boost::asio::use_awaitable);
        co_await boost::asio::post(boost::asio::use_awaitable);
        if (decide) {
            if (auto decided = decide(call)) {
                co_return *std::move(decided);
            }
        }
        auto& answers = script_[route];
        if (answers.empty()) {
            co_return domain::fail(domain::Errc::internal, "unscripted call: " + route);
        }
        Answer next = std::move(answers.front());
        answers.pop_front();
        co_return next;
    }

    /// The routes asked, in order.
    [[nodiscard]] std::vector<std::string> routes() const {
        std::vector<std::string> asked;
        for (const auto& call : calls) {
            asked.push_back(route_of(call));
        }
        return asked;
    }

    [[nodiscard]] std::size_t count(const std::string& route) const {
        std::size_t found = 0;
        for (const auto& asked : routes()) {
            found += asked == route ? 1U : 0U;
        }
        return found;
    }

    std::vector<domain::ports::HttpCall> calls;

  private:
    static std::string route_of(const domain::ports::HttpCall& call) {
        const std::string prefix = "/api/rest/v1";
        REQUIRE(call.target.starts_with(prefix));
        const std::string path = call.target.substr(0, call.target.find('?'));
        return call.method + " " + path.substr(prefix.size());
    }

    std::map<std::string, std::deque<Answer>> script_;
};

class FakeClock final : public domain::ports::Clock {
  public:
    [[nodiscard]] domain::Timestamp now() const override { return now_; }

    [[nodiscard]] std::chrono::steady_clock::time_point steady_now() const override { return steady_; }

    domain::ports::Task<domain::Result<void>> sleep(std::chrono::steady_clock::duration duration) override {
        slept.push_back(duration);
        co_await boost::asio::post(boost::asio::use_awaitable);
        if (stopping) {
            co_return domain::fail(domain::Errc::cancelled, "The run is to stop.");
        }
        advance(duration);
        co_return domain::Result<void>();
    }

    void advance(std::chrono::steady_clock::duration duration) {
        now_ += std::chrono::ceil<std::chrono::microseconds>(duration);
        steady_ += duration;
    }

    std::vector<std::chrono::steady_clock::duration> slept;
    /// Every sleep ends at once.
    bool stopping = false;

  private:
    /// One second before a TOTP step ends, at a time of RFC 6238's own vectors.
    domain::Timestamp now_{std::chrono::seconds(1111111109)};
    std::chrono::steady_clock::time_point steady_{};
};

class FakeRandom final : public domain::ports::Random {
  public:
    void fill(std::span<std::uint8_t> out) override {
        for (std::uint8_t& byte : out) {
            byte = next_++;
        }
    }

  private:
    std::uint8_t next_ = 0;
};

/// One provider with its outside; sessions are opened on it.
struct Rig {
    using SessionPtr = std::unique_ptr<domain::ports::ProviderSession>;

    FakeTransport transport;
    FakeClock clock;
    FakeRandom random;
    /// Null: every session has its tokens to itself.
    domain::ports::SharedTokens* shared = nullptr;
    std::unique_ptr<domain::ports::Provider> provider = tdx::make_provider();

    SessionPtr open(std::string_view credentials, std::string_view settings = "{}", domain::SelfIds self = {},
                    const std::string& base_url = "https://api.t-dx.com") {
        domain::ports::ConnectionContext context;
        context.id = *domain::parse_uuid("0190c4b2-0000-7000-8000-000000000001");
        context.base_url = base_url;
        context.settings = *json::parse(settings)->root.if_object();
        context.credentials = *json::parse(credentials)->root.if_object();
        context.self = std::move(self);
        auto session = provider->open(std::move(context), {transport, clock, random, shared});
        REQUIRE(session.has_value());
        return *std::move(session);
    }

    SessionPtr open_with_key(domain::SelfIds self = {}) {
        return open(R"({"api_key": "key-1", "api_secret": "0c3c11e3e74de307866a2d67a9c71f97"})", "{}",
                    std::move(self));
    }
};

}  // namespace tributary::tests
