#include "adapters/http/server/gate.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "domain/http/grammar.hpp"

namespace tributary::http {

namespace {

using domain::ports::FieldView;
using Refused = std::unexpected<Refusal>;

Refused refuse(int status, std::string_view code, std::string_view detail) {
    return Refused(Refusal{status, code, detail});
}

bool is_one_of(std::string_view text, std::span<const std::string_view> names) {
    return std::ranges::find(names, text) != names.end();
}

// Looks at all of it without a branch, many bytes at a time.
bool is_target(std::string_view text) {
    unsigned char bad = 0;
    for (const char c : text) {
        bad |= static_cast<unsigned char>(c < 0x21 || c > 0x7E || c == '#');
    }
    return bad == 0 && text.starts_with('/');
}

struct RequestLine {
    std::string_view method;
    std::string_view target;
    bool is_http_1_0 = false;
};

std::optional<Refusal> check_version(RequestLine& line, std::string_view version) {
    const bool well_formed = version.size() == 8 && version.starts_with("HTTP/") && version[6] == '.' &&
                             parse_length(version.substr(5, 1)) && parse_length(version.substr(7, 1));
    if (!well_formed) {
        return Refusal{400, "malformed_request_line", "The request line must end in an HTTP version."};
    }
    if (version != "HTTP/1.1" && version != "HTTP/1.0") {
        return Refusal{505, "unsupported_version", "Only HTTP/1.1 and HTTP/1.0 are spoken here."};
    }
    line.is_http_1_0 = version.back() == '0';
    return std::nullopt;
}

std::optional<Refusal> check_method(std::string_view method) {
    // What no path serves is refused where the path is known, with the methods that it has.
    static constexpr std::array<std::string_view, 8> known = {"GET",   "HEAD",   "POST",    "PUT",
                                                              "PATCH", "DELETE", "OPTIONS", "TRACE"};
    if (is_one_of(method, known)) return std::nullopt;
    if (method == "CONNECT") {
        return Refusal{405, "method_not_allowed", "This is no proxy: CONNECT is not served."};
    }
    if (!is_token(method)) {
        return Refusal{400, "malformed_request_line", "The request line must start with a method."};
    }
    return Refusal{501, "method_not_implemented", "This method is not known here; methods are upper-case."};
}

std::optional<Refusal> check_target(std::string_view method, std::string_view target,
                                    const GateLimits& limits) {
    if (target.size() > limits.target_bytes) {
        return Refusal{414, "target_too_long", "Shorten the path or the query."};
    }
    const bool whole_server = method == "OPTIONS" && target == "*";
    if (!whole_server && !is_target(target)) {
        return Refusal{
            400, "bad_target",
            "The target must be a path that starts with '/', in visible ASCII, without a fragment."};
    }
    return std::nullopt;
}

std::expected<RequestLine, Refusal> read_request_line(std::string_view text, const GateLimits& limits) {
    const auto first = text.find(' ');
    const auto last = text.rfind(' ');
    if (first == std::string_view::npos || first == last) {
        return refuse(400, "malformed_request_line",
                      "A request line is a method, a target and an HTTP version.");
    }
    RequestLine line{text.substr(0, first), text.substr(first + 1, last - first - 1)};
    if (const auto refusal = check_version(line, text.substr(last + 1))) return Refused(*refusal);
    if (const auto refusal = check_method(line.method)) return Refused(*refusal);
    if (const auto refusal = check_target(line.method, line.target, limits)) return Refused(*refusal);
    return line;
}

// The fields the gate itself acts on, and those that must not come twice.
struct KnownFields {
    using Single = std::optional<std::string_view>;

    Single host;
    Single content_length;
    Single content_type;
    Single authorization;
    Single idempotency_key;
    Single traceparent;
    Single expect;
    /// Every Transfer-Encoding joined would still be refused; the last one and their number are enough.
    std::string_view transfer_encoding;
    std::size_t transfer_encodings = 0;
    bool has_tracestate = false;
    bool closes = false;

