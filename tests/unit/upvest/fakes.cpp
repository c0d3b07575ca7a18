#include "tests/unit/upvest/fakes.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <utility>

namespace tributary::tests {

namespace asio = boost::asio;
using domain::Result;
using domain::ports::HttpAnswer;
using domain::ports::HttpCall;
using domain::ports::Task;

Task<Result<HttpAnswer>> FakeTransport::send(HttpCall call) {
    calls.push_back(call);
    const auto executor = co_await asio::this_coro::executor;
    if (std::exchange(hang_once, false)) {
        asio::steady_timer never(executor, asio::steady_timer::time_point::max());
        co_await never.async_wait(asio::as_tuple(asio::use_awaitable));
        co_return domain::fail(domain::Errc::cancelled, "Cancelled.");
    }
    const auto slow = turns.find(call.target.substr(0, call.target.find('?')));
    for (int left = slow == turns.end() ? 1 : slow->second; left > 0; --left) {
        co_await asio::post(executor, asio::use_awaitable);
    }
    co_return answering_(call);
}

std::vector<HttpCall> FakeTransport::calls_to(std::string_view path) const {
    std::vector<HttpCall> found;
    for (const HttpCall& call : calls) {
        if (call.target.substr(0, call.target.find('?')) == path) {
            found.push_back(call);
        }
    }
    return found;
}

Task<domain::Result<void>> FakeClock::sleep(std::chrono::steady_clock::duration duration) {
    advance(std::chrono::duration_cast<std::chrono::seconds>(duration));
    co_return domain::Result<void>();
}

void FakeClock::advance(std::chrono::seconds by) {
    wall += by;
    steady += by;
}

void FakeRandom::fill(std::span<std::uint8_t> out) {
    std::uint64_t value = next_++;
    for (std::size_t i = 0; i < out.size(); ++i, value >>= 8U) {
        out[i] = static_cast<std::uint8_t>(value);
    }
}

HttpAnswer answer(int status, std::string body) {
    HttpAnswer made;
    made.status = status;
    made.body = std::move(body);
    return made;
}

}  // namespace tributary::tests
