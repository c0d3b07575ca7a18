#include "tests/support/text_server.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <stdexcept>
#include <utility>

namespace tributary::tests {

namespace {

sockaddr_in loopback(std::uint16_t port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

/// Up to the empty line; false where the other side went away or says nothing for two seconds.
bool read_head(int socket) {
    const timeval limit{2, 0};
    setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    std::string head;
    char bytes[2'048];
    while (!head.contains("\r\n\r\n")) {
        const ssize_t count = recv(socket, bytes, sizeof bytes, 0);
        if (count <= 0) return false;
        head.append(bytes, static_cast<std::size_t>(count));
    }
    return true;
}

void send_all(int socket, std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t count = send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (count <= 0) return;
        bytes.remove_prefix(static_cast<std::size_t>(count));
    }
}

}  // namespace

TextServer::TextServer(std::string text) : text_(std::move(text)) {
    listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address = loopback(0);
    socklen_t size = sizeof address;
    if (listener_ < 0 || bind(listener_, reinterpret_cast<sockaddr*>(&address), size) != 0 ||
        listen(listener_, 64) != 0 ||
        getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) != 0) {
        throw std::runtime_error("no port to serve a text on");
    }
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] { run(); });
}

TextServer::~TextServer() {
    stopping_ = true;
    // Wakes the thread, which waits for a connection.
    shutdown(listener_, SHUT_RDWR);
    thread_.join();
    close(listener_);
}

void TextServer::serve(std::string text, int status) {
    const std::lock_guard lock(mutex_);
    text_ = std::move(text);
    status_ = status;
}

std::string TextServer::answer() {
    const std::lock_guard lock(mutex_);
    return "HTTP/1.1 " + std::to_string(status_) +
           " X\r\nContent-Type: application/json\r\nContent-Length: " + std::to_string(text_.size()) +
           "\r\nConnection: close\r\n\r\n" + text_;
}

void TextServer::run() {
    while (!stopping_) {
        const int socket = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
        if (socket < 0) continue;
        if (read_head(socket)) {
            ++asked_;
            send_all(socket, answer());
        }
        close(socket);
    }
}

}  // namespace tributary::tests
