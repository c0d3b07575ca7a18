#include "adapters/http/server/stream_sender.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <utility>

namespace tributary::http {

namespace asio = boost::asio;
using domain::ports::Task;
using ErrorCode = boost::system::error_code;
using Clock = std::chrono::steady_clock;

StreamSender::StreamSender(asio::ip::tcp::socket& socket, std::shared_ptr<domain::ports::ReplyStream> source,
                           Framing framing, const PhaseLimits& limits)
    : socket_(socket), source_(std::move(source)), framing_(framing), limits_(limits) {
    // Small pieces fit into the socket's buffer for hours. A reader that vanished, or does not read, is
    // noticed by what stays unacknowledged.
    const auto unacknowledged_ms = static_cast<unsigned>(limits_.write.count());
    ::setsockopt(socket_.native_handle(), IPPROTO_TCP, TCP_USER_TIMEOUT, &unacknowledged_ms,
                 sizeof unacknowledged_ms);
    enter(Step::writing);
}

Task<std::exception_ptr> StreamSender::run() {
    watch_reader();
    while (!stopped_) {
        std::optional<std::string> piece;
        enter(Step::making);
        try {
            piece = co_await source_->next();
        } catch (...) {
            co_return std::current_exception();
        }
        // Cancelled once, this coroutine can await nothing more.
        if (abandoned_) co_return nullptr;
        if (!piece) break;
        if (piece->empty()) continue;
        const bool chunked = framing_ == Framing::chunked;
        std::string before = chunked ? chunk_begin(piece->size()) : std::string();
        const bool written =
            co_await write(std::move(before), std::move(*piece), chunked ? chunk_end : std::string_view());
        if (!written) {
            stop();
            co_return nullptr;
        }
    }
    if (framing_ == Framing::chunked) {
        co_await write({}, {}, last_chunk);
    }
    co_return nullptr;
}

Task<bool> StreamSender::write(std::string before, std::string piece, std::string_view after) {
    enter(Step::writing);
    const std::array<asio::const_buffer, 3> bytes = {asio::buffer(before), asio::buffer(piece),
                                                     asio::buffer(after)};
    ErrorCode failed;
    co_await asio::async_write(socket_, bytes, asio::redirect_error(asio::use_awaitable, failed));
    co_return !failed;
}

// Waits for something to read without reading it. The wait outlives the stream where nothing came, hence
// weak; who owns the sender ends it by closing the socket or cancelling what it waits for.
void StreamSender::watch_reader() {
    socket_.async_wait(asio::ip::tcp::socket::wait_read, [weak = weak_from_this()](ErrorCode failed) {
        if (const auto self = weak.lock(); self && failed != asio::error::operation_aborted) self->stop();
    });
}

void StreamSender::stop() noexcept {
    if (std::exchange(stopped_, true)) return;
    if (step_ == Step::making) enter(Step::stopping);
    source_->stop();
}

void StreamSender::abandon() noexcept {
    abandoned_ = true;
    stop();
}

StreamSender::Overdue StreamSender::check_deadline(Clock::time_point now) {
    if (now < deadline_) return Overdue::no;
    if (step_ == Step::making) {
        stop();
        return Overdue::told_to_stop;
    }
    deadline_ = Clock::time_point::max();
    return Overdue::lost;
}

void StreamSender::enter(Step step) {
    step_ = step;
    deadline_ = Clock::now() + (step == Step::making ? limits_.piece : limits_.write);
}

}  // namespace tributary::http
