// A TCP or TLS server that says exactly the bytes a test scripts, on a thread of its own.
#pragma once

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <variant>
#include <vector>

#include "domain/ports/task.hpp"

namespace tributary::tests {

template <class T>
using Task = domain::ports::Task<T>;

class RawPeer;

/// One accepted connection. It closes when its script ends.
class Conversation {
  public:
    using Socket = boost::asio::ip::tcp::socket;
    using TlsSocket = boost::asio::ssl::stream<Socket>;

    Conversation(RawPeer& peer, Socket socket, boost::asio::ssl::context* tls);

    /// The next request with its body, also kept for RawPeer::requests(). Empty where the client closed.
    Task<std::string> request();
    /// False where the client is gone.
    Task<bool> say(std::string bytes);
    /// Waits until the client closes.
    Task<void> until_closed();
    Task<void> pause(std::chrono::milliseconds time);
    /// The connection ends with a reset instead of an orderly close.
    void reset();
    [[nodiscard]] Socket& socket();

  private:
    friend class RawPeer;
    Task<bool> shake_hands();
    RawPeer& peer_;
    std::variant<Socket, TlsSocket> stream_;
    std::string unread_;
};

class RawPeer {
  public:
    using Script = std::function<Task<void>(Conversation&)>;

    /// The n-th connection gets the n-th script, further ones the last.
    explicit RawPeer(std::vector<Script> scripts, std::shared_ptr<boost::asio::ssl::context> tls = nullptr);
    /// Answers every request of every connection with these bytes.
    explicit RawPeer(std::string answer, std::shared_ptr<boost::asio::ssl::context> tls = nullptr);
    RawPeer(const RawPeer&) = delete;
    RawPeer& operator=(const RawPeer&) = delete;
    ~RawPeer();

    [[nodiscard]] std::uint16_t port() const { return port_; }

    /// `http://127.0.0.1:port`
    [[nodiscard]] std::string plain_origin() const;

    /// Connections accepted so far.
    [[nodiscard]] int connections() const { return accepted_; }

    [[nodiscard]] std::vector<std::string> requests() const;

  private:
    friend class Conversation;
    Task<void> accept_all();
    Task<void> serve(boost::asio::ip::tcp::socket socket, std::size_t script);

    std::vector<Script> scripts_;
    std::shared_ptr<boost::asio::ssl::context> tls_;
    mutable std::mutex mutex_;
    std::vector<std::string> requests_;
    std::atomic<int> accepted_ = 0;
    boost::asio::io_context io_;
    boost::asio::ip::tcp::acceptor acceptor_;
    std::uint16_t port_;
    std::thread thread_;
};

/// An answer with a Content-Length.
std::string answer_of(int status, std::string_view body, std::string_view extra_fields = {});

}  // namespace tributary::tests
