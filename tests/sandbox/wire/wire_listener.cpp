#include "tests/sandbox/wire/wire_listener.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/ip/address.hpp>
#include <exception>
#include <utility>

#include "tests/sandbox/wire/wire_connection.hpp"

namespace tributary::sandbox {

namespace asio = boost::asio;
using asio::ip::tcp;

domain::Result<std::unique_ptr<WireListener>> WireListener::listen(asio::io_context& io, std::uint16_t port,
                                                                   Answer answer) {
    boost::system::error_code failed;
    tcp::acceptor acceptor(io);
    const tcp::endpoint endpoint(asio::ip::address_v4::loopback(), port);
    acceptor.open(tcp::v4(), failed);
    if (!failed) acceptor.set_option(tcp::acceptor::reuse_address(true), failed);
    if (!failed) acceptor.bind(endpoint, failed);
    if (!failed) acceptor.listen(asio::socket_base::max_listen_connections, failed);
    if (failed) {
        return domain::fail(domain::Errc::configuration,
                            "Port " + std::to_string(port) + " of 127.0.0.1 cannot be listened on: " +
                                failed.message() + ". Choose another --port-base.");
    }
    std::unique_ptr<WireListener> listener(new WireListener(std::move(acceptor), std::move(answer)));
    listener->accept();
    return listener;
}

WireListener::WireListener(tcp::acceptor acceptor, Answer answer)
    : acceptor_(std::move(acceptor)),
      answer_(std::move(answer)),
      request_ids_(acceptor_.local_endpoint().port(), "request ids") {}

WireListener::~WireListener() = default;

std::string WireListener::url() const {
    return "http://127.0.0.1:" + std::to_string(acceptor_.local_endpoint().port());
}

void WireListener::stop() {
    acceptor_.close();
    for (const auto& connection : connections_) {
        connection->close();
    }
}

void WireListener::accept() {
    acceptor_.async_accept([this](boost::system::error_code failed, tcp::socket socket) {
        if (failed == asio::error::operation_aborted || !acceptor_.is_open()) return;
        if (!failed) {
            boost::system::error_code ignored;
            socket.set_option(tcp::no_delay(true), ignored);
            auto connection = std::make_shared<WireConnection>(std::move(socket), *this);
            connections_.insert(connection);
            asio::co_spawn(acceptor_.get_executor(), connection->run(),
                           [this, connection](const std::exception_ptr& thrown) {
                               connection->close();
                               connections_.erase(connection);
                               if (thrown) std::rethrow_exception(thrown);
                           });
        }
        accept();
    });
}

}  // namespace tributary::sandbox
