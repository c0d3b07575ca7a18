// Turns and idle connections by origin. Single-threaded; kept alive by every send that is under way.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <list>
#include <map>
#include <memory>
#include <vector>

#include "adapters/http/client/connection.hpp"
#include "adapters/http/client/deadline.hpp"
#include "adapters/http/client/options.hpp"
#include "adapters/http/client/origin.hpp"
#include "domain/error.hpp"
#include "domain/ports/task.hpp"

namespace tributary::http {

class Pool : public std::enable_shared_from_this<Pool> {
  public:
    /// The right to talk to an origin; the next in line gets it when it goes away.
    class Turn {
      public:
        Turn(std::shared_ptr<Pool> pool, Origin origin)
            : pool_(std::move(pool)), origin_(std::move(origin)) {}

        Turn(Turn&&) noexcept = default;
        Turn& operator=(Turn&&) = delete;

        ~Turn() {
            if (pool_) pool_->pass_on(origin_);
        }

      private:
        std::shared_ptr<Pool> pool_;
        Origin origin_;
    };

    Pool(boost::asio::any_io_executor executor, const ClientOptions& options);

    /// Turns are given in the order in which they were asked for. Errc::timed_out or cancelled.
    domain::ports::Task<domain::Result<Turn>> wait_for_turn(Origin origin, Deadline deadline);

    /// The idle connection used last that still seems alive, or null.
    std::unique_ptr<Connection> take_idle(const Origin& origin);
    void keep_idle(const Origin& origin, std::unique_ptr<Connection> connection);

    /// Closes what is idle, keeps nothing and gives no turn any more.
    void close();

  private:
    struct Waiter {
        explicit Waiter(const boost::asio::any_io_executor& executor) : woken(executor) {}

        boost::asio::steady_timer woken;
        bool has_turn = false;
    };

    struct Idle {
        std::unique_ptr<Connection> connection;
        Deadline keep_until;
    };

    struct Line {
        std::size_t busy = 0;
        std::list<Waiter*> waiting = {};
        /// Oldest first.
        std::vector<Idle> idle = {};
    };

    void pass_on(const Origin& origin);
    void drop_aged();
    void forget_if_empty(const Origin& origin);

    boost::asio::any_io_executor executor_;
    std::size_t turns_;
    std::size_t max_idle_;
    std::chrono::milliseconds idle_age_;
    bool closed_ = false;
    std::map<Origin, Line> lines_;
};

}  // namespace tributary::http
