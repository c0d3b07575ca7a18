#include "services/sync/nap.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace tributary::sync {

domain::ports::Task<void> Nap::sleep(std::chrono::steady_clock::duration duration) {
    if (!woken_) {
        // A task of its own, because only that can be cancelled without its caller. We are on the executor's
        // thread, so it has begun to wait before anybody can wake it.
        co_await boost::asio::co_spawn(
            executor_, clock_.sleep(duration),
            boost::asio::bind_cancellation_slot(signal_.slot(),
                                                boost::asio::as_tuple(boost::asio::use_awaitable)));
    }
    woken_ = false;
}

void Nap::wake() {
    woken_ = true;
    signal_.emit(boost::asio::cancellation_type::terminal);
}

}  // namespace tributary::sync
