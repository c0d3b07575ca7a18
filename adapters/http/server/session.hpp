// One connection from accept to close: read a header block, gate it, ask the handler, read the body, answer,
// again. Lives on its loop's thread only.
#pragma once

#include <array>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <chrono>
#include <cstdint>
#include <exception>
#include <expected>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "adapters/http/server/date_line.hpp"
#include "adapters/http/server/gate.hpp"
#include "adapters/http/server/listener.hpp"
#include "adapters/http/server/read_buffer.hpp"
#include "adapters/http/server/reply.hpp"
#include "adapters/http/server/stream_sender.hpp"
#include "domain/ports/http.hpp"

namespace tributary::http {

/// What the sessions of one thread share. Owned by their shard.
struct Surroundings {
    Surroundings(const ListenerOptions& listener_options, Served served_with,
                 ListenerCounters& listener_counters)
        : options(listener_options), served(served_with), counters(listener_counters) {}

    const ListenerOptions& options;
    Served served;
    ListenerCounters& counters;
    DateLine date;
    /// Set once: answers close their connection from now on, and none becomes idle again.
    bool stopping = false;
};

/// Random and hexadecimal; a connection's requests are numbered behind it.
std::string new_connection_id(domain::ports::Random& random);

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
    /// Why there is no request: a refusal to send, or nothing where the connection is to be closed in
    /// silence.
    using NoRequest = std::optional<Refusal>;

    domain::ports::Task<bool> exchange();
    domain::ports::Task<std::expected<Head, NoRequest>> next_head();
    domain::ports::Task<std::expected<void, NoRequest>> read_body(Head& head);
    domain::ports::Task<std::size_t> read_some(std::span<char> space);
    template <class Start>
    domain::ports::Task<std::optional<domain::ports::HttpReply>> ask(Start start);
    domain::ports::Task<bool> refuse(Refusal refusal);
    domain::ports::Task<bool> reply(domain::ports::HttpReply answer, AfterReply after);
    domain::ports::Task<void> send_stream(std::shared_ptr<domain::ports::ReplyStream> source,
                                          Framing framing);
    domain::ports::Task<void> linger();
    void check_stream(std::chrono::steady_clock::time_point now);

    void enter(Phase phase);
    [[nodiscard]] bool is_request_under_way() const;
    [[nodiscard]] std::chrono::milliseconds limit_of(Phase phase) const;
    [[nodiscard]] std::string next_request_id();
    /// Our span for this request, in the trace it names or in one of its own.
    void begin_span(domain::ports::HttpRequest& request);

    [[nodiscard]] ProblemOrigin origin() const { return {.request_id = request_id_, .trace_id = trace_id_}; }

    void report(const std::exception_ptr& thrown) const;

    boost::asio::ip::tcp::socket socket_;
    Surroundings& around_;
    boost::asio::cancellation_signal cancel_;
    ReadBuffer received_;
    std::string head_out_;
    std::string id_prefix_;
    std::string request_id_;
    /// Of the request at hand; empty until its head is read.
    std::string trace_id_;
    std::string traceparent_;
    std::string tracestate_;
    std::uint64_t requests_ = 0;
    bool is_head_request_ = false;
    bool is_http_1_0_ = false;
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
