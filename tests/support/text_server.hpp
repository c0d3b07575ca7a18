// One text over HTTP on loopback, and how often it was asked for.
#pragma once

#include <atomic>
#include <cstdint>
#include <mutex>
#include <string>
#include <thread>

namespace tributary::tests {

/// Answers on a thread of its own, one connection after another, whatever the path.
class TextServer {
  public:
    explicit TextServer(std::string text);
    ~TextServer();
    TextServer(const TextServer&) = delete;
    TextServer& operator=(const TextServer&) = delete;

    [[nodiscard]] std::uint16_t port() const { return port_; }

    /// "http://127.0.0.1:<port>".
    [[nodiscard]] std::string origin() const { return "http://127.0.0.1:" + std::to_string(port_); }

    /// From now on another text, or another status.
    void serve(std::string text, int status = 200);

    [[nodiscard]] int asked() const { return asked_; }

  private:
    void run();
    std::string answer();

    int listener_ = -1;
    std::uint16_t port_ = 0;
    std::mutex mutex_;
    std::string text_;
    int status_ = 200;
    std::atomic<int> asked_ = 0;
    std::atomic<bool> stopping_ = false;
    /// Last: it uses the above.
    std::thread thread_;
};

}  // namespace tributary::tests
