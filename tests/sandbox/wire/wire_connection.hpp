// One connection of a WireListener.
#pragma once

#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <memory>
#include <string>

#include "adapters/http/server/gate.hpp"
#include "tests/sandbox/wire/wire_listener.hpp"

namespace tributary::sandbox {

class WireConnection : public std::enable_shared_from_this<WireConnection> {
  public:
    /// The listener outlives the connection.
    WireConnection(boost::asio::ip::tcp::socket socket, WireListener& listener);

    /// Serves request after request until either side closes.
    domain::ports::Task<void> run();
    void close();

  private:
    /// One request and its reply; false where the connection is to end.
    domain::ports::Task<bool> exchange();
    /// A whole header block; nothing where none came or it was refused.
    domain::ports::Task<std::optional<http::CopiedHead>> read_head();
    domain::ports::Task<bool> read_body(http::CopiedHead& head);
    domain::ports::Task<bool> read_more();
    domain::ports::Task<bool> send(const Exchange& exchange, const std::string& request_id, bool keep_alive);

    boost::beast::tcp_stream stream_;
    boost::asio::steady_timer delay_;
    WireListener& listener_;
    std::string received_;
};

}  // namespace tributary::sandbox
