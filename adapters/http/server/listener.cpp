#include "adapters/http/server/listener.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <chrono>
#include <exception>
#include <utility>

#include "adapters/http/server/bind.hpp"
#include "adapters/http/server/shard.hpp"

namespace tributary::http {

namespace asio = boost::asio;
using domain::ports::Task;

namespace {

// Past the grace, cancelled handlers need a moment to unwind.
constexpr int unwinding_ticks = 4;
// How often stop() looks whether everything has ended. A count cannot dangle, as a call back to the waiting
// coroutine could once it has given up.
constexpr std::chrono::milliseconds drain_poll{5};

void stop_on_its_loop(const std::shared_ptr<Shard>& shard, std::chrono::milliseconds grace) {
    asio::post(shard->executor(), [shard, grace] { shard->stop(grace); });
}

}  // namespace

domain::Result<Listener> Listener::listen(std::span<asio::io_context* const> loops, ListenerOptions options) {
    auto acceptors = bind_acceptors(loops, options.address, options.port);
    if (!acceptors) return std::unexpected(std::move(acceptors.error()));
    const std::uint16_t port = acceptors->front().local_endpoint().port();
    auto state = std::make_shared<ListenerState>(std::move(options));
    state->undrained_shards = acceptors->size();
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
    try {
        for (const auto& shard : shards_) {
            stop_on_its_loop(shard, std::chrono::milliseconds(0));
        }
    } catch (const std::exception&) {
        // Out of memory for the message: the loop closes what it holds when it is destroyed.
        return;
    }
}

void Listener::serve(Served served) {
    for (const auto& shard : shards_) {
        asio::post(shard->executor(), [shard, served] { shard->start(served); });
    }
}

Task<std::size_t> Listener::stop(std::chrono::milliseconds grace) {
    const auto latest =
        std::chrono::steady_clock::now() + grace + unwinding_ticks * state_->options.phases.tick;
    for (const auto& shard : shards_) {
        stop_on_its_loop(shard, grace);
    }
    shards_.clear();
    const auto executor = co_await asio::this_coro::executor;
    asio::steady_timer pause(executor);
    while (state_->undrained_shards.load() > 0 && std::chrono::steady_clock::now() < latest) {
        pause.expires_after(drain_poll);
        co_await pause.async_wait(asio::use_awaitable);
    }
    co_return state_->counters.open_connections.load();
}

const ListenerCounters& Listener::counters() const {
    return state_->counters;
}

}  // namespace tributary::http
