// A tastytrade that answers from a script, a clock that a test moves, and a session over both.
#pragma once

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <deque>
#include <fstream>
#include <iterator>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "adapters/tastytrade/provider.hpp"
#include "domain/ports/provider.hpp"
#include "tests/support/run_task.hpp"

namespace tributary::tests::tastytrade {

namespace ports = domain::ports;

inline std::string fixture(const std::string& name) {
    std::ifstream file(std::string(TRIBUTARY_FIXTURES) + "/tastytrade/" + name, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

inline ports::HttpAnswer json_answer(int status, std::string body) {
    ports::HttpAnswer answer{.status = status, .body = std::move(body)};
    answer.fields.add("Content-Type", "application/json");
    return answer;
}

inline ports::HttpAnswer html_answer(int status) {
    ports::HttpAnswer answer{.status = status,
                             .body = "<html><head><title>Authorization Required</title></head></html>"};
    answer.fields.add("Content-Type", "text/html");
    return answer;
}

inline ports::HttpAnswer token_answer(const std::string& token, const std::string& expires_in = "900") {
    return json_answer(
        200, R"({"access_token":")" + token + R"(","token_type":"Bearer","expires_in":)" + expires_in + "}");
}

class FakeClock final : public ports::Clock {
  public:
    [[nodiscard]] domain::Timestamp now() const override { return {}; }

    [[nodiscard]] std::chrono::steady_clock::time_point steady_now() const override { return at_; }

    ports::Task<domain::Result<void>> sleep(std::chrono::steady_clock::duration) override {
        co_return domain::Result<void>();
    }

    void advance(std::chrono::steady_clock::duration by) { at_ += by; }

  private:
    std::chrono::steady_clock::time_point at_{std::chrono::hours(1000)};
};

class FakeRandom final : public ports::Random {
  public:
    void fill(std::span<std::uint8_t> out) override { std::ranges::fill(out, std::uint8_t{7}); }
};

/// Answers "METHOD target" from a script in order; the last answer of a script is repeated. Suspends before
/// it answers, so that concurrent callers really overlap.
class FakeTransport final : public ports::HttpTransport {
  public:
    using Outcome = domain::Result<ports::HttpAnswer>;

    void script(const std::string& request, std::vector<Outcome> outcomes) {
        scripts_[request] = {outcomes.begin(), outcomes.end()};
    }

    ports::Task<Outcome> send(ports::HttpCall call) override {
        calls.push_back(call);
        const int turns = slow.contains(call.target) ? 200 : 20;
        for (int i = 0; i < turns; ++i) {
            co_await boost::asio::post(co_await boost::asio::this_coro::executor, boost::asio::use_awaitable);
        }
        std::deque<Outcome>& script = scripts_[call.method + " " + call.target];
        if (script.empty()) {
            co_return domain::fail(domain::Errc::internal, "Nothing is scripted for " + call.target);
        }
        Outcome outcome = script.front();
        if (script.size() > 1) {
            script.pop_front();
        }
        co_return outcome;
    }

    [[nodiscard]] std::ptrdiff_t count(std::string_view target) const {
        return std::ranges::count(calls, target, &ports::HttpCall::target);
    }

    std::vector<ports::HttpCall> calls;
    /// Targets whose answers come after everybody else's.
    std::set<std::string> slow;

  private:
    std::map<std::string, std::deque<Outcome>> scripts_;
};

/// A session with everything it talks to. All three endpoints answer the documentation's examples.
struct World {
    explicit World(domain::SelfIds self = {}) {
        transport.script("POST /oauth/token", {token_answer("t1"), token_answer("t2"), token_answer("t3")});
        transport.script("GET /customers/me", {json_answer(200, fixture("customer.json"))});
        transport.script("GET /customers/me/accounts", {json_answer(200, fixture("accounts.json"))});
        transport.script("GET /customers/me/accounts/5WT00001", {json_answer(200, fixture("account.json"))});
        ports::ConnectionContext context{
            .id = connection,
            .space = {.tenant = {}, .provider = "tastytrade"},
            .base_url = "https://api.example.test",
            .settings = {},
            .credentials = {{"client_secret", "s3cret"}, {"refresh_token", "r3fresh"}},
            .self = std::move(self)};
        session = std::move(*provider->open(std::move(context), {transport, clock, random}));
    }

    domain::Result<domain::Page> fetch(const std::string& stream) const {
        return run_task(session->fetch(stream, {}));
    }

    domain::Result<domain::Page> read(const std::string& id) const {
        return run_task(session->read("accounts", id));
    }

    /// Runs all of them on one thread at once.
    std::vector<domain::Result<domain::Page>> fetch_together(const std::vector<std::string>& streams) const {
        boost::asio::io_context io;
        std::vector<domain::Result<domain::Page>> pages(streams.size());
        for (std::size_t i = 0; i < streams.size(); ++i) {
            boost::asio::co_spawn(io, session->fetch(streams[i], {}),
                                  [&pages, i](const std::exception_ptr&, domain::Result<domain::Page> page) {
                                      pages[i] = std::move(page);
                                  });
        }
        io.run();
        return pages;
    }

    domain::Uuid connection = *domain::parse_uuid("01234567-89ab-4def-8123-456789abcdef");
    FakeTransport transport;
    FakeClock clock;
    FakeRandom random;
    std::unique_ptr<ports::Provider> provider = tributary::tastytrade::make_provider();
    std::unique_ptr<ports::ProviderSession> session;
};

}  // namespace tributary::tests::tastytrade
