#include "adapters/http/server/gate.hpp"

#include <doctest/doctest.h>

#include <array>
#include <string>
#include <string_view>

using namespace tributary;

namespace {

std::expected<http::CopiedHead, http::Refusal> pass(std::string_view bytes,
                                                    const http::GateLimits& limits = {}) {
    const auto end = http::find_head_end(bytes, 0, limits);
    if (!end) return std::unexpected(end.error());
    REQUIRE_MESSAGE(*end > 0, "the vector has no end of header");
    return http::copy_head(bytes.substr(0, *end), limits);
}

struct Vector {
    std::string_view name;
    std::string_view bytes;
    int status;
    std::string_view code;
};

void check_refused(const Vector& vector) {
    CAPTURE(vector.name);
    const auto head = pass(vector.bytes);
    REQUIRE_FALSE(head);
    CHECK(head.error().status == vector.status);
    CHECK(head.error().code == vector.code);
    CHECK_FALSE(head.error().detail.empty());
}

using namespace std::string_view_literals;

}  // namespace

TEST_CASE("gate takes a plain request apart") {
    const auto head = pass(
        "POST /v1/connections?dry_run=true&x=%20 HTTP/1.1\r\n"
        "Host: api.example:8443\r\nContent-Length: 12\r\nAuthorization:\tBearer abc \r\nX-Empty:\r\n\r\n");
    REQUIRE(head);
    CHECK(head->request.method == "POST");
    CHECK(head->request.path == "/v1/connections");
    CHECK(head->request.query == "dry_run=true&x=%20");
    CHECK(head->request.fields.find("authorization") == "Bearer abc");
    CHECK(head->request.fields.find("x-empty") == "");
    CHECK(head->terms.content_length == 12);
    CHECK(head->terms.keep_alive);
    CHECK_FALSE(head->terms.expects_continue);
}

TEST_CASE("gate accepts what well-behaved clients send") {
    constexpr std::array<std::string_view, 14> accepted = {
        "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET / HTTP/1.1\r\nhOsT: a\r\n\r\n",
        "GET / HTTP/1.0\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: [::1]:80\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 0\r\n\r\n",
        "DELETE /x HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n",
        "POST /x HTTP/1.1\r\nHost: a\r\n\r\n",
        "PUT /x HTTP/1.1\r\nHost: a\r\nContent-Length: 0005\r\n\r\n",
        "OPTIONS /x HTTP/1.1\r\nHost: a\r\n\r\n",
        "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n",
        "HEAD /x?y HTTP/1.1\r\nHost: a\r\nUpgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nAccept: text/plain\r\nAccept: text/html\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nUser-Agent: caf\xC3\xA9\r\n\r\n",
        "GET /?q=a?b/c:@!$&'()*+,;=~ HTTP/1.1\r\nHost: a\r\n\r\n",
    };
    for (const auto bytes : accepted) {
        CAPTURE(bytes);
        CHECK(pass(bytes).has_value());
    }
}

