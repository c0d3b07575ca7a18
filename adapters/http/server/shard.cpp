#include "adapters/http/server/shard.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "adapters/http/server/reply.hpp"

namespace tributary::http {

namespace asio = boost::asio;
using domain::ports::Task;
using ErrorCode = boost::system::error_code;
using Clock = std::chrono::steady_clock;

namespace {

// Accepting again at once while descriptors are short would spin a core and still accept nothing.
constexpr std::chrono::milliseconds accept_pause{75};
constexpr std::ptrdiff_t shed_at_once = 16;

void count(std::atomic<std::uint64_t>& counter) {
    counter.fetch_add(1, std::memory_order_relaxed);
}

}  // namespace

Shard::Shard(asio::ip::tcp::acceptor acceptor, std::shared_ptr<ListenerState> state)
    : acceptor_(std::move(acceptor)),
      tick_(acceptor_.get_executor()),
      pause_(acceptor_.get_executor()),
      state_(std::move(state)) {}

void Shard::start(Served served) {
    around_.emplace(state_->options, served, state_->counters);
    const auto ended = [self = shared_from_this()](const std::exception_ptr& thrown) {
        if (thrown) self->report(thrown);
    };
    accepting_ = true;
    asio::co_spawn(executor(), accept_connections(), ended);
    asio::co_spawn(executor(), watch_deadlines(), ended);
}

Task<void> Shard::accept_connections() {
    while (acceptor_.is_open()) {
        ErrorCode failed;
        auto socket = co_await acceptor_.async_accept(asio::redirect_error(asio::use_awaitable, failed));
        if (!failed) {
            admit(std::move(socket));
        } else if (acceptor_.is_open()) {
            count(state_->counters.accept_pauses);
            close_longest_idle();
            pause_.expires_after(accept_pause);
            co_await pause_.async_wait(asio::redirect_error(asio::use_awaitable, failed));
        }
    }
    accepting_ = false;
    check_drained();
}

// Out of memory or randomness, this connection is lost, the listener is not.
void Shard::admit(Socket socket) {
    try {
        count(state_->counters.accepted);
        if (state_->counters.open_connections.load() < state_->options.max_connections) {
            begin(std::move(socket));
        } else {
            turn_away(std::move(socket));
        }
    } catch (...) {
        report(std::current_exception());
    }
}

void Shard::begin(Socket socket) {
    const auto session = std::make_shared<Session>(std::move(socket), *around_);
    const auto place = sessions_.insert(sessions_.end(), session);
    state_->counters.open_connections.fetch_add(1);
    auto ended = [self = shared_from_this(), place](const std::exception_ptr& thrown) {
        if (thrown) self->report(thrown);
        self->forget(place);
    };
    try {
        asio::co_spawn(executor(), session->run(),
                       asio::bind_cancellation_slot(session->cancellation(), std::move(ended)));
    } catch (...) {
        forget(place);
        throw;
    }
}

void Shard::report(const std::exception_ptr& thrown) const {
    if (state_->options.on_fault) state_->options.on_fault({}, thrown);
}

// The answer is small enough for a fresh socket's buffer, so that nobody has to wait for it.
void Shard::turn_away(Socket socket) {
    count(state_->counters.refused_at_capacity);
    const auto request_id = new_connection_id(around_->random) + "-000000";
    const auto answer =
        problem(503, "too_many_connections", "The server has no connection left; try again later.",
                {.request_id = request_id, .retry_after_s = 1});
    std::string bytes;
    const auto date = around_->date.at(around_->served.clock.now());
    write_head(bytes, answer, {.date = date, .request_id = request_id, .close = true});
    bytes += answer.body;
    ErrorCode ignored;
    socket.non_blocking(true, ignored);
    socket.write_some(asio::buffer(bytes), ignored);
    socket.shutdown(Socket::shutdown_send, ignored);
    std::array<char, 4096> unread{};
    socket.read_some(asio::buffer(unread), ignored);
}

void Shard::forget(Sessions::iterator place) {
    sessions_.erase(place);
    state_->counters.open_connections.fetch_sub(1);
    check_drained();
}

void Shard::close_longest_idle() {
    std::vector<Session*> idle;
    for (const auto& session : sessions_) {
        if (session->is_idle()) idle.push_back(session.get());
    }
    const auto closed = std::min(shed_at_once, std::ssize(idle));
    std::ranges::partial_sort(idle, idle.begin() + closed, {}, &Session::since);
    std::for_each_n(idle.begin(), closed, [](Session* session) { session->close_if_idle(); });
}

Task<void> Shard::watch_deadlines() {
    while (!around_->stopping || accepting_ || !sessions_.empty()) {
        ErrorCode failed;
        tick_.expires_after(state_->options.phases.tick);
        co_await tick_.async_wait(asio::redirect_error(asio::use_awaitable, failed));
        sweep(Clock::now());
    }
}

void Shard::sweep(Clock::time_point now) {
    around_->look_at_clocks(now);
    const bool cut_all = cut_at_ && now >= *cut_at_;
    // A copy, because a cancelled handler may end its session at once.
    const std::vector<std::shared_ptr<Session>> watched(sessions_.begin(), sessions_.end());
    for (const auto& session : watched) {
        if (cut_all) {
            session->cut();
        } else {
            session->check_deadline(now);
        }
    }
}

void Shard::stop(std::chrono::milliseconds grace) {
    if (around_) {
        take_waiting_connections();
        around_->stopping = true;
        cut_at_ = Clock::now() + grace;
        for (const auto& session : Sessions(sessions_)) {
            session->close_if_idle();
            session->end_stream();
        }
    }
    ErrorCode ignored;
    acceptor_.close(ignored);
    pause_.cancel();
    check_drained();
}

// Closing a listening socket resets the connections in its queue, though their clients may have sent a
// request.
void Shard::take_waiting_connections() {
    ErrorCode failed;
    acceptor_.non_blocking(true, failed);
    while (!failed) {
        Socket socket(acceptor_.get_executor());
        acceptor_.accept(socket, failed);
        if (!failed) admit(std::move(socket));
    }
}

void Shard::check_drained() {
    if (drained_ || acceptor_.is_open() || accepting_ || !sessions_.empty()) return;
    drained_ = true;
    tick_.cancel();
    state_->undrained_shards.fetch_sub(1);
}

}  // namespace tributary::http
