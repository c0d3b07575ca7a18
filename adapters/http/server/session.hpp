// One connection from accept to close: read a header block, gate it, let the handler answer from memory or
// ask it with a copy of the request and its body, answer, again. Lives on its loop's thread only.
#pragma once

#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <expected>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/http/server/date_line.hpp"
#include "adapters/http/server/gate.hpp"
#include "adapters/http/server/identity.hpp"
#include "adapters/http/server/listener.hpp"
#include "adapters/http/server/random_block.hpp"
#include "adapters/http/server/read_buffer.hpp"
#include "adapters/http/server/reply.hpp"
#include "adapters/http/server/stream_sender.hpp"
#include "domain/ports/http.hpp"

namespace tributary::http {

/// What the sessions of one thread share. Owned by their shard.
struct Surroundings {
    Surroundings(const ListenerOptions& listener_options, Served served_with,
                 ListenerCounters& listener_counters)
        : options(listener_options),
          served(served_with),
          counters(listener_counters),
          random(served_with.random),
          fields(listener_options.gate.fields) {
        look_at_clocks(std::chrono::steady_clock::now());
    }

    /// At least once a tick, so that answers from memory need not.
    void look_at_clocks(std::chrono::steady_clock::time_point now) {
        about_now = now;
        date.at(served.clock.now());
    }

    const ListenerOptions& options;
    Served served;
    ListenerCounters& counters;
    DateLine date;
    RandomBlock random;
    /// The monotonic time, a tick old at most.
    std::chrono::steady_clock::time_point about_now;
    /// Where the gate puts the fields of the request that it looks at.
    std::vector<domain::ports::FieldView> fields;
    /// Set once: answers close their connection from now on, and none becomes idle again.
    bool stopping = false;
};

class Session {
  public:
    Session(boost::asio::ip::tcp::socket socket, Surroundings& around);

    /// Ends when the connection is closed. Spawn it with cancellation() bound.
    domain::ports::Task<void> run();

    [[nodiscard]] boost::asio::cancellation_slot cancellation() { return cancel_.slot(); }

    [[nodiscard]] bool is_idle() const { return phase_ == Phase::idle; }

    /// When the current phase began.
    [[nodiscard]] std::chrono::steady_clock::time_point since() const { return since_; }

    /// Ends the current phase if its deadline has passed. Called by the shard's sweep.
    void check_deadline(std::chrono::steady_clock::time_point now);
    /// Closes the connection if it waits for a request and none is on its way.
    void close_if_idle();
    /// Ends the streamed body that it sends, if it does.
    void end_stream();
    /// Closes the connection whatever it does, and cancels a running handler.
    void cut();

  private:
    enum class Phase { idle, header, body, handling, abandoned, writing, streaming, lingering };
    enum class AfterReply { next_request, close };
    /// What a session does next: `ask` the handler about request_, send refusal_, say that the request
    /// failed, or go on receiving, writing, letting others go first, closing.
    enum class Next { receive, write_rest, yield, ask, refuse, fail, close };
    /// Why there is no body: a refusal to send, or nothing where the connection is to be closed in silence.
    using NoBody = std::optional<Refusal>;

    // From bytes to requests, and to answers where the handler has them in memory.
    Next proceed();
    std::optional<Next> take_request(std::size_t head_size);
    std::optional<Next> answer_at_once(const Head& head);
    std::optional<Next> send_ready();
    Next refuse_unread(Refusal refusal);
    bool begin_receiving();
    Next end_receiving(std::size_t count);
    void forget_ready();

    template <class Done>
    class Rounds;
    domain::ports::Task<Next> go_rounds(Next next);

    // The way of all other requests.
    domain::ports::Task<bool> exchange(Next next);
    domain::ports::Task<Next> write_rest();
    domain::ports::Task<std::expected<void, NoBody>> read_body();
    domain::ports::Task<std::size_t> read_some(std::span<char> space);
    template <class Start>
    domain::ports::Task<std::optional<domain::ports::HttpReply>> ask(Start start);
    domain::ports::Task<bool> refuse(Refusal refusal);
    domain::ports::Task<bool> reply(domain::ports::HttpReply answer, AfterReply after);
    domain::ports::Task<void> send_stream(std::shared_ptr<domain::ports::ReplyStream> source,
                                          Framing framing);
    domain::ports::Task<void> linger();
    void check_stream(std::chrono::steady_clock::time_point now);

    void enter(Phase phase) { enter(phase, std::chrono::steady_clock::now()); }

    void enter(Phase phase, std::chrono::steady_clock::time_point now);
    [[nodiscard]] bool is_request_under_way() const;
    [[nodiscard]] std::chrono::milliseconds limit_of(Phase phase) const;
    [[nodiscard]] domain::ports::HttpReply failure() const;
    [[nodiscard]] ReplyContext context(bool close) const;
    void report(const std::exception_ptr& thrown) const;

    boost::asio::ip::tcp::socket socket_;
    Surroundings& around_;
    boost::asio::cancellation_signal cancel_;
    ReadBuffer received_;
    /// Where the next bytes go.
    std::span<char> space_;
    /// Bytes of received_ that hold no end of a header block.
    std::size_t scanned_ = 0;
    Identity identity_;
    std::unique_ptr<domain::ports::ConnectionMemory> memory_;
    domain::ports::ReadyReply ready_;
    std::string head_out_;
    /// Of head_out_ and the body of ready_.
    std::array<boost::asio::const_buffer, 2> unsent_;
    domain::ports::HttpRequest request_;
    Terms terms_;
    Refusal refusal_;
    bool is_head_request_ = false;
    /// The answer under way is the last on its connection.
    bool closes_after_answer_ = false;
    bool unread_input_ = false;
    /// Of the streamed body at hand.
    std::shared_ptr<StreamSender> sender_;
    Phase phase_ = Phase::idle;
    std::chrono::steady_clock::time_point since_;
    std::chrono::steady_clock::time_point deadline_;
    bool overdue_ = false;
    bool cut_ = false;
};

}  // namespace tributary::http
