#include "fed_stream.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>
#include <stdexcept>
#include <utility>

namespace tributary::tests {

namespace asio = boost::asio;
using domain::ports::Task;

Task<std::optional<std::string>> FedStream::next() {
    const auto executor = co_await asio::this_coro::executor;
    const auto timer = std::make_shared<asio::steady_timer>(executor);
    {
        const std::scoped_lock lock(mutex_);
        ++asked_;
        timer_ = timer;
    }
    changed_.notify_all();
    for (;;) {
        {
            const std::scoped_lock lock(mutex_);
            if (failure_) std::rethrow_exception(failure_);
            if (!pieces_.empty()) {
                std::string piece = std::move(pieces_.front());
                pieces_.pop_front();
                co_return piece;
            }
            if (finished_ || (stopped_ > 0 && !deaf_)) co_return std::nullopt;
            timer->expires_at(asio::steady_timer::time_point::max());
        }
        boost::system::error_code ended;
        co_await timer->async_wait(asio::redirect_error(asio::use_awaitable, ended));
    }
}

// NOLINTNEXTLINE(bugprone-exception-escape): a test that cannot even post has nothing left to show
void FedStream::stop() noexcept {
    {
        const std::scoped_lock lock(mutex_);
        ++stopped_;
    }
    wake();
}

void FedStream::give(std::string piece) {
    {
        const std::scoped_lock lock(mutex_);
        pieces_.push_back(std::move(piece));
    }
    wake();
}

void FedStream::finish() {
    {
        const std::scoped_lock lock(mutex_);
        finished_ = true;
    }
    wake();
}

void FedStream::fail() {
    {
        const std::scoped_lock lock(mutex_);
        failure_ = std::make_exception_ptr(std::runtime_error("secret inner text"));
    }
    wake();
}

void FedStream::wake() {
    changed_.notify_all();
    std::shared_ptr<asio::steady_timer> timer;
    {
        const std::scoped_lock lock(mutex_);
        timer = timer_.lock();
    }
    if (timer) asio::post(timer->get_executor(), [timer] { timer->cancel(); });
}

bool FedStream::is_asked(int times) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, std::chrono::seconds(10), [&] { return asked_ >= times; });
}

bool FedStream::is_stopped() {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, std::chrono::seconds(10), [&] { return stopped_ > 0; });
}

int FedStream::times_asked() {
    const std::scoped_lock lock(mutex_);
    return asked_;
}

int FedStream::times_stopped() {
    const std::scoped_lock lock(mutex_);
    return stopped_;
}

domain::ports::HttpReply reply_of(std::shared_ptr<domain::ports::ReplyStream> stream, std::string body) {
    domain::ports::HttpReply reply{.body = std::move(body), .stream = std::move(stream)};
    reply.fields.add("Content-Type", "text/event-stream");
    return reply;
}

}  // namespace tributary::tests
