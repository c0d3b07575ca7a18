#include "adapters/http/client/exchange.hpp"

#include <algorithm>
#include <boost/asio/read_until.hpp>

#include <boost/asio/ssl/error.hpp>

#include <boost/asio/write.hpp>
#include <boost/beast/core/buffer_ref.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>

#include <boost/beast/http/string_body.hpp>
#include <expected>
#include <memory>
#include <optional>

#include "adapters/http/client/awaiting.hpp"
#include "adapters/http/client/transport_error.hpp"

namespace tributary::http {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace bhttp = boost::beast::http;

using boost::system::error_code;
using domain::ports::HttpAnswer;
using domain::ports::Task;

namespace {

using Parser = bhttp::response_parser<bhttp::string_body>;

/// Interim (1xx) answers before the final one.
constexpr int max_interim_answers = 5;

bool is_gone(const error_code& error) {
    return error == bhttp::error::end_of_stream || error == asio::error::eof ||
           error == asio::error::broken_pipe || error == asio::error::connection_reset ||
           error == asio::error::connection_aborted || error == asio::ssl::error::stream_truncated;
}

domain::Error read_error(const std::string& host, std::string_view phase, const error_code& error) {
    if (error == asio::error::not_found || error == bhttp::error::header_limit) {
        return contract(host, "its header block is larger than allowed");
    }
    if (error == bhttp::error::body_limit || error == bhttp::error::buffer_overflow) {
        return contract(host, "its body is larger than allowed");
    }
    const bool cut = error == bhttp::error::partial_message || error == bhttp::error::end_of_stream;
    if (!cut && error.category() == make_error_code(bhttp::error::partial_message).category()) {
        return contract(host, "its answer is not HTTP/1.1 (" + error.message() + ")");
    }
    return lost(host, phase, error);
}

bool same_text(std::string_view left, std::string_view right) {
    return beast::iequals({left.data(), left.size()}, {right.data(), right.size()});
}

std::string_view text_of(beast::string_view text) {
    return {text.data(), text.size()};
}

/// What of the header block we do not take, or nothing. Beast 1.81 is more lenient: it reads unknown transfer
/// encodings as data and bodies without a length up to the end of the connection, so that a cut one looks
/// whole.
std::optional<std::string_view> header_fault(const Parser& parser) {
    const auto& head = parser.get();
    if (head.version() != 10 && head.version() != 11) {
        return "its answer is not HTTP/1.1";
    }
    const auto lengths = head.count(bhttp::field::content_length);
    const auto codings = head.count(bhttp::field::transfer_encoding);
    if (lengths + codings > 1) {
        return "its answer tells its length more than once";
    }
    if (codings == 1 &&
        (head.version() != 11 || !same_text(text_of(head[bhttp::field::transfer_encoding]), "chunked"))) {
        return "its answer has an unknown transfer encoding";
    }
    const auto length = text_of(head[bhttp::field::content_length]);
    if (lengths == 1 &&
        (length.empty() || !std::ranges::all_of(length, [](char c) { return c >= '0' && c <= '9'; }))) {
        return "its answer has no readable length";
    }
    if (parser.is_done()) {
        return std::nullopt;  // 204, 304 or a length of nothing
    }
    if (lengths + codings == 0) {
        return "its answer does not tell where it ends";
    }
    for (const auto& field : head) {
        if (field.name() == bhttp::field::content_encoding &&
            !same_text(text_of(field.value()), "identity")) {
            return "its body is compressed although we asked for it as it is";
        }
    }
    return std::nullopt;
}

domain::ports::HttpFields fields_of(const Parser& parser) {
    domain::ports::HttpFields fields;
    for (const auto& field : parser.get()) {
        fields.add(std::string(text_of(field.name_string())), std::string(text_of(field.value())));
    }
    return fields;
}

Exchange failed(domain::Error error, bool peer_was_gone = false) {
    return {.answer = std::unexpected(std::move(error)), .peer_was_gone = peer_was_gone};
}

/// A parser that holds the final answer's header block, or how the exchange ended without one.
using Head = std::expected<std::unique_ptr<Parser>, Exchange>;

/// Passes over interim answers. `buffer` keeps what came behind.
template <class Stream>
Task<Head> read_head(Stream& stream, beast::flat_buffer& buffer, Terms terms) {
    error_code error;
    for (int interim = 0;; ++interim) {
        // Read whole before it is parsed: Beast parses field by field and counts its limit anew with every
        // read.
        co_await asio::async_read_until(stream, beast::ref(buffer), "\r\n\r\n", awaiting(error));
        if (error) {
            const bool nothing_came = interim == 0 && buffer.size() == 0;
            co_return std::unexpected(
                failed(read_error(terms.host, "answer", error), nothing_came && is_gone(error)));
        }
        auto parser = std::make_unique<Parser>();
        parser->header_limit(static_cast<std::uint32_t>(terms.options.max_header_bytes));
        parser->body_limit(terms.options.max_body_bytes);
        buffer.consume(parser->put(buffer.data(), error));
        if (error) {
            co_return std::unexpected(failed(read_error(terms.host, "answer", error)));
        }
        const auto status = parser->get().result_int();
        if (status / 100 != 1) {
            co_return parser;
        }
        if (status == 101 || interim == max_interim_answers) {
            co_return std::unexpected(
                failed(contract(terms.host, "it sends interim answers that were not asked for")));
        }
    }
}

/// The failure, or nothing where the body is whole.
template <class Stream>
Task<std::optional<Exchange>> read_body(Stream& stream, beast::flat_buffer& buffer, Parser& parser,
                                        Terms terms) {
    // Chunk extensions are no part of the body, so the body limit does not see them.
    const std::size_t max_wire_bytes = 2 * terms.options.max_body_bytes + terms.options.max_header_bytes;
    std::size_t wire_bytes = buffer.size();
    while (!parser.is_done()) {
        error_code error;
        if (buffer.size() != 0) {
            buffer.consume(parser.put(buffer.data(), error));
        }
        const bool wants_more = error == bhttp::error::need_more || (!error && buffer.size() == 0);
        if (wants_more && !parser.is_done()) {
            const std::size_t room = buffer.max_size() - buffer.size();
            if (room == 0 || wire_bytes > max_wire_bytes) {
                co_return failed(contract(terms.host, "its body is larger than allowed"));
            }
            const std::size_t got = co_await stream.async_read_some(buffer.prepare(room), awaiting(error));
            buffer.commit(got);
            wire_bytes += got;
        }
        if (error) {
            co_return failed(read_error(terms.host, "whole answer", error));
        }
    }
    co_return std::nullopt;
}

template <class Stream>
Task<Exchange> exchange_on(Stream& stream, const std::string& wire, Terms terms) {
    const auto started = std::chrono::steady_clock::now();
    beast::tcp_stream& socket = beast::get_lowest_layer(stream);
    socket.expires_at(phase_within(terms.whole, terms.options.header_limit));
    error_code error;
    co_await asio::async_write(stream, asio::buffer(wire), awaiting(error));
    if (error) {
        co_return failed(lost(terms.host, "way to send", error), is_gone(error));
    }
    beast::flat_buffer buffer(terms.options.max_header_bytes);
    Head head = co_await read_head(stream, buffer, terms);
    if (!head) {
        co_return std::move(head.error());
    }
    Parser& parser = **head;
    if (const auto fault = header_fault(parser)) {
        co_return failed(contract(terms.host, *fault));
    }
    HttpAnswer answer{.status = static_cast<int>(parser.get().result_int())};
    // Before the body: Beast merges a chunked body's trailers into the same fields.
    answer.fields = fields_of(parser);
    const bool keep_alive = parser.get().version() == 11 && parser.keep_alive();
    socket.expires_at(terms.whole);
    std::optional<Exchange> failure = co_await read_body(stream, buffer, parser, terms);
    if (failure) {
        co_return std::move(*failure);
    }
    socket.expires_never();
    answer.body = std::move(parser.get().body());
    answer.elapsed =
        std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - started);
    co_return Exchange{.answer = std::move(answer), .reusable = keep_alive && buffer.size() == 0};
}

}  // namespace

Task<Exchange> exchange(Connection& connection, const std::string& wire, Terms terms) {
    if (auto* tls = std::get_if<Connection::Tls>(&connection.stream)) {
        return exchange_on(*tls, wire, terms);
    }
    return exchange_on(std::get<Connection::Plain>(connection.stream), wire, terms);
}

}  // namespace tributary::http
