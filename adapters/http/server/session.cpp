#include "adapters/http/server/session.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <utility>

#include "adapters/http/server/reply.hpp"
#include "domain/http/grammar.hpp"

namespace tributary::http {

namespace asio = boost::asio;
using domain::ports::HttpReply;
using domain::ports::HttpRequest;
using domain::ports::Task;
using ErrorCode = boost::system::error_code;

namespace {

// A body grows by no more than this at a time: an announced megabyte costs memory only once it arrives.
constexpr std::size_t body_step = std::size_t{64} * 1024;
// What a refused client may still send before the connection is closed over its head.
constexpr std::size_t linger_bytes = std::size_t{4} * 1024 * 1024;

Refusal too_slow(std::string_view detail) {
    return {408, "request_timeout", detail};
}

}  // namespace

std::string new_connection_id(domain::ports::Random& random) {
    std::array<std::uint8_t, 8> bytes{};
    random.fill(bytes);
    std::string text;
    for (const std::uint8_t byte : bytes) {
        fmt::format_to(std::back_inserter(text), "{:02x}", byte);
    }
    return text;
}

Session::Session(asio::ip::tcp::socket socket, Surroundings& around)
    : socket_(std::move(socket)),
      around_(around),
      received_(around.options.gate.head_bytes),
      id_prefix_(new_connection_id(around.random)) {
    ErrorCode ignored;
    socket_.set_option(asio::ip::tcp::no_delay(true), ignored);
    // Most answers go out in one write that never has to wait.
    socket_.non_blocking(true, ignored);
    enter(Phase::idle);
}

// An answer from memory costs no coroutine but this one: reading is awaited here, and only what takes the
// usual way, or does not fit into the socket, is awaited elsewhere.
Task<void> Session::run() {
    for (bool again = true; again;) {
        const auto head = next_head();
        if (!head) {
            name_request();
            again = co_await refuse(head.error());
        } else if (*head && answer_at_once(**head)) {
            again = unsent_ == 0 ? goes_on_ : co_await send_rest();
        } else if (*head) {
            again = co_await exchange(std::move(**head));
        } else if (again = wait_for_head(); again) {
            const auto space = received_.prepare();
            ErrorCode failed;
            const auto count = co_await socket_.async_read_some(
                asio::buffer(space.data(), space.size()), asio::redirect_error(asio::use_awaitable, failed));
            again = !failed && count > 0;
            if (again) {
                received_.commit(count);
            } else if (overdue_ && phase_ == Phase::header) {
                name_request();
                again = co_await refuse(too_slow("The header block did not arrive in time."));
            }
        }
    }
    if (unread_input_ && !cut_) co_await linger();
    ErrorCode ignored;
    socket_.close(ignored);
}

std::expected<std::optional<HeadView>, Refusal> Session::next_head() {
    const GateLimits& limits = around_.options.gate;
    is_head_request_ = false;
    is_http_1_0_ = false;
    const auto end = find_head_end(received_.view(), scanned_, limits);
    if (!end) return std::unexpected(end.error());
    if (*end == 0) {
        scanned_ = received_.view().size();
        return std::nullopt;
    }
    const auto block = received_.view().substr(0, *end);
    scanned_ = 0;
    is_head_request_ = block.starts_with("HEAD ");
    // Its bytes stay where they are until more is read behind them.
    received_.consume(*end);
    auto head = read_view(block, limits, fields_);
    if (!head) return std::unexpected(head.error());
    is_http_1_0_ = head->is_http_1_0;
    return std::move(*head);
}

bool Session::wait_for_head() {
    if (scanned_ > 0) {
        // The deadline of a header block runs from its first byte on.
        if (phase_ != Phase::header) enter(Phase::header);
        return true;
    }
    if (around_.stopping && !is_request_under_way()) return false;
    enter(Phase::idle);
    return true;
}

// False also where asking failed: then the usual way, which may fail alike, tells of it.
bool Session::answer_at_once(const HeadView& head) {
    if (head.content_length > 0 || head.expects_continue) return false;
    ready_.varying.clear();
    try {
        if (!around_.served.handler.at_once(head.request, memory_, ready_)) return false;
    } catch (...) {
        name_request();
        report(std::current_exception());
        ready_.owner.reset();
        return false;
    }
    name_request();
    return send_ready(head);
}

// One write of head and body; whoever does not read for long is waited for like any other.
bool Session::send_ready(const HeadView& head) {
    begin_ready_span(head.request);
    const bool close = !head.keep_alive || around_.stopping;
    write_head(head_out_, ready_,
               {.date = around_.date.at(around_.served.clock.now()),
                .request_id = request_id_,
                .close = close,
                .traceparent = traceparent_,
                .tracestate = tracestate_});
    if (is_head_request_) ready_.body = {};
    const std::array<asio::const_buffer, 2> bytes = {asio::buffer(head_out_), asio::buffer(ready_.body)};
    ErrorCode failed;
    const std::size_t sent = socket_.write_some(bytes, failed);
    const bool broken = failed && failed != asio::error::would_block && failed != asio::error::try_again;
    unsent_ = broken ? 0 : head_out_.size() + ready_.body.size() - sent;
    goes_on_ = !broken && !close;
    if (unsent_ == 0) ready_.owner.reset();
    if (close && !received_.empty()) unread_input_ = true;
    return true;
}

Task<bool> Session::send_rest() {
    const std::array<asio::const_buffer, 2> bytes = {asio::buffer(head_out_), asio::buffer(ready_.body)};
    const std::size_t sent = head_out_.size() + ready_.body.size() - std::exchange(unsent_, 0);
    const std::size_t of_head = std::min(sent, head_out_.size());
    const std::array<asio::const_buffer, 2> rest = {bytes[0] + of_head, bytes[1] + (sent - of_head)};
    enter(Phase::writing);
    ErrorCode failed;
    co_await asio::async_write(socket_, rest, asio::redirect_error(asio::use_awaitable, failed));
    ready_.owner.reset();
    co_return !failed && goes_on_;
}

// One request and its answer, the usual way. True if the connection stays open for the next.
Task<bool> Session::exchange(HeadView head) {
    name_request();
    HttpRequest request = copied(head.request);
    request.request_id = request_id_;
    begin_span(request);

    auto& handler = around_.served.handler;
    auto refused = co_await ask([&handler, &request] { return handler.admit(request); });
    if (refused) {
        const bool body_follows = head.content_length > 0;
        unread_input_ = body_follows;
        const bool keep = head.keep_alive && !body_follows;
        co_return co_await reply(std::move(*refused), keep ? AfterReply::next_request : AfterReply::close);
    }
    if (head.content_length > 0) {
        const auto body = co_await read_body(head, request.body);
        if (!body && !body.error()) co_return false;
        if (!body) co_return co_await refuse(*body.error());
    }
    const auto after = head.keep_alive ? AfterReply::next_request : AfterReply::close;
    auto answer = co_await ask([&handler, &request] { return handler.handle(std::move(request)); });
    co_return co_await reply(std::move(*answer), after);
}

Task<std::expected<void, Session::NoRequest>> Session::read_body(const HeadTerms& head, std::string& body) {
    enter(Phase::body);
    const auto wanted = static_cast<std::size_t>(head.content_length);
    body = received_.view().substr(0, wanted);
    received_.consume(body.size());
    if (head.expects_continue && body.empty()) {
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
            co_return std::unexpected(overdue_ ? NoRequest(too_slow("The body did not arrive in time."))
                                               : std::nullopt);
        }
    }
    co_return std::expected<void, NoRequest>();
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
            co_return problem(504, "timed_out", "The request could not be answered in time.", origin());
        }
    } else if (thrown) {
        report(thrown);
        co_return problem(500, "internal", "The request failed on our side.", origin());
    }
    co_return answer;
}

