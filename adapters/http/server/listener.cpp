#include "adapters/http/server/listener.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <utility>

#include "adapters/http/server/bind.hpp"
#include "adapters/http/server/shard.hpp"

namespace tributary::http {

namespace asio = boost::asio;
using domain::ports::Task;

namespace {

// Past the grace, cancelled handlers need a moment to unwind.
constexpr int unwinding_ticks = 4;

// Posts the stop to the shard's loop. `drained` runs there.
void stop_on_its_loop(const std::shared_ptr<Shard>& shard, std::chrono::milliseconds grace,
                      std::function<void()> drained) {
    asio::post(shard->executor(), [shard, grace, drained = std::move(drained)]() mutable {
        shard->stop(grace, std::move(drained));
    });
}

}  // namespace

domain::Result<Listener> Listener::listen(std::span<asio::io_context* const> loops, ListenerOptions options) {
    auto acceptors = bind_acceptors(loops, options.address, options.port);
    if (!acceptors) return std::unexpected(std::move(acceptors.error()));
    const std::uint16_t port = acceptors->front().local_endpoint().port();
    auto state = std::make_shared<ListenerState>(std::move(options));
    std::vector<std::shared_ptr<Shard>> shards;
    for (auto& acceptor : *acceptors) {
        shards.push_back(std::make_shared<Shard>(std::move(acceptor), state));
    }
    return Listener(std::move(state), std::move(shards), port);
}

Listener::Listener(std::shared_ptr<ListenerState> state, std::vector<std::shared_ptr<Shard>> shards,
                   std::uint16_t port)
    : state_(std::move(state)), shards_(std::move(shards)), port_(port) {}

Listener::Listener(Listener&&) noexcept = default;

Listener::~Listener() {
    for (const auto& shard : shards_) {
        stop_on_its_loop(shard, std::chrono::milliseconds(0), [] {});
    }
}

void Listener::serve(Served served) {
    for (const auto& shard : shards_) {
        asio::post(shard->executor(), [shard, served] { shard->start(served); });
    }
}

Task<std::size_t> Listener::stop(std::chrono::milliseconds grace) {
    const auto executor = co_await asio::this_coro::executor;
    const auto latest = grace + unwinding_ticks * state_->options.phases.tick;
    const auto all_drained = std::make_shared<asio::steady_timer>(executor, latest);
    const auto left = std::make_shared<std::size_t>(shards_.size());
    for (const auto& shard : shards_) {
        stop_on_its_loop(shard, grace, [executor, all_drained, left] {
            // Back on the executor of the caller, which alone touches the timer and the count.
            asio::post(executor, [all_drained, left] {
                if (--*left == 0) all_drained->expires_at(asio::steady_timer::time_point::min());
            });
        });
    }
    boost::system::error_code ignored;
    co_await all_drained->async_wait(asio::redirect_error(asio::use_awaitable, ignored));
    shards_.clear();
    co_return state_->counters.open_connections.load();
}

const ListenerCounters& Listener::counters() const {
    return state_->counters;
}

}  // namespace tributary::http
