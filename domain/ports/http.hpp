// HTTP as plain values: what the provider adapters send, what the API handlers get and give. The sockets
// behind both ends live in adapters/http.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "domain/error.hpp"
#include "domain/http/trace_context.hpp"
#include "domain/ports/task.hpp"

namespace tributary::domain::ports {

/// Header fields in order; names compare without case.
class HttpFields {
  public:
    void add(std::string name, std::string value) { fields_.emplace_back(std::move(name), std::move(value)); }

    /// The first field of this name.
    [[nodiscard]] std::optional<std::string_view> find(std::string_view name) const;

    /// All fields of this name, joined by commas (RFC 9110, 5.3); empty where there is none.
    [[nodiscard]] std::string joined(std::string_view name) const;

    [[nodiscard]] auto begin() const { return fields_.begin(); }

    [[nodiscard]] auto end() const { return fields_.end(); }

    [[nodiscard]] bool empty() const { return fields_.empty(); }

  private:
    std::vector<std::pair<std::string, std::string>> fields_;
};

/// A request to a provider. The bytes of `target` go on the wire as they stand, because some providers sign
/// them.
struct HttpCall {
    std::string method = "GET";
    /// `https://host[:port]`, no path. `http://` only to an allow-listed loopback origin.
    std::string origin;
    /// Path and query, e.g. "/account_groups?limit=1000".
    std::string target;
    /// Host, Content-Length and Accept-Encoding are added by the transport.
    HttpFields fields = {};
    std::string body = {};
    /// Asked once a connection stands, right before the first byte: false ends the call with Errc::throttled,
    /// and nothing was sent. Empty: it may.
    std::function<bool()> may_leave = {};
};

struct HttpAnswer {
    int status = 0;
    HttpFields fields = {};
    std::string body = {};
    /// From the first byte sent to the last byte received.
    std::chrono::microseconds elapsed{0};
};

/// Sends one request and reads one answer. Whatever the status, an answer that arrived whole is a value;
/// Errors are unavailable, timed_out, contract (broken framing, caps exceeded, foreign encoding),
/// configuration (TLS verification, bad origin), throttled (see
/// HttpCall::may_leave) and cancelled. Never follows redirects, never retries.
class HttpTransport {
  public:
    virtual ~HttpTransport() = default;
    virtual Task<Result<HttpAnswer>> send(HttpCall call) = 0;
};

/// A request that passed the server's gate.
struct HttpRequest {
    std::string method;
    /// Percent-encoding still in place, starts with '/', no query; "*" of OPTIONS for the whole server.
    std::string path;
    /// Without '?', still encoded.
    std::string query;
    /// Fields of the header block only; trailers never get here.
    HttpFields fields = {};
    std::string body = {};
    /// Ours, for logs and for the answer's X-Request-Id.
    std::string request_id;
    /// Our span of the trace, for logs and problems; the answer's traceparent is made of it.
    http::TraceContext trace = {};
    /// What HttpHandler::admit left for its handle(); nobody else looks inside.
    std::shared_ptr<void> admitted = {};
};

/// The part of a reply's body that is made while it is sent. Used on its connection's thread only.
class ReplyStream {
  public:
    virtual ~ReplyStream() = default;
    /// The next piece, at least one byte; nothing: the stream is over. Asked for only once the piece before
    /// was handed to the reader whole, so that at most one is in memory. What it throws breaks the connection
    /// off without the body's end. A source that has nothing to tell for long sends a piece that says so:
    /// silence is bounded (`PhaseLimits::piece` of the listener).
    virtual Task<std::optional<std::string>> next() = 0;
    /// The reader went away, or the service stops: a next() under way returns soon, with nothing or with a
    /// piece that it has; no other is asked for. Called once at most, possibly before the first next(), and
    /// not at all where the stream ends by itself. Must not resume the waiting next() itself, only let it be
    /// resumed.
    virtual void stop() noexcept = 0;
};

struct HttpReply {
    int status = 200;
    HttpFields fields = {};
    /// Finished bytes. With a stream: what comes before its pieces.
    std::string body = {};
    /// Further pieces of the body. Such a reply has no Content-Length, should have no ETag, and is the last
    /// on its connection. To HEAD, and with a status that has no body, it is never asked for anything.
    std::shared_ptr<ReplyStream> stream = {};
};

/// One header field in the bytes it came in.
struct FieldView {
    std::string_view name;
    /// Without the white space around it.
    std::string_view value;
};

/// A request that passed the server's gate and has no body, still in the bytes it came in. Nothing of it
/// outlives the call that it is given to.
struct RequestView {
    std::string_view method;
    /// As in HttpRequest.
    std::string_view path;
    std::string_view query;
    /// In order; names compare without case.
    std::span<const FieldView> fields;
};

/// What a handler keeps for one connection between its requests. It lives and dies with the connection, and
/// on its thread.
class ConnectionMemory {
  public:
    virtual ~ConnectionMemory() = default;
};

/// An answer whose bytes are there already. The server adds what it adds to every answer: Content-Length,
/// Date, X-Request-Id, trace context, X-Content-Type-Options, and Connection where it closes.
struct ReadyReply {
    int status = 200;
    /// Finished field lines, each with its CRLF; `owner` keeps them. Nobody looks at them again: that each is
    /// one well-formed field, and none of those that the server adds or that frame the answer, is for the
    /// handler to see to. The same goes for `varying`.
    std::string_view fields = {};
    /// Further lines, of this exchange alone: appended to, never read; empty when it is handed out, with the
    /// room that earlier answers took.
    std::string varying = {};
    /// Not sent to HEAD; `owner` keeps it.
    std::string_view body = {};
    /// The route's template, for whoever counts; lives as long as the program.
    std::string_view route = {};
    std::shared_ptr<const void> owner = {};
};

/// What a listener does with a request. Called on the connection's own thread; must not block it.
class HttpHandler {
  public:
    virtual ~HttpHandler() = default;

    /// Asked first, for requests without a body that expect nothing: answers from memory, without waiting for
    /// anything. False: nothing has happened, and the request takes the way of all others. `memory` is the
    /// connection's, empty at first. What it throws is answered 500.
    virtual bool at_once(const RequestView& /*request*/, std::unique_ptr<ConnectionMemory>& /*memory*/,
                         ReadyReply& /*reply*/) {
        return false;
    }

    /// Looks at the header block alone, before any byte of the body is read: an answer here refuses the
    /// request (authentication, unknown route, wrong method) and the body is not read. What it found out it
    /// may leave in `admitted` for handle(), which gets the same request.
    virtual Task<std::optional<HttpReply>> admit(HttpRequest& head) = 0;
    virtual Task<HttpReply> handle(HttpRequest request) = 0;
};

}  // namespace tributary::domain::ports
