// A loopback listener that can misbehave on the wire: it may wait, cut a connection or stop in the middle of
// a body, which the service's own listener never does. Framing and gate are the service's.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <set>

#include "domain/error.hpp"
#include "domain/ports/http.hpp"
#include "domain/ports/task.hpp"
#include "tests/sandbox/control/exchange.hpp"
#include "tests/sandbox/world/rng.hpp"

namespace tributary::sandbox {

class WireConnection;

class WireListener {
  public:
    using Answer = std::function<Exchange(domain::ports::HttpRequest)>;

    /// Binds 127.0.0.1; port 0 lets the system choose. `io` is run by one thread and outlives the listener.
    static domain::Result<std::unique_ptr<WireListener>> listen(boost::asio::io_context& io,
                                                                std::uint16_t port, Answer answer);
    ~WireListener();

    /// "http://127.0.0.1:<port>"
    [[nodiscard]] std::string url() const;
    /// Stops accepting and closes every connection; the io_context then runs out of work.
    void stop();

  private:
    friend class WireConnection;
    WireListener(boost::asio::ip::tcp::acceptor acceptor, Answer answer);
    void accept();

    boost::asio::ip::tcp::acceptor acceptor_;
    Answer answer_;
    Rng request_ids_;
    std::set<std::shared_ptr<WireConnection>> connections_;
};

}  // namespace tributary::sandbox