Task<bool> Session::refuse(Refusal refusal) {
    around_.counters.refused_requests.fetch_add(1, std::memory_order_relaxed);
    unread_input_ = true;
    auto answer = problem(refusal.status, refusal.code, refusal.detail, origin());
    if (refusal.status == 405) answer.fields.add("Allow", "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS");
    co_return co_await reply(std::move(answer), AfterReply::close);
}

Task<bool> Session::reply(HttpReply answer, AfterReply after) {
    if (!is_sendable(answer)) {
        report(std::make_exception_ptr(
            std::runtime_error("a handler's reply holds an impossible status or field")));
        answer = problem(500, "internal", "The request failed on our side.", origin());
    }
    const bool is_stream = answer.stream && !is_bodiless(answer.status);
    const bool close =
        after == AfterReply::close || around_.stopping || asks_to_close(answer) || answer.stream;
    const Framing framing = !is_stream     ? Framing::length
                            : is_http_1_0_ ? Framing::until_close
                                           : Framing::chunked;
    const auto date = around_.date.at(around_.served.clock.now());
    write_head(head_out_, answer,
               {.date = date,
                .request_id = request_id_,
                .close = close,
                .framing = framing,
                .traceparent = traceparent_,
                .tracestate = tracestate_});
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
    if (close && !received_.empty()) unread_input_ = true;
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

// Of one width, so that a problem, which names its request, is as long as any other of its kind.
void Session::name_request() {
    static constexpr std::size_t width = 6;
    std::array<char, 20> digits{};
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), ++requests_).ptr;
    const auto count = static_cast<std::size_t>(end - digits.data());
    request_id_.assign(id_prefix_).append("-").append(count < width ? width - count : 0, '0');
    request_id_.append(digits.data(), count);
    trace_id_.clear();
    traceparent_.clear();
    tracestate_.clear();
}

TraceSeed Session::new_seed() const {
    TraceSeed seed;
    around_.random.fill(seed.trace);
    around_.random.fill(seed.span);
    return seed;
}

void Session::begin_span(HttpRequest& request) {
    request.trace =
        our_span(request.fields.find("traceparent"), request.fields.joined("tracestate"), new_seed());
    trace_id_ = request.trace.trace_id;
    traceparent_ = to_traceparent(request.trace);
    tracestate_ = request.trace.state;
}

void Session::begin_ready_span(const domain::ports::RequestView& request) {
    const auto parent = std::ranges::find_if(request.fields, [](const domain::ports::FieldView& field) {
        return same_name(field.name, "traceparent");
    });
    if (parent == request.fields.end()) {
        write_new_traceparent(traceparent_, new_seed());
        return;
    }
    domain::ports::HttpFields states;
    for (const auto& [name, value] : request.fields) {
        if (same_name(name, "tracestate")) states.add(std::string(name), std::string(value));
    }
    const TraceContext span = our_span(parent->value, states.joined("tracestate"), new_seed());
    traceparent_ = to_traceparent(span);
    tracestate_ = span.state;
}

void Session::report(const std::exception_ptr& thrown) const {
    if (around_.options.on_fault) around_.options.on_fault(request_id_, thrown);
}

}  // namespace tributary::http
