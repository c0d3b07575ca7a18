#include "adapters/http/server/reply.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <iterator>
#include <limits>
#include <utility>

#include "domain/http/grammar.hpp"
#include "domain/json/write.hpp"

namespace tributary::http {

using domain::ports::HttpReply;
using domain::ports::ReadyReply;

namespace {

bool is_ours(std::string_view name) {
    static constexpr std::array<std::string_view, 9> ours = {"Content-Length",
                                                             "Transfer-Encoding",
                                                             "Connection",
                                                             "Keep-Alive",
                                                             "Date",
                                                             "X-Request-Id",
                                                             "traceparent",
                                                             "tracestate",
                                                             "X-Content-Type-Options"};
    return std::ranges::any_of(ours, [name](std::string_view own) { return same_name(name, own); });
}

bool is_final(int status) {
    return status >= 200 && status <= 599;
}

void append_number(std::string& out, std::size_t number) {
    std::array<char, std::numeric_limits<std::size_t>::digits10 + 1> digits{};
    const auto end = std::to_chars(digits.begin(), digits.end(), number).ptr;
    out.append(digits.begin(), end);
}

void append_line(std::string& out, std::string_view name, std::string_view value) {
    out.append(name).append(value).append("\r\n");
}

// Status line and the fields of every answer.
void begin_head(std::string& out, int status, std::size_t body_size, const ReplyContext& context) {
    out.clear();
    if (status == 200) {
        out.append("HTTP/1.1 200 OK\r\n");
    } else {
        out.append("HTTP/1.1 ");
        append_number(out, static_cast<std::size_t>(status));
        append_line(out, " ", reason_of(status));
    }
    append_line(out, "Date: ", context.date);
    if (!is_bodiless(status)) {
        if (context.framing == Framing::length) {
            out.append("Content-Length: ");
            append_number(out, body_size);
            out.append("\r\n");
        } else if (context.framing == Framing::chunked) {
            out.append("Transfer-Encoding: chunked\r\n");
        }
    }
    append_line(out, "X-Request-Id: ", context.request_id);
    if (!context.traceparent.empty()) append_line(out, "traceparent: ", context.traceparent);
    if (!context.tracestate.empty()) append_line(out, "tracestate: ", context.tracestate);
    // What we send is what its Content-Type says, whatever a browser makes of its first bytes.
    out.append("X-Content-Type-Options: nosniff\r\n");
    if (context.close) out.append("Connection: close\r\n");
}

}  // namespace

std::string_view reason_of(int status) {
    static constexpr std::pair<int, std::string_view> reasons[] = {
        {200, "OK"},
        {201, "Created"},
        {202, "Accepted"},
        {204, "No Content"},
        {301, "Moved Permanently"},
        {302, "Found"},
        {303, "See Other"},
        {304, "Not Modified"},
        {307, "Temporary Redirect"},
        {308, "Permanent Redirect"},
        {400, "Bad Request"},
        {401, "Unauthorized"},
        {403, "Forbidden"},
        {404, "Not Found"},
        {405, "Method Not Allowed"},
        {406, "Not Acceptable"},
        {408, "Request Timeout"},
        {409, "Conflict"},
        {410, "Gone"},
        {411, "Length Required"},
        {412, "Precondition Failed"},
        {413, "Content Too Large"},
        {414, "URI Too Long"},
        {415, "Unsupported Media Type"},
        {417, "Expectation Failed"},
        {422, "Unprocessable Content"},
        {424, "Failed Dependency"},
        {428, "Precondition Required"},
        {429, "Too Many Requests"},
        {431, "Request Header Fields Too Large"},
        {500, "Internal Server Error"},
        {501, "Not Implemented"},
        {502, "Bad Gateway"},
        {503, "Service Unavailable"},
        {504, "Gateway Timeout"},
        {505, "HTTP Version Not Supported"},
    };
    const auto found = std::ranges::find(reasons, status, &std::pair<int, std::string_view>::first);
    return found == std::end(reasons) ? std::string_view() : found->second;
}

HttpReply problem(int status, std::string_view code, std::string_view detail, const ProblemOrigin& origin) {
    HttpReply reply{.status = status};
    reply.fields.add("Content-Type", "application/problem+json");
    json::Object body{{"type", "/problems/" + std::string(code)},
                      {"title", std::string(reason_of(status))},
                      {"status", status},
                      {"code", std::string(code)},
                      {"detail", std::string(detail)}};
    if (!origin.request_id.empty()) {
        body.push_back({"instance", "/requests/" + std::string(origin.request_id)});
    }
    if (!origin.trace_id.empty()) {
        body.push_back({"trace_id", std::string(origin.trace_id)});
    }
    if (origin.retry_after_s > 0) {
        reply.fields.add("Retry-After", std::to_string(origin.retry_after_s));
        body.push_back({"retry_after_s", origin.retry_after_s});
    }
    reply.body = json::write(body);
    return reply;
}

bool is_sendable(const ReadyReply& reply) {
    return is_final(reply.status);
}

bool is_sendable(const HttpReply& reply) {
    return is_final(reply.status) && std::ranges::all_of(reply.fields, [](const auto& field) {
               return is_token(field.first) && is_field_value(field.second);
           });
}

bool asks_to_close(const HttpReply& reply) {
    const auto connection = reply.fields.find("Connection");
    return connection && list_has(*connection, "close");
}

bool is_bodiless(int status) {
    return status == 204 || status == 304;
}

void write_head(std::string& out, const HttpReply& reply, const ReplyContext& context) {
    begin_head(out, reply.status, reply.body.size(), context);
    for (const auto& [name, value] : reply.fields) {
        if (!is_ours(name)) out.append(name).append(": ").append(value).append("\r\n");
    }
    out.append("\r\n");
}

void write_head(std::string& out, const ReadyReply& reply, const ReplyContext& context) {
    begin_head(out, reply.status, reply.body.size(), context);
    out.append(reply.fields).append(reply.varying).append("\r\n");
}

std::string chunk_begin(std::size_t size) {
    return fmt::format("{:x}\r\n", size);
}

}  // namespace tributary::http
