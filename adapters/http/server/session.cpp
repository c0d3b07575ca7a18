#include "adapters/http/server/session.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include <algorithm>
#include <utility>

#include "adapters/http/server/reply.hpp"

namespace tributary::http {

namespace asio = boost::asio;
using domain::ports::HttpReply;
using domain::ports::Task;
using ErrorCode = boost::system::error_code;
using Clock = std::chrono::steady_clock;

namespace {

// A body grows by no more than this at a time: an announced megabyte costs memory only once it arrives.
constexpr std::size_t body_step = std::size_t{64} * 1024;
// What a refused client may still send before the connection is closed over its head.
constexpr std::size_t linger_bytes = std::size_t{4} * 1024 * 1024;

}  // namespace

Session::Session(asio::ip::tcp::socket socket, Surroundings& around)
    : socket_(std::move(socket)),
      around_(around),
      received_(around.options.gate.head_bytes),
      identity_(around.random) {
    ErrorCode ignored;
    socket_.set_option(asio::ip::tcp::no_delay(true), ignored);
    socket_.non_blocking(true, ignored);
    enter(Phase::idle);
}

Task<void> Session::run() {
    Next next = proceed();
    while (next != Next::close) {
        if (next == Next::receive || next == Next::yield) {
            next = co_await go_rounds(next);
        } else if (next == Next::write_rest) {
            next = co_await write_rest();
        } else {
            const bool again = co_await exchange(next);
            next = again ? proceed() : Next::close;
        }
    }
    if (closes_after_answer_ && !received_.empty()) unread_input_ = true;
    if (unread_input_ && !cut_) co_await linger();
    ErrorCode ignored;
    socket_.close(ignored);
}

// What cannot be answered at once. True if the connection stays open for the next request.
Task<bool> Session::exchange(Next next) {
    const auto after = terms_.keep_alive ? AfterReply::next_request : AfterReply::close;
    if (next == Next::refuse) co_return co_await refuse(refusal_);
    if (next == Next::fail) co_return co_await reply(failure(), after);

    auto& handler = around_.served.handler;
    auto refused = co_await ask([this, &handler] { return handler.admit(request_); });
    if (refused) {
        const bool body_follows = terms_.content_length > 0;
        unread_input_ = body_follows;
        co_return co_await reply(std::move(*refused), body_follows ? AfterReply::close : after);
    }
    if (terms_.content_length > 0) {
        const auto body = co_await read_body();
        if (!body && !body.error()) co_return false;
        if (!body) co_return co_await refuse(*body.error());
    }
    auto answer = co_await ask([this, &handler] { return handler.handle(std::move(request_)); });
    co_return co_await reply(std::move(*answer), after);
}

Task<std::expected<void, Session::NoBody>> Session::read_body() {
    enter(Phase::body);
    const auto wanted = static_cast<std::size_t>(terms_.content_length);
    std::string& body = request_.body;
    body = received_.view().substr(0, wanted);
    received_.consume(body.size());
    if (terms_.expects_continue && body.empty()) {
        ErrorCode failed;
        const auto go_on = asio::buffer(std::string_view("HTTP/1.1 100 Continue\r\n\r\n"));
        co_await asio::async_write(socket_, go_on, asio::redirect_error(asio::use_awaitable, failed));
        if (failed) co_return std::unexpected(std::nullopt);
    }
    while (body.size() < wanted) {
        const auto have = body.size();
        body.resize(std::min(wanted, have + body_step));
        const auto count = co_await read_some(std::span(body).subspan(have));
        body.resize(have + count);
        if (count == 0) {
            co_return std::unexpected(
                overdue_ ? NoBody(Refusal{408, "request_timeout", "The body did not arrive in time."})
                         : std::nullopt);
        }
    }
    co_return std::expected<void, NoBody>();
}

// 0 where the client closed, the connection broke or the phase's deadline passed.
Task<std::size_t> Session::read_some(std::span<char> space) {
    ErrorCode failed;
    const auto count = co_await socket_.async_read_some(asio::buffer(space.data(), space.size()),
                                                        asio::redirect_error(asio::use_awaitable, failed));
    co_return failed ? 0 : count;
}

// Runs a part of the handler under the handler's deadline. What it throws becomes a 500 without its text; a
// deadline becomes a 504, unless the handler came to a real answer after all.
template <class Start>
Task<std::optional<HttpReply>> Session::ask(Start start) {
    enter(Phase::handling);
    std::optional<HttpReply> answer;
    std::exception_ptr thrown;
    try {
        answer = co_await start();
    } catch (...) {
        thrown = std::current_exception();
    }
    if (overdue_ || cut_) {
        // A coroutine that was cancelled once would throw at its next await.
        co_await asio::this_coro::reset_cancellation_state();
        if (thrown || (answer && answer->status >= 500)) {
            co_return problem(504, "timed_out", "The request could not be answered in time.",
                              identity_.origin());
        }
    } else if (thrown) {
        report(thrown);
        co_return failure();
    }
    co_return answer;
}

Task<bool> Session::refuse(Refusal refusal) {
    around_.counters.refused_requests.fetch_add(1, std::memory_order_relaxed);
    unread_input_ = true;
    auto answer = problem(refusal.status, refusal.code, refusal.detail, identity_.origin());
    if (refusal.status == 405) answer.fields.add("Allow", "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS");
    co_return co_await reply(std::move(answer), AfterReply::close);
}

Task<bool> Session::reply(HttpReply answer, AfterReply after) {
    if (!is_sendable(answer)) {
        report(std::make_exception_ptr(
            std::runtime_error("a handler's reply holds an impossible status or field")));
        answer = failure();
    }
    const bool is_stream = answer.stream && !is_bodiless(answer.status);
    const bool close =
        after == AfterReply::close || around_.stopping || asks_to_close(answer) || answer.stream;
    ReplyContext around_answer = context(close);
    around_answer.date = around_.date.at(around_.served.clock.now());
    if (is_stream) around_answer.framing = terms_.is_http_1_0 ? Framing::until_close : Framing::chunked;
    const Framing framing = around_answer.framing;
    write_head(head_out_, answer, around_answer);
    const bool sends_body = !is_head_request_ && !is_bodiless(answer.status);
    if (sends_body && framing == Framing::chunked && !answer.body.empty()) {
        answer.body = chunk_begin(answer.body.size()).append(answer.body).append(chunk_end);
    }
    const std::array<asio::const_buffer, 2> bytes = {
        asio::buffer(head_out_), sends_body ? asio::buffer(answer.body) : asio::const_buffer()};
    enter(Phase::writing);
    ErrorCode failed;
    co_await asio::async_write(socket_, bytes, asio::redirect_error(asio::use_awaitable, failed));
    if (is_stream && sends_body && !failed) co_await send_stream(std::move(answer.stream), framing);
    closes_after_answer_ = close;
    co_return !failed && !close;
}

// No request after a stream is answered, so one that came already ends it: its sender has another wish.
Task<void> Session::send_stream(std::shared_ptr<domain::ports::ReplyStream> source, Framing framing) {
    sender_ = std::make_shared<StreamSender>(socket_, std::move(source), framing, around_.options.phases);
    enter(Phase::streaming);
    if (around_.stopping || !received_.empty()) sender_->stop();
    const std::exception_ptr thrown = co_await sender_->run();
    if (cut_) {
        // A coroutine that was cancelled once would throw at its next await.
        co_await asio::this_coro::reset_cancellation_state();
    } else if (thrown) {
        report(thrown);
    }
    sender_.reset();
    enter(Phase::writing);
    ErrorCode ignored;
    socket_.cancel(ignored);
    if (is_request_under_way()) unread_input_ = true;
}

// Closing with unread bytes resets the connection, and the reset can overtake the answer. So the rest is read
// first, within limits.
Task<void> Session::linger() {
    ErrorCode failed;
    socket_.shutdown(asio::ip::tcp::socket::shutdown_send, failed);
    enter(Phase::lingering);
    received_.consume(received_.view().size());
    for (std::size_t total = 0; !failed && total < linger_bytes;) {
        const auto space = received_.prepare();
        const auto count = co_await read_some(space);
        if (count == 0) co_return;
        total += count;
    }
}

void Session::enter(Phase phase, Clock::time_point now) {
    phase_ = phase;
    overdue_ = false;
    since_ = now;
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

HttpReply Session::failure() const {
    return problem(500, "internal", "The request failed on our side.", identity_.origin());
}

ReplyContext Session::context(bool close) const {
    return {.date = around_.date.last(),
            .request_id = identity_.request_id(),
            .close = close,
            .traceparent = identity_.traceparent(),
            .tracestate = identity_.tracestate()};
}

void Session::report(const std::exception_ptr& thrown) const {
    if (around_.options.on_fault) around_.options.on_fault(identity_.request_id(), thrown);
}

}  // namespace tributary::http
