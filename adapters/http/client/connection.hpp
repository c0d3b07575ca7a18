// One open connection to an origin, plain or TLS.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <memory>
#include <variant>

#include "adapters/http/client/deadline.hpp"
#include "adapters/http/client/options.hpp"
#include "adapters/http/client/origin.hpp"
#include "adapters/http/client/resolver.hpp"
#include "domain/error.hpp"
#include "domain/ports/task.hpp"

namespace tributary::http {

class Connection {
  public:
    using Plain = boost::beast::tcp_stream;
    using Tls = boost::asio::ssl::stream<boost::beast::tcp_stream>;

    explicit Connection(Plain socket) : stream(std::move(socket)) {}

    Connection(Plain socket, boost::asio::ssl::context& context)
        : stream(std::in_place_type<Tls>, std::move(socket), context) {}

    /// The socket under TLS, or the plain one.
    [[nodiscard]] Plain& socket();
    /// The peer has neither closed it nor sent anything unasked. False negatives cost a new connection.
    [[nodiscard]] bool is_quiet();

    std::variant<Plain, Tls> stream;
};

/// What opening a connection needs; references live as long as the awaiting caller.
struct Dialling {
    boost::asio::any_io_executor executor;
    Resolver& resolver;
    boost::asio::ssl::context& tls;
    const ClientOptions& options;
};

/// Looks up, connects and shakes hands, each within its own limit and all within `whole`. A plain origin is
/// dialled only at loopback addresses.
domain::ports::Task<domain::Result<std::unique_ptr<Connection>>> open_connection(Dialling dialling,
                                                                                 Origin origin,
                                                                                 Deadline whole);

}  // namespace tributary::http
