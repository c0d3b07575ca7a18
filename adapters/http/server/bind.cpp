#include "adapters/http/server/bind.hpp"

#include <fmt/format.h>
#include <sys/socket.h>

#include <boost/asio/detail/socket_option.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/ip/address.hpp>

namespace tributary::http {

namespace asio = boost::asio;
using asio::ip::tcp;
using domain::Errc;

namespace {

using ReusePort = asio::detail::socket_option::boolean<SOL_SOCKET, SO_REUSEPORT>;
using ErrorCode = boost::system::error_code;

enum class Sharing { exclusive, shared };

domain::Error explain(const ErrorCode& ec, const std::string& address, std::uint16_t port) {
    const auto where = fmt::format("{} port {}", address, port);
    if (ec == asio::error::address_in_use) {
        return {Errc::configuration,
                where + " is in use by another program; stop it or choose another port."};
    }
    if (ec == asio::error::access_denied) {
        return {Errc::configuration, where + " may not be opened by this user; choose a port above 1023."};
    }
    if (ec == boost::system::errc::address_not_available) {
        return {Errc::configuration, where + " cannot be opened: the address is none of this machine's."};
    }
    return {Errc::unavailable, fmt::format("{} cannot be opened: {}.", where, ec.message())};
}

ErrorCode open(tcp::acceptor& acceptor, const tcp::endpoint& endpoint, Sharing sharing) {
    ErrorCode ec;
    acceptor.open(endpoint.protocol(), ec);
    if (!ec) acceptor.set_option(asio::socket_base::reuse_address(true), ec);
    if (!ec && sharing == Sharing::shared) acceptor.set_option(ReusePort(true), ec);
    if (!ec) acceptor.bind(endpoint, ec);
    if (!ec) acceptor.listen(asio::socket_base::max_listen_connections, ec);
    return ec;
}

}  // namespace

// SO_REUSEPORT alone would silently share the port with any other process of the same user. So the first
// acceptor takes the port without it, which fails if anybody listens there, and allows sharing only once the
// port is ours.
domain::Result<std::vector<tcp::acceptor>> bind_acceptors(std::span<asio::io_context* const> loops,
                                                          const std::string& address, std::uint16_t port) {
    ErrorCode ec;
    const auto ip = asio::ip::make_address(address, ec);
    if (ec) return domain::fail(Errc::configuration, "The listen address must be an IPv4 or IPv6 address.");
    tcp::endpoint endpoint(ip, port);
    std::vector<tcp::acceptor> acceptors;
    for (asio::io_context* loop : loops) {
        auto& acceptor = acceptors.emplace_back(*loop);
        const bool first = acceptors.size() == 1;
        ec = open(acceptor, endpoint, first ? Sharing::exclusive : Sharing::shared);
        if (!ec && first) endpoint = acceptor.local_endpoint(ec);
        if (!ec && first && loops.size() > 1) acceptor.set_option(ReusePort(true), ec);
        if (ec) return std::unexpected(explain(ec, address, port));
    }
    return acceptors;
}

}  // namespace tributary::http
