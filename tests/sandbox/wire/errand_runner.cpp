#include "tests/sandbox/wire/errand_runner.hpp"

#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <charconv>
#include <chrono>
#include <string>

namespace tributary::sandbox {

namespace asio = boost::asio;
using asio::ip::tcp;
using domain::ports::Task;

namespace {

constexpr std::string_view opening = "http://127.0.0.1:";

std::string wire_form(const HttpRequest& request, const std::string& port) {
    std::string text = request.method + " " + request.path + " HTTP/1.1\r\nhost: 127.0.0.1:" + port +
                       "\r\nconnection: close\r\n";
    for (const auto& [name, value] : request.fields) {
        text += name + ": " + value + "\r\n";
    }
    return text + "\r\n" + request.body;
}

/// The whole answer; empty where there is none.
Task<std::string> exchange(unsigned short port, std::string text) {
    boost::beast::tcp_stream stream(co_await asio::this_coro::executor);
    stream.expires_after(std::chrono::seconds(30));
    boost::system::error_code failed;
    const tcp::endpoint endpoint(asio::ip::address_v4::loopback(), port);
    co_await stream.async_connect(endpoint, asio::redirect_error(asio::use_awaitable, failed));
    if (!failed) {
        co_await asio::async_write(stream, asio::buffer(text),
                                   asio::redirect_error(asio::use_awaitable, failed));
    }
    std::string answer;
    std::array<char, 4096> bytes{};
    while (!failed) {
        const std::size_t count = co_await stream.async_read_some(
            asio::buffer(bytes), asio::redirect_error(asio::use_awaitable, failed));
        answer.append(bytes.data(), count);
    }
    co_return answer;
}

}  // namespace

Task<HttpReply> run_errand(Errand errand) {
    const std::string place =
        errand.url.substr(opening.size(), errand.url.find('/', opening.size()) - opening.size());
    unsigned short port = 0;
    std::from_chars(place.data(), place.data() + place.size(), port);
    std::string text = wire_form(errand.request, place);
    const std::string answer = co_await exchange(port, std::move(text));
    int status = 0;
    if (answer.starts_with("HTTP/1.1 ")) {
        std::from_chars(answer.data() + 9, answer.data() + answer.size(), status);
    }
    const std::size_t body = answer.find("\r\n\r\n");
    co_return errand.conclude(status, body == std::string::npos ? "" : answer.substr(body + 4));
}

}  // namespace tributary::sandbox
