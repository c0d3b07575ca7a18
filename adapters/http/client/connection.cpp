#include "adapters/http/client/connection.hpp"

#include <fmt/format.h>
#include <sys/socket.h>

#include <cerrno>

#include "adapters/http/client/awaiting.hpp"
#include "adapters/http/client/tls.hpp"
#include "adapters/http/client/transport_error.hpp"

namespace tributary::http {

namespace asio = boost::asio;
namespace beast = boost::beast;

using asio::ip::tcp;
using domain::Errc;
using domain::Result;
using domain::ports::Task;

namespace {

/// A host with many addresses is not worth more attempts than this.
constexpr std::size_t max_attempts = 6;

/// Every address gets its share of the time that is left, so that a dead first one does not use up all of it.
Task<Result<beast::tcp_stream>> connect(Dialling dialling, std::string host, Endpoints endpoints,
                                        Deadline deadline) {
    endpoints.resize(std::min(endpoints.size(), max_attempts));
    boost::system::error_code error = asio::error::host_not_found;
    for (std::size_t i = 0; i < endpoints.size(); ++i) {
        const auto now = std::chrono::steady_clock::now();
        beast::tcp_stream stream(dialling.executor);

        stream.expires_at(now + (deadline - now) / static_cast<int>(endpoints.size() - i));
        co_await stream.async_connect(endpoints[i], awaiting(error));
        if (!error) {
            stream.socket().set_option(tcp::no_delay(true), error);
            co_return std::move(stream);
        }
        if (error == asio::error::operation_aborted) {
            break;
        }
    }
    co_return std::unexpected(lost(host, "connection", error));
}

bool all_loopback(const Endpoints& endpoints) {
    return std::ranges::all_of(endpoints, [](const tcp::endpoint& at) { return at.address().is_loopback(); });
}

}  // namespace

Connection::Plain& Connection::socket() {
    auto* tls = std::get_if<Tls>(&stream);
    return tls != nullptr ? tls->next_layer() : std::get<Plain>(stream);
}

bool Connection::is_quiet() {
    auto* tls = std::get_if<Tls>(&stream);
    if (tls != nullptr && SSL_pending(tls->native_handle()) != 0) {
        return false;
    }
    char byte = 0;
    const auto got = ::recv(socket().socket().native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
    return got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
}

Task<Result<std::unique_ptr<Connection>>> open_connection(Dialling dialling, Origin origin, Deadline whole) {
    const Deadline connected_by = phase_within(whole, dialling.options.connect_limit);
    auto endpoints = co_await dialling.resolver.resolve(origin.host, origin.port, connected_by);
    if (!endpoints) {
        co_return std::unexpected(std::move(endpoints.error()));
    }
    if (!origin.tls && !all_loopback(*endpoints)) {
        co_return domain::fail(
            Errc::configuration,
            fmt::format("{}: http:// is only for this machine and the name leads elsewhere; use https://",
                        origin.host));
    }
    auto socket = co_await connect(dialling, origin.host, std::move(*endpoints), connected_by);
    if (!socket) {
        co_return std::unexpected(std::move(socket.error()));
    }
    if (!origin.tls) {
        co_return std::make_unique<Connection>(std::move(*socket));
    }
    auto connection = std::make_unique<Connection>(std::move(*socket), dialling.tls);
    auto& stream = std::get<Connection::Tls>(connection->stream);

    expect_host(stream.native_handle(), origin.host);
    stream.next_layer().expires_at(phase_within(whole, dialling.options.tls_limit));
    boost::system::error_code error;
    co_await stream.async_handshake(asio::ssl::stream_base::client, awaiting(error));
    if (error) {
        co_return std::unexpected(handshake_error(stream.native_handle(), origin.host, error));
    }
    co_return connection;
}

}  // namespace tributary::http