    /// False if the field repeats one that must stand alone.
    bool note(std::string_view name, std::string_view value) {
        switch (name.size()) {
            case 4:
                return note_single(host, "Host", name, value);
            case 6:
                return note_single(expect, "Expect", name, value);
            case 10:
                if (same_name(name, "Connection") && list_has(value, "close")) closes = true;
                if (same_name(name, "tracestate")) has_tracestate = true;
                return true;
            case 11:
                return note_single(traceparent, "traceparent", name, value);
            case 12:
                return note_single(content_type, "Content-Type", name, value);
            case 13:
                return note_single(authorization, "Authorization", name, value);
            case 14:
                return note_single(content_length, "Content-Length", name, value);
            case 15:
                return note_single(idempotency_key, "Idempotency-Key", name, value);
            case 17:
                if (same_name(name, "Transfer-Encoding")) {
                    transfer_encoding = value;
                    ++transfer_encodings;
                }
                return true;
            default:
                return true;
        }
    }

  private:
    static bool note_single(Single& single, std::string_view wanted, std::string_view name,
                            std::string_view value) {
        return !same_name(name, wanted) || !std::exchange(single, value).has_value();
    }
};

std::expected<FieldView, Refusal> read_field(std::string_view line, KnownFields& known) {
    if (line.front() == ' ' || line.front() == '\t') {
        return refuse(400, "folded_header", "A header field must stand on one line.");
    }
    const auto colon = line.find(':');
    const auto name = line.substr(0, colon);
    if (colon == std::string_view::npos || !is_token(name)) {
        return refuse(400, "bad_header",
                      "A header field is a name, a colon and a value, no space before the colon.");
    }
    const auto value = trimmed(line.substr(colon + 1));
    if (!is_field_value(value)) {
        return refuse(400, "bad_header", "A header value holds a control character.");
    }
    if (!known.note(name, value)) {
        return refuse(400, "duplicate_header",
                      "A header field that must stand alone was sent more than once.");
    }
    return FieldView{name, value};
}

std::expected<std::span<const FieldView>, Refusal> read_fields(std::string_view block,
                                                               const GateLimits& limits,
                                                               std::span<FieldView> room,
                                                               KnownFields& known) {
    std::size_t count = 0;
    while (block != "\r\n") {
        const auto end = block.find("\r\n");
        if (end == std::string_view::npos) {
            return refuse(400, "bad_header", "The header block does not end in an empty line.");
        }
        if (count == limits.fields) {
            return refuse(431, "too_many_headers", "Send fewer header fields.");
        }
        if (end == 0) {
            return refuse(400, "bad_header", "The header block goes on after its empty line.");
        }
        auto field = read_field(block.substr(0, end), known);
        if (!field) return Refused(field.error());
        room[count++] = *field;
        block.remove_prefix(end + 2);
    }
    return room.first(count);
}

std::optional<Refusal> check_host(const KnownFields& known, bool is_http_1_0) {
    if (!known.host && !is_http_1_0) {
        return Refusal{400, "missing_host", "HTTP/1.1 requires a Host header."};
    }
    if (known.host && !is_host(*known.host)) {
        return Refusal{400, "bad_host", "The Host header is no host name or address with an optional port."};
    }
    return std::nullopt;
}

std::optional<Refusal> refuse_transfer_encoding(const KnownFields& known) {
    if (known.transfer_encodings == 0) return std::nullopt;
    if (known.content_length) {
        return Refusal{400, "conflicting_length", "Send Content-Length or Transfer-Encoding, not both."};
    }
    if (known.transfer_encodings == 1 && same_name(known.transfer_encoding, "chunked")) {
        return Refusal{411, "length_required", "Send the body with a Content-Length instead of chunks."};
    }
    return Refusal{501, "transfer_encoding_not_implemented",
                   "Send the body with a Content-Length and no encoding."};
}

std::expected<std::uint64_t, Refusal> read_length(const KnownFields& known, std::string_view method,
                                                  const GateLimits& limits) {
    static constexpr std::array<std::string_view, 4> bodiless = {"GET", "HEAD", "DELETE", "OPTIONS"};
    if (const auto refusal = refuse_transfer_encoding(known)) return Refused(*refusal);
    if (!known.content_length) return 0;
    const auto length = parse_length(*known.content_length);
    if (!length) return refuse(400, "bad_content_length", "Content-Length must be one number in digits.");
    if (*length > 0 && is_one_of(method, bodiless)) {
        return refuse(400, "body_not_allowed", "This method takes no body.");
    }
    if (*length > limits.body_bytes) {
        return refuse(413, "body_too_large", "The body is larger than this server takes.");
    }
    return *length;
}

std::expected<bool, Refusal> read_expectation(const KnownFields& known, bool is_http_1_0) {
    if (!known.expect || is_http_1_0) return false;
    if (!same_name(*known.expect, "100-continue")) {
        return refuse(417, "expectation_failed", "The only expectation met here is 100-continue.");
    }
    return true;
}

}  // namespace

std::expected<std::size_t, Refusal> find_head_end(std::string_view received, std::size_t scanned,
                                                  const GateLimits& limits) {
    const auto visible = received.substr(0, limits.head_bytes);
    for (auto at = visible.find('\n', scanned); at != std::string_view::npos;
         at = visible.find('\n', at + 1)) {
        if (at == 0 || visible[at - 1] != '\r') {
            return refuse(400, "bad_line_ending", "Lines must end in carriage return and line feed.");
        }
        if (at == 1)
            return refuse(400, "malformed_request_line", "A request must not start with an empty line.");
        if (at >= 3 && visible[at - 2] == '\n') return at + 1;
    }
    if (received.size() < limits.head_bytes) return 0;
    if (!visible.contains('\n')) return refuse(414, "target_too_long", "Shorten the path or the query.");
    return refuse(431, "header_too_large", "Send fewer or shorter header fields.");
}

std::expected<Head, Refusal> read_head(std::string_view block, const GateLimits& limits,
                                       std::span<FieldView> room) {
    const auto line_end = block.find("\r\n");
    if (line_end == std::string_view::npos) {
        return refuse(400, "malformed_request_line", "The request line has no end.");
    }
    const auto line = read_request_line(block.substr(0, line_end), limits);
    if (!line) return Refused(line.error());
    KnownFields known;
    const auto fields = read_fields(block.substr(line_end + 2), limits, room, known);
    if (!fields) return Refused(fields.error());
    if (const auto refusal = check_host(known, line->is_http_1_0)) return Refused(*refusal);
    const auto length = read_length(known, line->method, limits);
    if (!length) return Refused(length.error());
    const auto expectation = read_expectation(known, line->is_http_1_0);
    if (!expectation) return Refused(expectation.error());

    const auto question = line->target.find('?');
    const bool has_query = question != std::string_view::npos;
    return Head{.request = {.method = line->method,
                            .path = line->target.substr(0, question),
                            .query = has_query ? line->target.substr(question + 1) : std::string_view(),
                            .fields = *fields},
                .terms = {.content_length = *length,
                          .keep_alive = !line->is_http_1_0 && !known.closes,
                          .is_http_1_0 = line->is_http_1_0,
                          .expects_continue = *expectation},
                .traceparent = known.traceparent,
                .has_tracestate = known.has_tracestate};
}

domain::ports::HttpRequest copy_of(const domain::ports::RequestView& request) {
    domain::ports::HttpRequest copy;
    copy.method = request.method;
    copy.path = request.path;
    copy.query = request.query;
    for (const FieldView& field : request.fields) {
        copy.fields.add(std::string(field.name), std::string(field.value));
    }
    return copy;
}

std::expected<CopiedHead, Refusal> copy_head(std::string_view block, const GateLimits& limits) {
    std::vector<FieldView> room(limits.fields);
    const auto head = read_head(block, limits, room);
    if (!head) return Refused(head.error());
    return CopiedHead{copy_of(head->request), head->terms};
}

}  // namespace tributary::http