TEST_CASE("gate refuses ambiguous framing") {
    constexpr auto refused = std::to_array<Vector>({
        {"chunked", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"sv, 411,
         "length_required"},
        {"Chunked", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: Chunked\r\n\r\n"sv, 411,
         "length_required"},
        {"xchunked", "GET / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: xchunked\r\n\r\n"sv, 501,
         "transfer_encoding_not_implemented"},
        {"chunked, identity", "GET / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked, identity\r\n\r\n"sv,
         501, "transfer_encoding_not_implemented"},
        {"gzip, chunked", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n"sv, 501,
         "transfer_encoding_not_implemented"},
        {"gzip", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\n"sv, 501,
         "transfer_encoding_not_implemented"},
        {"empty TE", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding:\r\n\r\n"sv, 501,
         "transfer_encoding_not_implemented"},
        {"identity", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: identity\r\n\r\n"sv, 501,
         "transfer_encoding_not_implemented"},
        {"two TE",
         "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n"sv, 501,
         "transfer_encoding_not_implemented"},
        {"chunked on 1.0", "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n"sv, 411, "length_required"},
        {"TE then CL", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\nContent-Length: 3\r\n\r\n"sv,
         400, "conflicting_length"},
        {"CL then TE",
         "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n"sv, 400,
         "conflicting_length"},
        {"equal CLs", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\n"sv, 400,
         "duplicate_header"},
        {"differing CLs", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\ncontent-length: 2\r\n\r\n"sv,
         400, "duplicate_header"},
        {"CL list", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1, 1\r\n\r\n"sv, 400,
         "bad_content_length"},
        {"CL +1", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: +1\r\n\r\n"sv, 400, "bad_content_length"},
        {"CL -1", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n"sv, 400, "bad_content_length"},
        {"CL 0x1", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0x1\r\n\r\n"sv, 400, "bad_content_length"},
        {"CL empty", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length:\r\n\r\n"sv, 400, "bad_content_length"},
        {"CL inner space", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1 1\r\n\r\n"sv, 400,
         "bad_content_length"},
        {"CL 2^64", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 18446744073709551616\r\n\r\n"sv, 413,
         "body_too_large"},
        {"CL 2^64+1", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 18446744073709551617\r\n\r\n"sv, 413,
         "body_too_large"},
        {"CL over the cap", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1048577\r\n\r\n"sv, 413,
         "body_too_large"},
        {"GET with body", "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\n"sv, 400,
         "body_not_allowed"},
        {"HEAD with body", "HEAD / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\n"sv, 400,
         "body_not_allowed"},
        {"DELETE with body", "DELETE / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\n"sv, 400,
         "body_not_allowed"},
    });
    for (const auto& vector : refused) {
        check_refused(vector);
    }
}

TEST_CASE("gate refuses a broken request line") {
    constexpr auto refused = std::to_array<Vector>({
        {"lower-case method", "get / HTTP/1.1\r\nHost: a\r\n\r\n"sv, 501, "method_not_implemented"},
        {"unknown method", "BREW / HTTP/1.1\r\nHost: a\r\n\r\n"sv, 501, "method_not_implemented"},
        {"CONNECT", "CONNECT a:443 HTTP/1.1\r\nHost: a:443\r\n\r\n"sv, 405, "method_not_allowed"},
        {"no token", "G@T / HTTP/1.1\r\nHost: a\r\n\r\n"sv, 400, "malformed_request_line"},
        {"HTTP/2.0 preface", "PRI * HTTP/2.0\r\n\r\n"sv, 505, "unsupported_version"},
        {"HTTP/1.2", "GET / HTTP/1.2\r\nHost: a\r\n\r\n"sv, 505, "unsupported_version"},
        {"HTTP/0.9", "GET / HTTP/0.9\r\nHost: a\r\n\r\n"sv, 505, "unsupported_version"},
        {"http/1.1", "GET / http/1.1\r\nHost: a\r\n\r\n"sv, 400, "malformed_request_line"},
        {"HTTP/1.1x", "GET / HTTP/1.1x\r\nHost: a\r\n\r\n"sv, 400, "malformed_request_line"},
        {"HTTP/11", "GET / HTTP/11.1\r\nHost: a\r\n\r\n"sv, 400, "malformed_request_line"},
        {"no version", "GET /\r\nHost: a\r\n\r\n"sv, 400, "malformed_request_line"},
        {"one word", "GET\r\nHost: a\r\n\r\n"sv, 400, "malformed_request_line"},
        {"two spaces", "GET  / HTTP/1.1\r\nHost: a\r\n\r\n"sv, 400, "bad_target"},
        {"space in target", "GET /a b HTTP/1.1\r\nHost: a\r\n\r\n"sv, 400, "bad_target"},
        {"leading space", " GET / HTTP/1.1\r\nHost: a\r\n\r\n"sv, 400, "malformed_request_line"},
        {"trailing space", "GET / HTTP/1.1 \r\nHost: a\r\n\r\n"sv, 400, "malformed_request_line"},
        {"tab", "GET\t/ HTTP/1.1\r\nHost: a\r\n\r\n"sv, 400, "malformed_request_line"},
        {"leading empty line", "\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n"sv, 400, "malformed_request_line"},
        {"absolute form", "GET http://evil/ HTTP/1.1\r\nHost: a\r\n\r\n"sv, 400, "bad_target"},
        {"asterisk form of another method", "GET * HTTP/1.1\r\nHost: a\r\n\r\n"sv, 400, "bad_target"},
        {"asterisk form with more", "OPTIONS *? HTTP/1.1\r\nHost: a\r\n\r\n"sv, 400, "bad_target"},
        {"fragment", "GET /#x HTTP/1.1\r\nHost: a\r\n\r\n"sv, 400, "bad_target"},
        {"byte above 0x7F", "GET /\xC3\xA9 HTTP/1.1\r\nHost: a\r\n\r\n"sv, 400, "bad_target"},
        {"NUL in target", "GET /\0 HTTP/1.1\r\nHost: a\r\n\r\n"sv, 400, "bad_target"},
        {"DEL in target", "GET /\x7F HTTP/1.1\r\nHost: a\r\n\r\n"sv, 400, "bad_target"},
        {"bare CR in target", "GET /\r HTTP/1.1\r\nHost: a\r\n\r\n"sv, 400, "bad_target"},
    });
    for (const auto& vector : refused) {
        check_refused(vector);
    }
}

TEST_CASE("gate refuses broken fields") {
    constexpr auto refused = std::to_array<Vector>({
        {"no Host", "GET / HTTP/1.1\r\n\r\n"sv, 400, "missing_host"},
        {"two Hosts", "GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n"sv, 400, "duplicate_header"},
        {"empty Host", "GET / HTTP/1.1\r\nHost:\r\n\r\n"sv, 400, "bad_host"},
        {"Host with path", "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n"sv, 400, "bad_host"},
        {"Host with user", "GET / HTTP/1.1\r\nHost: u@a\r\n\r\n"sv, 400, "bad_host"},
        {"Host list", "GET / HTTP/1.1\r\nHost: a, b\r\n\r\n"sv, 400, "bad_host"},
        {"Host port empty", "GET / HTTP/1.1\r\nHost: a:\r\n\r\n"sv, 400, "bad_host"},
        {"Host port large", "GET / HTTP/1.1\r\nHost: a:65536\r\n\r\n"sv, 400, "bad_host"},
        {"Host open bracket", "GET / HTTP/1.1\r\nHost: [::1\r\n\r\n"sv, 400, "bad_host"},
        {"Host two colons", "GET / HTTP/1.1\r\nHost: a:1:2\r\n\r\n"sv, 400, "bad_host"},
        {"bad Host on 1.0", "GET / HTTP/1.0\r\nHost: a b\r\n\r\n"sv, 400, "bad_host"},
        {"two Authorization", "GET / HTTP/1.1\r\nHost: a\r\nAuthorization: x\r\nauthorization: y\r\n\r\n"sv,
         400, "duplicate_header"},
        {"two Content-Type", "GET / HTTP/1.1\r\nHost: a\r\nContent-Type: x\r\nContent-Type: x\r\n\r\n"sv, 400,
         "duplicate_header"},
        {"two Idempotency-Key",
         "GET / HTTP/1.1\r\nHost: a\r\nIdempotency-Key: x\r\nIdempotency-Key: x\r\n\r\n"sv, 400,
         "duplicate_header"},
        {"two traceparent", "GET / HTTP/1.1\r\nHost: a\r\nTraceparent: x\r\ntraceparent: x\r\n\r\n"sv, 400,
         "duplicate_header"},
        {"folded", "GET / HTTP/1.1\r\nHost: a\r\nX: y\r\n z\r\n\r\n"sv, 400, "folded_header"},
        {"folded TE", "GET / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding:\r\n chunked\r\n\r\n"sv, 400,
         "folded_header"},
        {"folded at once", "GET / HTTP/1.1\r\n Host: a\r\n\r\n"sv, 400, "folded_header"},
        {"space before colon", "GET / HTTP/1.1\r\nHost : a\r\n\r\n"sv, 400, "bad_header"},
        {"no colon", "GET / HTTP/1.1\r\nHost\r\n\r\n"sv, 400, "bad_header"},
        {"no name", "GET / HTTP/1.1\r\nHost: a\r\n: x\r\n\r\n"sv, 400, "bad_header"},
        {"name with bracket", "GET / HTTP/1.1\r\nHost: a\r\nX[y]: x\r\n\r\n"sv, 400, "bad_header"},
        {"NUL in name", "GET / HTTP/1.1\r\nHost: a\r\nX\0: x\r\n\r\n"sv, 400, "bad_header"},
        {"NUL in value", "GET / HTTP/1.1\r\nHost: a\r\nX: \0\r\n\r\n"sv, 400, "bad_header"},
        {"bare CR in value", "GET / HTTP/1.1\r\nHost: a\r\nX: y\rz\r\n\r\n"sv, 400, "bad_header"},
        {"bare LF after line", "GET / HTTP/1.1\nHost: a\r\n\r\n"sv, 400, "bad_line_ending"},
        {"bare LF after field", "GET / HTTP/1.1\r\nHost: a\nX: y\r\n\r\n"sv, 400, "bad_line_ending"},
        {"bare LF ends block", "GET / HTTP/1.1\r\nHost: a\r\n\n"sv, 400, "bad_line_ending"},
        {"other expectation", "POST / HTTP/1.1\r\nHost: a\r\nExpect: cake\r\nContent-Length: 1\r\n\r\n"sv,
         417, "expectation_failed"},
        {"two Expect", "POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nExpect: 100-continue\r\n\r\n"sv,
         400, "duplicate_header"},
    });
    for (const auto& vector : refused) {
        check_refused(vector);
    }
}

TEST_CASE("gate caps the target, the block and the number of fields at the byte") {
    const auto with_target = [](std::size_t size) {
        return "GET /" + std::string(size - 1, 'a') + " HTTP/1.1\r\nHost: a\r\n\r\n";
    };
    CHECK(pass(with_target(8192)).has_value());
    CHECK(pass(with_target(8193)).error().status == 414);
    CHECK(pass(with_target(30'000)).error().status == 414);

    const auto with_block = [](std::size_t size) {
        const std::string start = "GET / HTTP/1.1\r\nHost: a\r\nX: ";
        return start + std::string(size - start.size() - 4, 'a') + "\r\n\r\n";
    };
    CHECK(pass(with_block(16'384)).has_value());
    CHECK(pass(with_block(16'385)).error().status == 431);

    const auto with_fields = [](int count) {
        std::string bytes = "GET / HTTP/1.1\r\nHost: a\r\n";
        for (int i = 1; i < count; ++i)
            bytes += "X: y\r\n";
        return bytes + "\r\n";
    };
    CHECK(pass(with_fields(100)).has_value());
    CHECK(pass(with_fields(101)).error().code == "too_many_headers");
}

TEST_CASE("gate finds the end of the block however the bytes arrive") {
    constexpr std::string_view bytes = "GET / HTTP/1.1\r\nHost: a\r\n\r\nBODY";
    constexpr std::size_t end = bytes.size() - 4;
    for (std::size_t first = 0; first < end; ++first) {
        CHECK(http::find_head_end(bytes.substr(0, first), 0, {}) == 0U);
        CHECK(http::find_head_end(bytes, first, {}) == end);
    }
}

TEST_CASE("gate tells whether the connection may stay open and whether the client waits") {
    CHECK_FALSE(pass("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")->terms.keep_alive);
    CHECK_FALSE(pass("GET / HTTP/1.1\r\nHost: a\r\nConnection: x, CLOSE\r\n\r\n")->terms.keep_alive);
    CHECK_FALSE(
        pass("GET / HTTP/1.1\r\nHost: a\r\nConnection: x\r\nConnection: close\r\n\r\n")->terms.keep_alive);
    CHECK(pass("GET / HTTP/1.1\r\nHost: a\r\nConnection: keep-alive\r\n\r\n")->terms.keep_alive);
    CHECK_FALSE(pass("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")->terms.keep_alive);
    constexpr std::string_view waiting = "\r\nContent-Length: 1\r\nExpect: 100-Continue\r\n\r\n";
    CHECK(pass("POST / HTTP/1.1\r\nHost: a" + std::string(waiting))->terms.expects_continue);
    CHECK_FALSE(pass("POST / HTTP/1.0\r\nHost: a" + std::string(waiting))->terms.expects_continue);
}
