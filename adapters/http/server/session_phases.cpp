// What a session is doing at a moment, and how long it may.
#include <utility>

#include "adapters/http/server/session.hpp"

namespace tributary::http {

namespace asio = boost::asio;
using ErrorCode = boost::system::error_code;
using Clock = std::chrono::steady_clock;

void Session::enter(Phase phase) {
    phase_ = phase;
    overdue_ = false;
    since_ = Clock::now();
    deadline_ = since_ + limit_of(phase);
}

std::chrono::milliseconds Session::limit_of(Phase phase) const {
    const PhaseLimits& limits = around_.options.phases;
    switch (phase) {
        case Phase::idle:
            return limits.idle;
        case Phase::header:
            return limits.header;
        case Phase::body:
            return limits.body;
        case Phase::handling:
            return limits.handler;
        case Phase::abandoned:
        case Phase::writing:
            return limits.write;
        case Phase::lingering:
            return limits.linger;
        case Phase::streaming:
            // Its sender has deadlines of its own.
            return std::chrono::hours(0);
    }
    std::unreachable();
}

void Session::check_deadline(Clock::time_point now) {
    if (phase_ == Phase::streaming) {
        check_stream(now);
        return;
    }
    if (now < deadline_) return;
    around_.counters.deadlines_passed.fetch_add(1, std::memory_order_relaxed);
    if (phase_ == Phase::handling) {
        enter(Phase::abandoned);
        overdue_ = true;
        cancel_.emit(asio::cancellation_type::terminal);
        return;
    }
    overdue_ = true;
    deadline_ = Clock::time_point::max();
    ErrorCode ignored;
    if (phase_ == Phase::writing || phase_ == Phase::abandoned) {
        socket_.close(ignored);
    } else {
        socket_.cancel(ignored);
    }
}

void Session::check_stream(Clock::time_point now) {
    const auto overdue = sender_->check_deadline(now);
    if (overdue == StreamSender::Overdue::no) return;
    around_.counters.deadlines_passed.fetch_add(1, std::memory_order_relaxed);
    if (overdue == StreamSender::Overdue::lost) cut();
}

bool Session::is_request_under_way() const {
    ErrorCode failed;
    return socket_.available(failed) > 0 && !failed;
}

// Cancels the read instead of closing the socket: one that completed just now keeps its bytes and is
// answered.
void Session::close_if_idle() {
    ErrorCode ignored;
    if (phase_ == Phase::idle && !is_request_under_way()) socket_.cancel(ignored);
}

void Session::end_stream() {
    if (sender_) sender_->stop();
}

void Session::cut() {
    cut_ = true;
    ErrorCode ignored;
    socket_.close(ignored);
    if (sender_) sender_->abandon();
    if (phase_ == Phase::handling || phase_ == Phase::streaming) {
        cancel_.emit(asio::cancellation_type::terminal);
    }
}

}  // namespace tributary::http
