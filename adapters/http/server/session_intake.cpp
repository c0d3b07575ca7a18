// The part of a session that waits for nothing: takes requests out of the bytes that came, and sends the
// answers that the handler has in memory.

#include <boost/asio/error.hpp>

#include <algorithm>
#include <exception>
#include <stdexcept>
#include <utility>

#include "adapters/http/server/reply.hpp"
#include "adapters/http/server/session.hpp"

namespace tributary::http {

namespace asio = boost::asio;
using ErrorCode = boost::system::error_code;

namespace {

// A connection that sends its requests without waiting for answers gets so many before others have a turn.
constexpr int answers_in_a_row = 16;

}  // namespace

Session::Next Session::proceed() {
    for (int answered = 0;; ++answered) {
        const auto head_size = find_head_end(received_.view(), scanned_, around_.options.gate);
        if (!head_size) return refuse_unread(head_size.error());
        // While others have their turn the next request often arrives, and the read for it is not in vain.
        if (*head_size == 0 ? answered > 0 : answered == answers_in_a_row) return Next::yield;
        if (*head_size == 0) {
            scanned_ = received_.view().size();
            return begin_receiving() ? Next::receive : Next::close;
        }
        scanned_ = 0;
        if (const auto next = take_request(*head_size)) return *next;
    }
}

// Nothing once the request was answered and the connection stays open.
std::optional<Session::Next> Session::take_request(std::size_t head_size) {
    phase_ = Phase::handling;
    const auto block = received_.view().substr(0, head_size);
    // The bytes stay where they are until the next read.
    received_.consume(head_size);
    is_head_request_ = block.starts_with("HEAD ");
    identity_.begin_request();
    const auto head = read_head(block, around_.options.gate, around_.fields);
    if (!head) {
        refusal_ = head.error();
        return Next::refuse;
    }
    identity_.begin_span(*head);
    terms_ = head->terms;
    if (terms_.content_length == 0 && !terms_.expects_continue) {
        const auto next = answer_at_once(*head);
        if (next != Next::ask) return next;
    }
    request_ = copy_of(head->request);
    request_.request_id = identity_.request_id();
    request_.trace = identity_.trace();
    return Next::ask;
}

std::optional<Session::Next> Session::answer_at_once(const Head& head) {
    std::exception_ptr wrong;
    try {
        if (!around_.served.handler.at_once(head.request, memory_, ready_)) {
            forget_ready();
            return Next::ask;
        }
        if (is_sendable(ready_)) return send_ready();
        wrong = std::make_exception_ptr(std::runtime_error("a handler's reply holds an impossible status"));
    } catch (...) {
        wrong = std::current_exception();
    }
    report(wrong);
    forget_ready();
    return Next::fail;
}

// Nearly every answer fits into the socket's buffer: nobody has to wait for it.
std::optional<Session::Next> Session::send_ready() {
    const bool close = !terms_.keep_alive || around_.stopping;
    write_head(head_out_, ready_, context(close));
    const bool sends_body = !is_head_request_ && !is_bodiless(ready_.status);
    const std::string_view body = sends_body ? ready_.body : std::string_view();
    unsent_ = {asio::buffer(head_out_), asio::buffer(body)};
    if (close) closes_after_answer_ = true;
    ErrorCode failed;
    auto sent = socket_.write_some(unsent_, failed);
    if (failed && failed != asio::error::would_block) {
        forget_ready();
        return Next::close;
    }
    if (sent < head_out_.size() + body.size()) {
        for (asio::const_buffer& part : unsent_) {
            const auto of_this = std::min(sent, part.size());
            part += of_this;
            sent -= of_this;
        }
        return Next::write_rest;
    }
    forget_ready();
    if (close) return Next::close;
    return std::nullopt;
}

void Session::forget_ready() {
    ready_.status = 200;
    ready_.fields = {};
    ready_.varying.clear();
    ready_.body = {};
    ready_.owner.reset();
}

Session::Next Session::refuse_unread(Refusal refusal) {
    is_head_request_ = false;
    identity_.begin_request();
    refusal_ = refusal;
    return Next::refuse;
}

// False where the service stops and no request has begun to arrive.
bool Session::begin_receiving() {
    if (received_.empty()) {
        enter(Phase::idle, around_.about_now);
        if (around_.stopping && !is_request_under_way()) return false;
    } else if (phase_ != Phase::header) {
        enter(Phase::header);
    }
    space_ = received_.prepare();
    return true;
}

Session::Next Session::end_receiving(std::size_t count) {
    received_.commit(count);
    if (count > 0) return proceed();
    if (!overdue_ || phase_ != Phase::header) return Next::close;
    return refuse_unread({408, "request_timeout", "The header block did not arrive in time."});
}

}  // namespace tributary::http
