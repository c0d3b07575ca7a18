// An HTTP/1.1 listener: one port, one or several threads, one handler. Each io_context accepts and serves its
// own connections; a connection never changes its thread.
#pragma once

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/http/server/gate.hpp"
#include "domain/error.hpp"
#include "domain/ports/clock.hpp"
#include "domain/ports/http.hpp"

namespace tributary::http {

/// How long each phase of an exchange may take, as one absolute deadline set when the phase begins.
struct PhaseLimits {
    /// Between two requests, and before the first. After an answer from memory up to a tick less, because no
    /// clock is asked for it.
    std::chrono::milliseconds idle{60'000};
    /// From the first byte of a request to the end of its header block.
    std::chrono::milliseconds header{10'000};
    std::chrono::milliseconds body{30'000};
    /// Each of HttpHandler::admit and HttpHandler::handle; past it they are cancelled and the client gets
    /// 504.
    std::chrono::milliseconds handler{30'000};
    /// A whole answer, or one piece of a streamed body.
    std::chrono::milliseconds write{30'000};
    /// How long the source of a streamed body may take for one piece; past it the stream is stopped. A stream
    /// that is fed has no other limit.
    std::chrono::milliseconds piece{120'000};
    /// After a refusal: how long what the client still sends is read and thrown away, so that it sees the
    /// answer.
    std::chrono::milliseconds linger{1'000};
    /// How often deadlines are looked at, hence how late they may be.
    std::chrono::milliseconds tick{250};
};

struct ListenerOptions {
    /// An IPv4 or IPv6 address, no name.
    std::string address = "127.0.0.1";
    /// 0 lets the system choose.
    std::uint16_t port = 0;
    GateLimits gate = {};
    PhaseLimits phases = {};
    /// Over all threads, give or take one a thread. A connection beyond it is answered 503 and closed.
    std::size_t max_connections = 4096;
    /// Called on the connection's thread with what a handler threw (the client sees a plain 500), or the
    /// listener itself, then without a request id. Must not throw.
    std::function<void(std::string_view request_id, std::exception_ptr thrown)> on_fault = {};
};

/// Running figures for metrics; read from any thread.
struct ListenerCounters {
    std::atomic<std::uint64_t> open_connections = 0;
    std::atomic<std::uint64_t> accepted = 0;
    std::atomic<std::uint64_t> refused_at_capacity = 0;
    /// Requests refused before a handler saw them whole: by the gate, or too slow.
    std::atomic<std::uint64_t> refused_requests = 0;
    /// Phases that ran into their deadline, idle connections included.
    std::atomic<std::uint64_t> deadlines_passed = 0;
    /// Times accepting paused because descriptors or memory were short.
    std::atomic<std::uint64_t> accept_pauses = 0;
};

/// What a listener serves with. All must outlive the io_contexts' last run.
struct Served {
    domain::ports::HttpHandler& handler;
    /// For the Date header alone, which is up to a tick late on an answer from memory.
    domain::ports::Clock& clock;
    /// For the ids of requests, traces and spans.
    domain::ports::Random& random;
};

class Shard;
struct ListenerState;

/// There is at least one io_context; all outlive the listener, and each is run by one thread only.
class Listener {
  public:
    /// Binds the port for this process alone: a port where anybody else listens is Errc::configuration even
    /// though our own threads share it. Connections queue up from here on.
    static domain::Result<Listener> listen(std::span<boost::asio::io_context* const> loops,
                                           ListenerOptions options);

    Listener(Listener&&) noexcept;
    Listener& operator=(Listener&&) = delete;
    /// Cuts whatever is still open, on the loops' own threads.
    ~Listener();

    /// The port really bound.
    [[nodiscard]] std::uint16_t port() const { return port_; }

    /// Starts accepting on every loop. Call once.
    void serve(Served served);

    /// Stops accepting, closes idle connections, ends streams and lets requests in flight finish within
    /// `grace`; past it their handlers are cancelled and their sockets closed. Ends when no connection is
    /// left, at the latest `grace` plus a few ticks later, and returns how many a handler that ignores
    /// cancellation still holds. Call once, on an executor run by one thread, while the loops run.
    domain::ports::Task<std::size_t> stop(std::chrono::milliseconds grace);

    [[nodiscard]] const ListenerCounters& counters() const;

  private:
    Listener(std::shared_ptr<ListenerState> state, std::vector<std::shared_ptr<Shard>> shards,
             std::uint16_t port);

    std::shared_ptr<ListenerState> state_;
    std::vector<std::shared_ptr<Shard>> shards_;
    std::uint16_t port_ = 0;
};

}  // namespace tributary::http
