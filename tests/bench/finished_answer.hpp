// The answer that the HTTP servers compared here give to everything.
#pragma once

#include <string>
#include <string_view>

namespace tributary::bench {

/// The fields that a document of the REST API goes out with.
inline constexpr std::string_view answer_fields =
    "Content-Type: application/json\r\nETag: \"0123456789abcdef\"\r\nCache-Control: private, no-cache\r\n"
    "Vary: Authorization\r\n";

/// What our listener adds to every answer, as one of its answers had it.
inline constexpr std::string_view listener_fields =
    "Date: Fri, 02 Jan 2026 03:04:05 GMT\r\nContent-Length: 2048\r\n"
    "X-Request-Id: 0001020304050607-000001\r\n"
    "traceparent: 00-0102030405060708090a0b0c0d0e0f10-1112131415161718-00\r\n"
    "X-Content-Type-Options: nosniff\r\n";

/// 2048 bytes of JSON.
inline std::string answer_body() {
    std::string body = R"({"data":")";
    body.append(2048 - body.size() - 2, 'x');
    return body.append("\"}");
}

}  // namespace tributary::bench
