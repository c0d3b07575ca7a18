#include "tests/faults/wire_peer.hpp"

#include <array>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <exception>
#include <optional>

#include "adapters/http/server/gate.hpp"

namespace tributary::faults {

namespace asio = boost::asio;
using asio::ip::tcp;
using domain::ports::HttpRequest;
using domain::ports::Task;

namespace {

using Socket = std::shared_ptr<tcp::socket>;

Task<bool> read_more(Socket socket, std::string& received) {
    std::array<char, 16384> bytes{};
    boost::system::error_code failed;
    const std::size_t count = co_await socket->async_read_some(
        asio::buffer(bytes), asio::redirect_error(asio::use_awaitable, failed));
    received.append(bytes.data(), count);
    co_return !failed && count > 0;
}

/// Nothing where the peer went away; `received` keeps what came behind the request.
Task<std::optional<HttpRequest>> read_request(Socket socket, std::string& received) {
    constexpr http::GateLimits limits{};
    for (;;) {
        const auto end = http::find_head_end(received, 0, limits);
        if (end && *end > 0) {
            auto head = http::copy_head(std::string_view(received).substr(0, *end), limits);
            if (!head) {
                co_return std::nullopt;
            }
            const std::size_t whole = *end + head->terms.content_length;
            while (received.size() < whole) {
                const bool more = co_await read_more(socket, received);
                if (!more) {
                    co_return std::nullopt;
                }
            }
            head->request.body = received.substr(*end, head->terms.content_length);
            received.erase(0, whole);
            co_return std::move(head->request);
        }
        const bool more = co_await read_more(socket, received);
        if (!more) {
            co_return std::nullopt;
        }
    }
}

Task<bool> send(Socket socket, std::vector<Piece> pieces) {
    asio::steady_timer timer(socket->get_executor());
    for (const Piece& piece : pieces) {
        boost::system::error_code failed;
        if (piece.wait.count() > 0) {
            timer.expires_after(piece.wait);
            co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, failed));
        }
        co_await asio::async_write(*socket, asio::buffer(piece.bytes),
                                   asio::redirect_error(asio::use_awaitable, failed));
        if (failed) {
            co_return false;
        }
    }
    co_return true;
}

}  // namespace

WirePeer::WirePeer(asio::io_context& io, FaultyExchange& exchange)
    : acceptor_(std::make_shared<tcp::acceptor>(io, tcp::endpoint(asio::ip::address_v4::loopback(), 0))) {
    asio::co_spawn(io, accept(acceptor_, exchange, accepted_), [](const std::exception_ptr&) {});
}

std::string WirePeer::url() const {
    return "http://127.0.0.1:" + std::to_string(acceptor_->local_endpoint().port());
}

Task<void> WirePeer::accept(std::shared_ptr<tcp::acceptor> acceptor, FaultyExchange& exchange,
                            std::shared_ptr<std::size_t> accepted) {
    for (;;) {
        boost::system::error_code failed;
        auto socket = std::make_shared<tcp::socket>(acceptor->get_executor());
        co_await acceptor->async_accept(*socket, asio::redirect_error(asio::use_awaitable, failed));
        if (failed) {
            co_return;
        }
        ++*accepted;
        socket->set_option(tcp::no_delay(true), failed);
        asio::co_spawn(acceptor->get_executor(), serve(socket, exchange), [](const std::exception_ptr&) {});
    }
}

Task<void> WirePeer::serve(std::shared_ptr<Socket> socket, FaultyExchange& exchange) {
    std::string received;
    for (;;) {
        const std::optional<HttpRequest> request = co_await read_request(socket, received);
        if (!request) {
            co_return;
        }
        WireAnswer answer = exchange.bytes(*request);
        const bool sent = co_await send(socket, std::move(answer.pieces));
        boost::system::error_code ignored;
        switch (answer.end) {
            case WireAnswer::End::keep:
                break;
            case WireAnswer::End::close:
                socket->shutdown(tcp::socket::shutdown_both, ignored);
                co_return;
            case WireAnswer::End::reset:
                socket->set_option(asio::socket_base::linger(true, 0), ignored);
                socket->close(ignored);
                co_return;
            case WireAnswer::End::hang:
                while (co_await read_more(socket, received)) {
                }
                co_return;
        }
        if (!sent) {
            co_return;
        }
    }
}

}  // namespace tributary::faults
