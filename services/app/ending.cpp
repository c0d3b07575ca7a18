#include "services/app/ending.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/post.hpp>
#include <csignal>

namespace tributary::app {

using domain::ports::Task;

Ending::Ending(const boost::asio::any_io_executor& executor) : signals_(executor, SIGTERM, SIGINT) {}

Task<void> Ending::wait() {
    if (!failed_) {
        co_await signals_.async_wait(boost::asio::as_tuple(boost::asio::deferred));
    }
}

void Ending::fail() {
    failed_ = true;
    // Posted, and so after wait() began to wait, or before it looks.
    boost::asio::post(signals_.get_executor(), [this] { signals_.cancel(); });
}

}  // namespace tributary::app
