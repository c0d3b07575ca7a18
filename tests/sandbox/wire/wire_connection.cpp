#include "tests/sandbox/wire/wire_connection.hpp"

#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <chrono>
#include <optional>
#include <utility>

#include "adapters/http/server/date_line.hpp"
#include "adapters/http/server/reply.hpp"
#include "tests/sandbox/wire/errand_runner.hpp"

namespace tributary::sandbox {

namespace asio = boost::asio;
using domain::ports::Task;

namespace {

// Populations are changed in bulk.
constexpr http::GateLimits limits{.body_bytes = std::uint64_t{64} * 1024 * 1024};
constexpr std::chrono::seconds patience{60};

}  // namespace

WireConnection::WireConnection(asio::ip::tcp::socket socket, WireListener& listener)
    : stream_(std::move(socket)), delay_(stream_.get_executor()), listener_(listener) {}

Task<void> WireConnection::run() {
    for (bool again = true; again;) {
        again = co_await exchange();
    }
    close();
}

void WireConnection::close() {
    delay_.cancel();
    boost::system::error_code ignored;
    stream_.socket().shutdown(asio::ip::tcp::socket::shutdown_both, ignored);
    stream_.close();
}

Task<bool> WireConnection::exchange() {
    auto head = co_await read_head();
    if (!head) co_return false;
    const bool whole = co_await read_body(*head);
    if (!whole) co_return false;
    head->request.request_id = listener_.request_ids_.uuid();
    const std::string request_id = head->request.request_id;
    Exchange answered = listener_.answer_(std::move(head->request));
    if (answered.errand) {
        Errand errand = *std::exchange(answered.errand, std::nullopt);
        answered.reply = co_await run_errand(std::move(errand));
    }
    if (answered.delay.count() > 0) {
        // Who closed meanwhile found no wait to end.
        if (!stream_.socket().is_open()) co_return false;
        boost::system::error_code cancelled;
        delay_.expires_after(answered.delay);
        co_await delay_.async_wait(asio::redirect_error(asio::use_awaitable, cancelled));
        if (cancelled) co_return false;
    }
    if (answered.cut) co_return false;
    co_return co_await send(answered, request_id, head->terms.keep_alive);
}

Task<std::optional<http::CopiedHead>> WireConnection::read_head() {
    std::size_t scanned = 0;
    while (true) {
        const auto end = http::find_head_end(received_, scanned, limits);
        std::optional<http::Refusal> refusal;
        if (!end) {
            refusal = end.error();
        } else if (*end > 0) {
            auto head = http::copy_head(std::string_view(received_).substr(0, *end), limits);
            received_.erase(0, *end);
            if (head) co_return std::move(*head);
            refusal = head.error();
        }
        if (refusal) {
            const Exchange refused{.reply = http::problem(refusal->status, refusal->code, refusal->detail)};
            co_await send(refused, "", false);
            co_return std::nullopt;
        }
        scanned = received_.size();
        const bool more = co_await read_more();
        if (!more) co_return std::nullopt;
    }
}

Task<bool> WireConnection::read_body(http::CopiedHead& head) {
    if (head.terms.expects_continue) {
        boost::system::error_code failed;
        constexpr std::string_view go_on = "HTTP/1.1 100 Continue\r\n\r\n";
        stream_.expires_after(patience);
        co_await asio::async_write(stream_, asio::buffer(go_on),
                                   asio::redirect_error(asio::use_awaitable, failed));
        if (failed) co_return false;
    }
    while (received_.size() < head.terms.content_length) {
        const bool more = co_await read_more();
        if (!more) co_return false;
    }
    head.request.body = received_.substr(0, head.terms.content_length);
    received_.erase(0, head.terms.content_length);
    co_return true;
}

Task<bool> WireConnection::read_more() {
    std::array<char, 16384> bytes{};
    boost::system::error_code failed;
    stream_.expires_after(patience);
    const std::size_t count = co_await stream_.async_read_some(
        asio::buffer(bytes), asio::redirect_error(asio::use_awaitable, failed));
    received_.append(bytes.data(), count);
    co_return !failed && count > 0;
}

Task<bool> WireConnection::send(const Exchange& exchange, const std::string& request_id, bool keep_alive) {
    const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
    const bool close = !keep_alive || exchange.truncate_at.has_value() || http::asks_to_close(exchange.reply);
    std::string head;
    const std::string date = http::http_date(now);
    http::write_head(head, exchange.reply, {.date = date, .request_id = request_id, .close = close});
    const std::string_view body = std::string_view(exchange.reply.body)
                                      .substr(0, exchange.truncate_at.value_or(std::string_view::npos));
    const std::array<asio::const_buffer, 2> bytes{asio::buffer(head), asio::buffer(body)};
    boost::system::error_code failed;
    stream_.expires_after(patience);
    co_await asio::async_write(stream_, bytes, asio::redirect_error(asio::use_awaitable, failed));
    co_return !failed && !close;
}

}  // namespace tributary::sandbox
