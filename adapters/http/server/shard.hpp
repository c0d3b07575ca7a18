// The connections of one thread: accepts them, watches their deadlines, ends them at stop.
#pragma once

#include <atomic>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <exception>
#include <list>
#include <memory>
#include <optional>
#include <vector>

#include "adapters/http/server/listener.hpp"
#include "adapters/http/server/session.hpp"

namespace tributary::http {

/// What all shards of a listener share.
struct ListenerState {
    ListenerOptions options;
    ListenerCounters counters = {};
    /// Shards that still accept or hold connections.
    std::atomic<std::size_t> undrained_shards = 0;
};

/// Everything but the constructor and executor() runs on the shard's own loop.
class Shard : public std::enable_shared_from_this<Shard> {
  public:
    Shard(boost::asio::ip::tcp::acceptor acceptor, std::shared_ptr<ListenerState> state);

    void start(Served served);
    /// Counts itself out of the undrained shards once no connection is left. After `grace` the remaining ones
    /// are cut.
    void stop(std::chrono::milliseconds grace);

    [[nodiscard]] boost::asio::any_io_executor executor() { return acceptor_.get_executor(); }

  private:
    using Socket = boost::asio::ip::tcp::socket;
    using Sessions = std::list<std::shared_ptr<Session>>;

    domain::ports::Task<void> accept_connections();
    domain::ports::Task<void> watch_deadlines();
    void admit(Socket socket);
    void begin(Socket socket);
    void turn_away(Socket socket);
    void forget(Sessions::iterator place);
    void take_waiting_connections();
    void close_longest_idle();
    void sweep(std::chrono::steady_clock::time_point now);
    void check_drained();
    void report(const std::exception_ptr& thrown) const;

    boost::asio::ip::tcp::acceptor acceptor_;
    boost::asio::steady_timer tick_;
    boost::asio::steady_timer pause_;
    std::shared_ptr<ListenerState> state_;
    std::optional<Surroundings> around_;
    Sessions sessions_;
    bool accepting_ = false;
    std::optional<std::chrono::steady_clock::time_point> cut_at_;
    bool drained_ = false;
};

}  // namespace tributary::http
