#include "adapters/http/client/request.hpp"

#include <doctest/doctest.h>

using namespace tributary;
using domain::Errc;
using domain::ports::HttpCall;
using http::wire_text;

namespace {

const http::Origin origin = http::parse_origin("https://api.example.org:8443").value();

HttpCall call_to(std::string target, std::string method = "GET", std::string body = {}) {
    return {.method = std::move(method),
            .origin = "https://api.example.org:8443",
            .target = std::move(target),
            .body = std::move(body)};
}

HttpCall call_with(std::string name, std::string value) {
    HttpCall call = call_to("/");
    call.fields.add(std::move(name), std::move(value));
    return call;
}

void check_refused(const HttpCall& call) {
    const auto text = wire_text(call, origin);
    REQUIRE_FALSE(text);
    CHECK(text.error().code == Errc::configuration);
    CHECK(text.error().detail.find("secret") == std::string::npos);
}

}  // namespace

TEST_CASE("target and fields go on the wire byte for byte and in order") {
    HttpCall call = call_to("/a%2Fb/../c;d?x=%20&y=a+b&&z=[1]|\"'");
    call.fields.add("X-Second", "  spaced  ");
    call.fields.add("a-first", "Bearer \xC3\xA4");
    call.fields.add("a-first", "");
    CHECK(
        wire_text(call, origin).value() ==
        "GET /a%2Fb/../c;d?x=%20&y=a+b&&z=[1]|\"' HTTP/1.1\r\nHost: api.example.org:8443\r\n"
        "Accept-Encoding: identity\r\nX-Second:   spaced  \r\na-first: Bearer \xC3\xA4\r\na-first: \r\n\r\n");
}

TEST_CASE("a body comes with its length, and a POST without one says so") {
    CHECK(wire_text(call_to("/t", "POST", "ab\r\n"), origin)
              .value()
              .ends_with("Content-Length: 4\r\n\r\nab\r\n"));
    CHECK(wire_text(call_to("/t", "POST"), origin).value().ends_with("Content-Length: 0\r\n\r\n"));
    CHECK(wire_text(call_to("/t", "DELETE"), origin).value().find("Content-Length") == std::string::npos);
}

TEST_CASE("a target that would break out of the request line is refused") {
    for (const std::string& target :
         {std::string(), std::string("secret"), std::string("/a b"), std::string("/a\r\nX: y"),
          std::string("/a\tb"), std::string("/a#b"), std::string("/a\0b", 4), std::string("/\x7F"),
          std::string("/\xC3\xB6"), std::string("http://h/")}) {
        CAPTURE(target);
        check_refused(call_to(target));
    }
}

TEST_CASE("control characters in a field are refused and the value is not quoted") {
    for (const char c : {'\r', '\n', '\0', '\t', '\x1F', '\x7F'}) {
        check_refused(call_with("Authorization", std::string("secret") + c));
        check_refused(call_with(std::string("Name") + c, "secret"));
    }
    check_refused(call_with("", "secret"));
    check_refused(call_with("Two Words", "secret"));
    check_refused(call_with("Colon:", "secret"));
}

TEST_CASE("fields that decide about framing belong to the transport alone") {
    for (const char* name : {"Host", "content-length", "Accept-Encoding", "TRANSFER-ENCODING", "TE",
                             "Trailer", "Connection", "Keep-Alive", "Upgrade", "Expect"}) {
        CAPTURE(name);
        check_refused(call_with(name, "secret"));
    }
}

TEST_CASE("methods that change what an answer means are refused") {
    for (const char* method : {"HEAD", "CONNECT", "get", "", "GET / HTTP/1.1\r\nX:", "OPTIONS"}) {
        CAPTURE(method);
        check_refused(call_to("/", method));
    }
}
