// One database thread's connection: made when needed, thrown away when lost (libpqxx 6 would silently
// reconnect, with every setting gone) or when nobody knows what it has prepared, made again after a pause
// that grows while the database is away.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include "adapters/postgres/pool.hpp"
#include "adapters/postgres/transaction.hpp"
#include "domain/error.hpp"

namespace tributary::postgres {

class Session {
  public:
    using Clock = std::chrono::steady_clock;
    using Body = std::function<void(Transaction&)>;

    struct Request {
        std::optional<domain::Uuid> tenant;
        bool retry_conflict = false;
        Terms terms;
        Clock::time_point deadline;
    };

    enum class State { closed, connecting, open };

    /// Told every change, with the socket once a connection stands (-1 otherwise), so that a watchdog can cut
    /// it. While connecting no body runs, and after that only where the deadline has not passed yet.
    using Observer = std::function<void(State, int socket)>;

    /// Of the options, which outlive it, where to connect and what holds for each transaction.
    Session(const PoolOptions& options, Observer observer)
        : url_(options.url),
          prepares_(options.prepared),
          rewrite_(options.rewrite),
          committed_(options.committed),
          observer_(std::move(observer)) {}

    ~Session() { drop(); }

    Session(const Session&) = delete;
    Session& operator=(const Session&) = delete;

    [[nodiscard]] bool connected() const { return connection_ != nullptr; }

    /// The earliest moment at which connecting is tried again.
    [[nodiscard]] Clock::time_point next_attempt() const { return next_attempt_; }

    /// Runs `body` in a transaction with up to 3 attempts, and commits.
    domain::Result<void> run(const Request& request, const Body& body);

  private:
    domain::Result<void> connect();
    void drop();
    void tell_commit(Transaction& transaction) const noexcept;
    struct Attempt;
    Attempt attempt(const Request& request, const Body& body);

    std::string url_;
    bool prepares_;
    Rewriting rewrite_;
    std::function<void(const domain::ports::OwnNews&)> committed_;
    Observer observer_;
    std::unique_ptr<pqxx::connection> connection_;
    PreparedStatements prepared_;
    /// Until it is seen that the server knows our statements by other names.
    bool executes_by_name_ = true;
    Clock::time_point next_attempt_{};
    std::chrono::milliseconds pause_{0};
    domain::Error last_error_;
};

}  // namespace tributary::postgres
