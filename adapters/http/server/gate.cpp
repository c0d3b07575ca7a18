#include "adapters/http/server/gate.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <span>
#include <string>
#include <utility>

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

bool is_target(std::string_view text) {
    return text.starts_with('/') &&
           std::ranges::all_of(text, [](char c) { return c >= 0x21 && c <= 0x7E && c != '#'; });
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
    struct Single {
        std::string_view name;
        std::optional<std::string_view> value = std::nullopt;
    };

    std::array<Single, 7> singles = {{{"Host"},
                                      {"Content-Length"},
                                      {"Content-Type"},
                                      {"Authorization"},
                                      {"Idempotency-Key"},
                                      {"traceparent"},
                                      {"Expect"}}};
    /// Every Transfer-Encoding joined would still be refused; the last one and their number are enough.
    std::string_view transfer_encoding;
    std::size_t transfer_encodings = 0;
    bool closes = false;

    [[nodiscard]] const std::optional<std::string_view>& host() const { return singles[0].value; }

    [[nodiscard]] const std::optional<std::string_view>& content_length() const { return singles[1].value; }

    [[nodiscard]] const std::optional<std::string_view>& expect() const { return singles[6].value; }

    /// False if the field repeats one that must stand alone.
    bool note(std::string_view name, std::string_view value) {
        if (same_name(name, "Transfer-Encoding")) {
            transfer_encoding = value;
            ++transfer_encodings;
        }
        if (same_name(name, "Connection") && list_has(value, "close")) closes = true;
        for (Single& single : singles) {
            if (same_name(name, single.name)) return !std::exchange(single.value, value).has_value();
        }
        return true;
    }
};

std::optional<Refusal> read_field(std::string_view line, std::vector<FieldView>& fields, KnownFields& known) {
    if (line.front() == ' ' || line.front() == '\t') {
        return Refusal{400, "folded_header", "A header field must stand on one line."};
    }
    const auto colon = line.find(':');
    const auto name = line.substr(0, colon);
    if (colon == std::string_view::npos || !is_token(name)) {
        return Refusal{400, "bad_header",
                       "A header field is a name, a colon and a value, no space before the colon."};
    }
    const auto value = trimmed(line.substr(colon + 1));
    if (!is_field_value(value)) {
        return Refusal{400, "bad_header", "A header value holds a control character."};
    }
    if (!known.note(name, value)) {
        return Refusal{400, "duplicate_header",
                       "A header field that must stand alone was sent more than once."};
    }
    fields.push_back({name, value});
    return std::nullopt;
}

std::optional<Refusal> read_fields(std::string_view block, const GateLimits& limits,
                                   std::vector<FieldView>& fields, KnownFields& known) {
    std::size_t count = 0;
    while (block != "\r\n") {
        const auto end = block.find("\r\n");
        if (end == std::string_view::npos) {
            return Refusal{400, "bad_header", "The header block does not end in an empty line."};
        }
        if (++count > limits.fields) {
            return Refusal{431, "too_many_headers", "Send fewer header fields."};
        }
        if (end == 0) {
            return Refusal{400, "bad_header", "The header block goes on after its empty line."};
        }
        if (auto refusal = read_field(block.substr(0, end), fields, known)) return refusal;
        block.remove_prefix(end + 2);
    }
    return std::nullopt;
}

std::optional<Refusal> check_host(const KnownFields& known, bool is_http_1_0) {
    if (!known.host() && !is_http_1_0) {
        return Refusal{400, "missing_host", "HTTP/1.1 requires a Host header."};
    }
    if (known.host() && !is_host(*known.host())) {
        return Refusal{400, "bad_host", "The Host header is no host name or address with an optional port."};
    }
    return std::nullopt;
}

std::optional<Refusal> refuse_transfer_encoding(const KnownFields& known) {
    if (known.transfer_encodings == 0) return std::nullopt;
    if (known.content_length()) {
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
    if (!known.content_length()) return 0;
    const auto length = parse_length(*known.content_length());
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
    if (!known.expect() || is_http_1_0) return false;
    if (!same_name(*known.expect(), "100-continue")) {
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

std::expected<HeadView, Refusal> read_view(std::string_view block, const GateLimits& limits,
                                           std::vector<FieldView>& fields) {
    fields.clear();
    const auto line_end = block.find("\r\n");
    if (line_end == std::string_view::npos) {
        return refuse(400, "malformed_request_line", "The request line has no end.");
    }
    const auto line = read_request_line(block.substr(0, line_end), limits);
    if (!line) return Refused(line.error());
    KnownFields known;
    if (const auto refusal = read_fields(block.substr(line_end + 2), limits, fields, known)) {
        return Refused(*refusal);
    }
    if (const auto refusal = check_host(known, line->is_http_1_0)) return Refused(*refusal);
    const auto length = read_length(known, line->method, limits);
    if (!length) return Refused(length.error());
    const auto expectation = read_expectation(known, line->is_http_1_0);
    if (!expectation) return Refused(expectation.error());

    HeadView head;
    const auto question = line->target.find('?');
    head.request.method = line->method;
    head.request.path = line->target.substr(0, question);
    if (question != std::string_view::npos) head.request.query = line->target.substr(question + 1);
    head.request.fields = fields;
    head.content_length = *length;
    head.keep_alive = !line->is_http_1_0 && !known.closes;
    head.is_http_1_0 = line->is_http_1_0;
    head.expects_continue = *expectation;
    return head;
}

domain::ports::HttpRequest copied(const domain::ports::RequestView& view) {
    domain::ports::HttpRequest request;
    request.method = view.method;
    request.path = view.path;
    request.query = view.query;
    for (const auto& [name, value] : view.fields) {
        request.fields.add(std::string(name), std::string(value));
    }
    return request;
}

std::expected<Head, Refusal> read_head(std::string_view block, const GateLimits& limits) {
    std::vector<FieldView> fields;
    const auto view = read_view(block, limits, fields);
    if (!view) return Refused(view.error());
    return Head{static_cast<const HeadTerms&>(*view), copied(view->request)};
}

}  // namespace tributary::http
