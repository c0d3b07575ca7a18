// A listener on loops of its own threads, with a handler that does what the path asks for, and a client that
// sends exact bytes.
#pragma once

#include <atomic>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <semaphore>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "adapters/http/server/listener.hpp"

namespace tributary::tests {

/// "/hold" waits until released or cancelled, "/deaf" until released, "/throw" throws, "/bad-field" answers a
/// field with a line break, "/private" is refused by admit with 401, "/empty" answers 204, "/large?<n>" n
/// bytes; "stream" as the query is answered with `stream`; everything else with method, target and body.
/// At once, and never otherwise: "/ready" is answered with how many such requests the connection made,
/// "/ready-large?<n>" with n bytes, "/ready-304", "/ready-throw", "/ready-status" as they are called.
class ScriptedHandler : public domain::ports::HttpHandler {
  public:
    bool at_once(const domain::ports::RequestView& request,
                 std::unique_ptr<domain::ports::ConnectionMemory>& memory,
                 domain::ports::ReadyReply& reply) override;
    domain::ports::Task<std::optional<domain::ports::HttpReply>> admit(
        domain::ports::HttpRequest& head) override;
    domain::ports::Task<domain::ports::HttpReply> handle(domain::ports::HttpRequest request) override;

    /// Blocks until a request is being held.
    void wait_until_held() { held_.acquire(); }

    /// Lets the held request go on.
    void release();

    /// Set it before the request is sent, and again before the next one.
    domain::ports::HttpReply stream;

    struct Seen {
        /// The queries that at_once() was asked about, in order.
        std::vector<std::string> asked;
        /// The last request that at_once() left to the others, and the last that handle() got.
        std::string left;
        std::string handled;
    };

    [[nodiscard]] Seen seen() const;

    /// Connections whose memory is gone, of those that had one.
    std::atomic<int> forgotten = 0;

  private:
    domain::ports::Task<void> hold(bool deaf);

    mutable std::mutex mutex_;
    Seen seen_;
    /// Weak, because the handler outlives the loops.
    std::weak_ptr<boost::asio::steady_timer> timer_;
    std::counting_semaphore<> held_{0};
    bool released_ = false;
};

/// 2026-01-02T03:04:05Z, always.
class FixedClock : public domain::ports::Clock {
  public:
    [[nodiscard]] domain::Timestamp now() const override;
    [[nodiscard]] std::chrono::steady_clock::time_point steady_now() const override;
    domain::ports::Task<domain::Result<void>> sleep(std::chrono::steady_clock::duration duration) override;
};

class CountingRandom : public domain::ports::Random {
  public:
    void fill(std::span<std::uint8_t> out) override;

  private:
    std::atomic<std::uint8_t> next_ = 0;
};

class RunningListener {
  public:
    explicit RunningListener(http::ListenerOptions options = {}, std::size_t threads = 1);
    ~RunningListener();

    [[nodiscard]] std::uint16_t port() const { return listener_->port(); }

    [[nodiscard]] const http::ListenerCounters& counters() const { return listener_->counters(); }

    /// How many connections are still held when it ends.
    std::size_t stop(std::chrono::milliseconds grace);
    /// Does `work` while the first loop is kept busy, so that it learns of the stop first.
    std::size_t stop_after(const std::function<void()>& work, std::chrono::milliseconds grace);

    /// Does `work` while the first loop is kept busy.
    void while_busy(const std::function<void()>& work);

    ScriptedHandler handler;

  private:
    FixedClock clock_;
    CountingRandom random_;
    std::vector<std::unique_ptr<boost::asio::io_context>> loops_;
    std::unique_ptr<http::Listener> listener_;
    std::vector<std::thread> threads_;
};

/// Options with deadlines a test can wait for.
http::ListenerOptions quick_options();

struct Answer {
    int status = 0;
    /// Status line and fields.
    std::string head;
    std::string body;

    /// The value of a field written exactly so, or an empty text.
    [[nodiscard]] std::string field(std::string_view name) const;
};

/// A blocking client; gives up on a read after 10 s.
class RawClient {
  public:
    /// Opens its socket, no more.
    RawClient();
    /// Connected.
    explicit RawClient(std::uint16_t port);

    void connect(std::uint16_t port);

    void send(std::string_view bytes);
    /// One write for each byte.
    void send_bytewise(std::string_view bytes);
    void finish_sending();
    /// The next answer, 1xx included. Status 0 if the connection ends before.
    Answer read_answer(bool has_body = true);
    /// True once there is something to read.
    bool has_answer_within(std::chrono::milliseconds patience);
    /// Up to these bytes and with them; less where the connection ends before.
    std::string read_through(std::string_view last);
    /// Everything up to the end of the connection.
    std::string read_to_end();
    void hang_up();
    /// The same without a word of farewell: the server sees a reset.
    void break_off();

    /// True if the server ended the connection and nothing is left to read.
    bool is_ended() { return read_to_end().empty(); }

    /// The same, and the end was no reset, which can cost a client the answer.
    bool is_ended_in_order() { return is_ended() && !was_reset_; }

  private:
    bool receive();

    boost::asio::io_context io_;
    boost::asio::ip::tcp::socket socket_;
    std::string received_;
    bool was_reset_ = false;
};

/// The answers in `bytes`.
std::size_t count_answers(std::string_view bytes);

}  // namespace tributary::tests
