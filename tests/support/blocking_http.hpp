// An HTTP client for tests that cannot share code with the one under test: plain sockets, one keep-alive
// connection, waits until the answer is whole.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tributary::tests {

using HttpFields = std::vector<std::pair<std::string, std::string>>;

struct HttpResponse {
    int status = 0;
    HttpFields fields;
    std::string body;

    /// The first field of this name, in any case.
    [[nodiscard]] std::optional<std::string> field(std::string_view name) const;
};

/// A TCP port of 127.0.0.1 that nobody listened on a moment ago.
std::uint16_t free_port();

/// Holds a port of 127.0.0.1, so that nobody else can listen on it.
class BusyPort {
  public:
    BusyPort();
    ~BusyPort();
    BusyPort(const BusyPort&) = delete;
    BusyPort& operator=(const BusyPort&) = delete;

    [[nodiscard]] std::uint16_t number() const { return number_; }

  private:
    int socket_ = -1;
    std::uint16_t number_ = 0;
};

class BlockingHttp {
  public:
    explicit BlockingHttp(std::uint16_t port) : port_(port) {}

    ~BlockingHttp();
    BlockingHttp(const BlockingHttp&) = delete;
    BlockingHttp& operator=(const BlockingHttp&) = delete;

    /// Sends Host and, with a body, Content-Length besides the given fields. What comes with an answer and
    /// should not, such as a body with 304, is in its body. Throws std::runtime_error where no whole answer
    /// comes within a minute.
    HttpResponse ask(std::string_view method, std::string_view target, const HttpFields& fields = {},
                     std::string_view body = {});
    /// Sends these bytes on a connection of their own and reads one answer.
    [[nodiscard]] HttpResponse send_raw(std::string_view bytes) const;

  private:
    void connect();
    void close();
    [[nodiscard]] bool write(std::string_view bytes) const;
    /// More bytes into the buffer; false at the end of the stream.
    bool read();
    HttpResponse read_answer(bool without_body);
    std::string read_chunks();

    std::uint16_t port_;
    int socket_ = -1;
    std::string buffer_;
};

/// The status of a GET; nothing where nobody listens or answers.
std::optional<int> status_at(std::uint16_t port, std::string_view target);

}  // namespace tributary::tests
