#include "adapters/http/client/pool.hpp"

#include "adapters/http/client/awaiting.hpp"
#include "adapters/http/client/transport_error.hpp"

namespace tributary::http {

namespace asio = boost::asio;
using domain::Result;
using domain::ports::Task;

Pool::Pool(asio::any_io_executor executor, const ClientOptions& options)
    : executor_(std::move(executor)),
      turns_(options.sends_per_origin),
      max_idle_(options.idle_per_origin),
      idle_age_(options.idle_age) {}

Task<Result<Pool::Turn>> Pool::wait_for_turn(Origin origin, Deadline deadline) {
    Line& line = lines_[origin];
    if (line.busy < turns_) {
        ++line.busy;
        co_return Turn(shared_from_this(), std::move(origin));
    }
    Waiter waiter(executor_);

    // Leaves the line, or passes the turn on, however this coroutine ends; io_context may destroy it
    // unfinished.
    struct Place {
        Place(std::shared_ptr<Pool> in, const Origin& of, Waiter& who)
            : pool(std::move(in)), origin(of), waiter(who) {
            pool->lines_[origin].waiting.push_back(&waiter);
        }

        Place(const Place&) = delete;
        Place& operator=(const Place&) = delete;

        ~Place() {
            if (waiter.has_turn) {
                pool->pass_on(origin);
            } else {
                pool->lines_[origin].waiting.remove(&waiter);
                pool->forget_if_empty(origin);
            }
        }

        std::shared_ptr<Pool> pool;
        const Origin& origin;
        Waiter& waiter;
    };

    const Place place(shared_from_this(), origin, waiter);
    boost::system::error_code error;

    waiter.woken.expires_at(deadline);
    co_await waiter.woken.async_wait(awaiting(error));
    if (!waiter.has_turn) {
        co_return std::unexpected(error ? cancelled() : timed_out(origin.host, "free connection"));
    }
    waiter.has_turn = false;
    co_return Turn(place.pool, origin);
}

void Pool::pass_on(const Origin& origin) {
    Line& line = lines_[origin];
    if (!line.waiting.empty() && !closed_) {
        Waiter* const next = line.waiting.front();
        line.waiting.pop_front();
        next->has_turn = true;
        next->woken.cancel();
        return;
    }
    --line.busy;
    forget_if_empty(origin);
}

std::unique_ptr<Connection> Pool::take_idle(const Origin& origin) {
    drop_aged();
    const auto found = lines_.find(origin);
    if (found == lines_.end()) {
        return nullptr;
    }
    auto& idle = found->second.idle;
    while (!idle.empty()) {
        std::unique_ptr<Connection> connection = std::move(idle.back().connection);
        idle.pop_back();
        if (connection->is_quiet()) {
            return connection;
        }
    }
    return nullptr;
}

void Pool::keep_idle(const Origin& origin, std::unique_ptr<Connection> connection) {
    if (closed_ || max_idle_ == 0) {
        return;
    }
    drop_aged();
    auto& idle = lines_[origin].idle;
    if (idle.size() == max_idle_) {
        idle.erase(idle.begin());
    }
    idle.push_back({std::move(connection), from_now(idle_age_)});
}

void Pool::drop_aged() {
    const auto now = std::chrono::steady_clock::now();
    for (auto& [origin, line] : lines_) {
        std::erase_if(line.idle, [now](const Idle& idle) { return idle.keep_until <= now; });
    }
    std::erase_if(lines_, [](const auto& entry) {
        const Line& line = entry.second;
        return line.busy == 0 && line.waiting.empty() && line.idle.empty();
    });
}

void Pool::forget_if_empty(const Origin& origin) {
    const auto found = lines_.find(origin);
    if (found != lines_.end() && found->second.busy == 0 && found->second.waiting.empty() &&
        found->second.idle.empty()) {
        lines_.erase(found);
    }
}

void Pool::close() {
    closed_ = true;
    for (auto& [origin, line] : lines_) {
        line.idle.clear();
    }
}

}  // namespace tributary::http
