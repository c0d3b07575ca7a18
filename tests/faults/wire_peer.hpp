// A provider's end of TCP connections that sends exactly the bytes it is told to, when it is told to.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <cstddef>
#include <memory>
#include <string>

#include "domain/ports/task.hpp"
#include "tests/faults/exchange.hpp"

namespace tributary::faults {

/// Listens on 127.0.0.1 for as long as it lives; whoever runs the io_context serves it.
class WirePeer {
  public:
    /// `exchange` outlives it.
    WirePeer(boost::asio::io_context& io, FaultyExchange& exchange);

    [[nodiscard]] std::string url() const;

    /// Connections accepted so far.
    [[nodiscard]] std::size_t accepted() const { return *accepted_; }

  private:
    using Socket = boost::asio::ip::tcp::socket;
    static domain::ports::Task<void> accept(std::shared_ptr<boost::asio::ip::tcp::acceptor> acceptor,
                                            FaultyExchange& exchange, std::shared_ptr<std::size_t> accepted);
    static domain::ports::Task<void> serve(std::shared_ptr<Socket> socket, FaultyExchange& exchange);

    std::shared_ptr<boost::asio::ip::tcp::acceptor> acceptor_;
    std::shared_ptr<std::size_t> accepted_ = std::make_shared<std::size_t>(0);
};

}  // namespace tributary::faults
