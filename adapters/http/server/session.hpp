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
#include <vector>

#include "adapters/http/server/date_line.hpp"
#include "adapters/http/server/gate.hpp"
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
        : options(listener_options), served(served_with), counters(listener_counters) {}

    const ListenerOptions& options;
    Served served;
    ListenerCounters& counters;
    DateLine date;
    RandomBlock random{served.random};
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

    /// The next header block in what was received; nothing while there is none, or not all of it.
    std::expected<std::optional<HeadView>, Refusal> next_head();
    /// Before more of a header block is read. False: nothing more is read on this connection.
    bool wait_for_head();
    /// Answers from memory and sends that, where the handler can. What of it could not be sent yet stays in
    /// `unsent_`.
    bool answer_at_once(const HeadView& head);
    bool send_ready(const HeadView& head);
    domain::ports::Task<bool> send_rest();
    domain::ports::Task<bool> exchange(HeadView head);
    domain::ports::Task<std::expected<void, NoRequest>> read_body(const HeadTerms& head, std::string& body);
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
    void name_request();
    /// Our span for this request, in the trace it names or in one of its own.
    void begin_span(domain::ports::HttpRequest& request);
    /// The same for an answer that is ready: nobody is told of the span but the client.
    void begin_ready_span(const domain::ports::RequestView& request);
    [[nodiscard]] TraceSeed new_seed() const;

    [[nodiscard]] ProblemOrigin origin() const { return {.request_id = request_id_, .trace_id = trace_id_}; }

    void report(const std::exception_ptr& thrown) const;

    boost::asio::ip::tcp::socket socket_;
    Surroundings& around_;
    boost::asio::cancellation_signal cancel_;
    ReadBuffer received_;
    /// Bytes of it that were looked at for the end of a header block.
    std::size_t scanned_ = 0;
    /// Of the request at hand, as `received_` has them.
    std::vector<domain::ports::FieldView> fields_;
    std::unique_ptr<domain::ports::ConnectionMemory> memory_;
    domain::ports::ReadyReply ready_;
    /// How much of `head_out_` and the body of `ready_` is yet to be sent.
    std::size_t unsent_ = 0;
    /// Whether the connection goes on once that is sent.
    bool goes_on_ = false;
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
