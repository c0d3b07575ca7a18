#include "adapters/http/server/reply.hpp"

#include <doctest/doctest.h>

#include <string>

#include "adapters/http/server/date_line.hpp"

using namespace tributary;
using namespace std::chrono_literals;
using domain::ports::HttpReply;

namespace {

std::string head_of(const HttpReply& reply) {
    std::string out = "left over";
    http::write_head(out, reply, {.date = "D", .request_id = "r-1", .close = false});
    return out;
}

HttpReply with_field(std::string name, std::string value) {
    HttpReply reply;
    reply.fields.add(std::move(name), std::move(value));
    return reply;
}

}  // namespace

TEST_CASE("a reply's head is exactly these bytes") {
    HttpReply reply = with_field("ETag", "W/\"7\"");
    reply.body = "{}";
    CHECK(head_of(reply) ==
          "HTTP/1.1 200 OK\r\nDate: D\r\nContent-Length: 2\r\nX-Request-Id: r-1\r\n"
          "X-Content-Type-Options: nosniff\r\nETag: W/\"7\"\r\n\r\n");
}

TEST_CASE("a handler cannot set the fields that frame the answer") {
    for (const std::string name : {"content-length", "Transfer-Encoding", "CONNECTION", "Date",
                                   "x-request-id", "Traceparent", "tracestate", "x-content-type-options"}) {
        CAPTURE(name);
        CHECK(head_of(with_field(name, "evil")) == head_of({}));
    }
}

TEST_CASE("a reply that would break the framing is not sendable") {
    CHECK(http::is_sendable(with_field("Link", "<https://a/?b>; rel=\"next\"")));
    CHECK_FALSE(http::is_sendable(with_field("X", "a\r\nY: b")));
    CHECK_FALSE(http::is_sendable(with_field("X", std::string("a\0b", 3))));
    CHECK_FALSE(http::is_sendable(with_field("X: Y", "a")));
    CHECK_FALSE(http::is_sendable(with_field("", "a")));
    CHECK_FALSE(http::is_sendable(HttpReply{.status = 100}));
    CHECK_FALSE(http::is_sendable(HttpReply{.status = 1000}));
}

TEST_CASE("a bodiless status carries no length, a status without a phrase is sent all the same") {
    CHECK(head_of(HttpReply{.status = 304}) ==
          "HTTP/1.1 304 Not Modified\r\nDate: D\r\nX-Request-Id: r-1\r\n"
          "X-Content-Type-Options: nosniff\r\n\r\n");
    CHECK(head_of(HttpReply{.status = 299}).starts_with("HTTP/1.1 299 \r\n"));
}

TEST_CASE("the date is written as RFC 9110 shows it and follows the clock by the second") {
    const auto at = std::chrono::sys_days(std::chrono::year(1994) / 11 / 6) + 8h + 49min + 37s;
    CHECK(http::http_date(at) == "Sun, 06 Nov 1994 08:49:37 GMT");
    http::DateLine line;
    CHECK(line.at(at) == "Sun, 06 Nov 1994 08:49:37 GMT");
    CHECK(line.at(at + 999ms) == "Sun, 06 Nov 1994 08:49:37 GMT");
    CHECK(line.at(at + 1s) == "Sun, 06 Nov 1994 08:49:38 GMT");
    CHECK(line.at(at - 1s) == "Sun, 06 Nov 1994 08:49:36 GMT");
}

TEST_CASE("a body in chunks is announced as such, one that ends with the connection is not announced") {
    const HttpReply reply{.body = "{}"};
    std::string out;
    http::write_head(out, reply,
                     {.date = "D", .request_id = "r-1", .close = true, .framing = http::Framing::chunked});
    CHECK(out ==
          "HTTP/1.1 200 OK\r\nDate: D\r\nTransfer-Encoding: chunked\r\nX-Request-Id: r-1\r\n"
          "X-Content-Type-Options: nosniff\r\nConnection: close\r\n\r\n");
    http::write_head(
        out, reply, {.date = "D", .request_id = "r-1", .close = true, .framing = http::Framing::until_close});
    CHECK(out ==
          "HTTP/1.1 200 OK\r\nDate: D\r\nX-Request-Id: r-1\r\nX-Content-Type-Options: nosniff\r\n"
          "Connection: close\r\n\r\n");
    CHECK(http::chunk_begin(4096) == "1000\r\n");
}
