#include "raw_peer.hpp"

#include <fmt/format.h>

#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <exception>

namespace tributary::tests {

namespace asio = boost::asio;
using asio::redirect_error;
using asio::use_awaitable;
using asio::ip::tcp;

namespace {

/// The size of the whole request at the start of `bytes`, or 0 while its header block is not complete.
std::size_t request_size(std::string_view bytes) {
    const auto end = bytes.find("\r\n\r\n");
    if (end == std::string_view::npos) {
        return 0;
    }
    constexpr std::string_view length_field = "Content-Length: ";
    const auto field = bytes.substr(0, end).find(length_field);
    return end + 4 +
           (field == std::string_view::npos
                ? 0
                : std::stoul(std::string(bytes.substr(field + length_field.size(), 10))));
}

}  // namespace

Conversation::Conversation(RawPeer& peer, Socket socket, asio::ssl::context* tls)
    : peer_(peer), stream_(std::move(socket)) {
    if (tls != nullptr) {
        Socket plain = std::move(std::get<Socket>(stream_));
        stream_.emplace<TlsSocket>(std::move(plain), *tls);
    }
}

Conversation::Socket& Conversation::socket() {
    auto* tls = std::get_if<TlsSocket>(&stream_);
    return tls != nullptr ? tls->next_layer() : std::get<Socket>(stream_);
}

Task<bool> Conversation::shake_hands() {
    boost::system::error_code error;
    if (auto* tls = std::get_if<TlsSocket>(&stream_)) {
        co_await tls->async_handshake(asio::ssl::stream_base::server, redirect_error(use_awaitable, error));
    }
    co_return !error;
}

Task<std::string> Conversation::request() {
    for (;;) {
        const std::size_t size = request_size(unread_);
        if (size != 0 && unread_.size() >= size) {
            std::string whole = unread_.substr(0, size);
            unread_.erase(0, size);
            const std::lock_guard lock(peer_.mutex_);
            peer_.requests_.push_back(whole);
            co_return whole;
        }
        char bytes[4096];
        boost::system::error_code error;
        std::size_t got = 0;
        if (auto* tls = std::get_if<TlsSocket>(&stream_)) {
            got = co_await tls->async_read_some(asio::buffer(bytes), redirect_error(use_awaitable, error));
        } else {
            got =
                co_await socket().async_read_some(asio::buffer(bytes), redirect_error(use_awaitable, error));
        }
        if (error) {
            co_return std::string();
        }
        unread_.append(bytes, got);
    }
}

Task<bool> Conversation::say(std::string bytes) {
    boost::system::error_code error;
    if (auto* tls = std::get_if<TlsSocket>(&stream_)) {
        co_await asio::async_write(*tls, asio::buffer(bytes), redirect_error(use_awaitable, error));
    } else {
        co_await asio::async_write(socket(), asio::buffer(bytes), redirect_error(use_awaitable, error));
    }
    co_return !error;
}

Task<void> Conversation::until_closed() {
    char bytes[4096];
    boost::system::error_code error;
    while (!error) {
        co_await socket().async_read_some(asio::buffer(bytes), redirect_error(use_awaitable, error));
    }
}

Task<void> Conversation::pause(std::chrono::milliseconds time) {
    asio::steady_timer timer(co_await asio::this_coro::executor, time);
    co_await timer.async_wait(use_awaitable);
}

void Conversation::reset() {
    socket().set_option(asio::socket_base::linger(true, 0));
    socket().close();
}

RawPeer::RawPeer(std::vector<Script> scripts, std::shared_ptr<asio::ssl::context> tls)
    : scripts_(std::move(scripts)),
      tls_(std::move(tls)),
      acceptor_(io_, tcp::endpoint(asio::ip::address_v4::loopback(), 0)),
      port_(acceptor_.local_endpoint().port()) {
    asio::co_spawn(io_, accept_all(), [](const std::exception_ptr&) {});
    thread_ = std::thread([this] { io_.run(); });
}

RawPeer::RawPeer(std::string answer, std::shared_ptr<asio::ssl::context> tls)
    : RawPeer({[answer](Conversation& with) -> Task<void> {
                  for (;;) {
                      const std::string asked = co_await with.request();
                      const bool said = !asked.empty() && co_await with.say(answer);
                      if (!said) co_return;
                  }
              }},
              std::move(tls)) {}

RawPeer::~RawPeer() {
    io_.stop();
    thread_.join();
}

std::string RawPeer::plain_origin() const {
    return fmt::format("http://127.0.0.1:{}", port_);
}

std::vector<std::string> RawPeer::requests() const {
    const std::lock_guard lock(mutex_);
    return requests_;
}

Task<void> RawPeer::accept_all() {
    for (std::size_t n = 0;; ++n) {
        tcp::socket socket = co_await acceptor_.async_accept(use_awaitable);
        ++accepted_;
        asio::co_spawn(io_, serve(std::move(socket), std::min(n, scripts_.size() - 1)),
                       [](const std::exception_ptr&) {});
    }
}

Task<void> RawPeer::serve(tcp::socket socket, std::size_t script) {
    Conversation conversation(*this, std::move(socket), tls_.get());
    const bool ready = co_await conversation.shake_hands();
    if (ready) {
        co_await scripts_[script](conversation);
    }
}

std::string answer_of(int status, std::string_view body, std::string_view extra_fields) {
    return fmt::format("HTTP/1.1 {} Any\r\nContent-Length: {}\r\n{}\r\n{}", status, body.size(), extra_fields,
                       body);
}

}  // namespace tributary::tests
