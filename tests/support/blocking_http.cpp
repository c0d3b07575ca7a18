#include "tests/support/blocking_http.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <random>
#include <stdexcept>

namespace tributary::tests {

namespace {

constexpr timeval longest_wait{60, 0};

char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool same_name(std::string_view left, std::string_view right) {
    return std::ranges::equal(left, right, {}, lower, lower);
}

sockaddr_in loopback(std::uint16_t port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

/// A new socket that holds this port of 127.0.0.1, any free one for 0; -1 where somebody else has it.
int bound_to(std::uint16_t port) {
    const int bound = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const sockaddr_in address = loopback(port);
    if (::bind(bound, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) return bound;
    ::close(bound);
    return -1;
}

[[noreturn]] void give_up(const char* what) {
    throw std::runtime_error(std::string("the test's HTTP client: ") + what);
}

}  // namespace

std::optional<std::string> HttpResponse::field(std::string_view name) const {
    for (const auto& [key, value] : fields) {
        if (same_name(key, name)) {
            return value;
        }
    }
    return std::nullopt;
}

BusyPort::BusyPort() : socket_(bound_to(0)) {
    sockaddr_in address{};
    socklen_t size = sizeof address;
    if (::listen(socket_, 1) != 0 ||
        ::getsockname(socket_, reinterpret_cast<sockaddr*>(&address), &size) != 0) {
        give_up("no free port");
    }
    number_ = ntohs(address.sin_port);
}

BusyPort::~BusyPort() {
    ::close(socket_);
}

std::uint16_t free_port() {
    // Below the range that the system gives out by itself: nobody gets it by chance before its user binds it.
    std::random_device random;
    std::uniform_int_distribution<int> below_ephemeral(10'000, 32'000);
    for (int tried = 0; tried < 1'000; ++tried) {
        const auto port = static_cast<std::uint16_t>(below_ephemeral(random));
        const int probe = bound_to(port);
        if (probe < 0) continue;
        ::close(probe);
        return port;
    }
    give_up("no free port");
}

BlockingHttp::~BlockingHttp() {
    close();
}

void BlockingHttp::close() {
    if (socket_ >= 0) ::close(socket_);
    socket_ = -1;
    buffer_.clear();
}

void BlockingHttp::connect() {
    socket_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const int on = 1;
    ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &longest_wait, sizeof longest_wait);
    ::setsockopt(socket_, SOL_SOCKET, SO_SNDTIMEO, &longest_wait, sizeof longest_wait);
    ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    const sockaddr_in address = loopback(port_);
    if (::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
        close();
        give_up("nobody listens");
    }
}

bool BlockingHttp::write(std::string_view bytes) const {
    while (!bytes.empty()) {
        const ssize_t sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent <= 0) return false;
        bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
}

bool BlockingHttp::read() {
    char bytes[65536];
    const ssize_t got = ::recv(socket_, bytes, sizeof bytes, 0);
    if (got < 0) give_up("no answer in a minute, or the connection broke");
    buffer_.append(bytes, static_cast<std::size_t>(got));
    return got > 0;
}

std::string BlockingHttp::read_chunks() {
    std::string body;
    for (;;) {
        std::size_t end = buffer_.find("\r\n");
        while (end == std::string::npos) {
            if (!read()) give_up("the answer ends inside a chunk");
            end = buffer_.find("\r\n");
        }
        const std::size_t size = std::strtoul(buffer_.c_str(), nullptr, 16);
        while (buffer_.size() < end + 2 + size + 2) {
            if (!read()) give_up("the answer ends inside a chunk");
        }
        body += buffer_.substr(end + 2, size);
        buffer_.erase(0, end + 2 + size + 2);
        if (size == 0) return body;
    }
}

HttpResponse BlockingHttp::read_answer(bool without_body) {
    std::size_t end = buffer_.find("\r\n\r\n");
    while (end == std::string::npos) {
        if (!read()) give_up("the answer ends inside its header");
        end = buffer_.find("\r\n\r\n");
    }
    HttpResponse answer;
    std::size_t start = buffer_.find("\r\n") + 2;
    answer.status = std::atoi(buffer_.c_str() + sizeof "HTTP/1.1");
    while (start < end + 2) {
        const std::size_t line_end = buffer_.find("\r\n", start);
        const std::string line = buffer_.substr(start, line_end - start);
        const std::size_t colon = line.find(':');
        const std::size_t value = line.find_first_not_of(' ', colon + 1);
        answer.fields.emplace_back(line.substr(0, colon),
                                   value == std::string::npos ? "" : line.substr(value));
        start = line_end + 2;
    }
    buffer_.erase(0, end + 4);
    if (without_body || answer.status == 204 || answer.status == 304) return answer;
    if (answer.field("Transfer-Encoding")) {
        answer.body = read_chunks();
    } else if (const auto length = answer.field("Content-Length")) {
        const std::size_t size = std::strtoul(length->c_str(), nullptr, 10);
        while (buffer_.size() < size) {
            if (!read()) give_up("the answer ends inside its body");
        }
        answer.body = buffer_.substr(0, size);
        buffer_.erase(0, size);
    } else {
        while (read()) {
        }
        answer.body = std::exchange(buffer_, {});
    }
    if (same_name(answer.field("Connection").value_or(""), "close")) close();
    return answer;
}

HttpResponse BlockingHttp::ask(std::string_view method, std::string_view target, const HttpFields& fields,
                               std::string_view body) {
    std::string request = std::string(method) + " " + std::string(target) +
                          " HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(port_) + "\r\n";
    for (const auto& [name, value] : fields) {
        request += name + ": " + value + "\r\n";
    }
    if (!body.empty() || method == "POST") {
        request += "Content-Length: " + std::to_string(body.size()) + "\r\n";
    }
    request += "\r\n" + std::string(body);
    // A kept connection may have been closed while nobody looked: then no byte of an answer comes.
    const bool kept = socket_ >= 0;
    if (!kept) connect();
    if (kept) {
        char byte = 0;
        const ssize_t seen = ::recv(socket_, &byte, 1, MSG_PEEK | MSG_DONTWAIT);
        if (seen >= 0) {
            close();
            connect();
        }
    }
    if (!write(request)) give_up("the request was not taken");
    HttpResponse answer = read_answer(method == "HEAD");
    // Nothing else was asked: what is left is a body where there may be none, or one longer than announced.
    if (!buffer_.empty()) {
        answer.body += buffer_;
        close();
    }
    return answer;
}

HttpResponse BlockingHttp::send_raw(std::string_view bytes) const {
    BlockingHttp own(port_);
    own.connect();
    // A server may answer before it has read everything.
    static_cast<void>(own.write(bytes));
    return own.read_answer(false);
}

std::optional<int> status_at(std::uint16_t port, std::string_view target) {
    try {
        return BlockingHttp(port).ask("GET", target).status;
    } catch (const std::runtime_error&) {
        return std::nullopt;
    }
}

}  // namespace tributary::tests
