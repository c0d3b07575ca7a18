// Whatever bytes a client sends: the gate never reads out of bounds, finds the same end however they are
// split, and lets nothing through that another HTTP program could read differently. The path and query
// splitters get the rest.
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>
#include <string_view>

#include "adapters/http/server/gate.hpp"
#include "domain/http/grammar.hpp"
#include "domain/http/target.hpp"

using namespace tributary;

namespace {

void require(bool holds) {
    if (!holds) std::abort();
}

using Fields = std::span<const domain::ports::FieldView>;

std::ptrdiff_t count_fields(Fields fields, std::string_view name) {
    return std::ranges::count_if(fields,
                                 [name](const auto& field) { return http::same_name(field.name, name); });
}

// What is copied is what was seen.
void check_copy(const domain::ports::RequestView& request) {
    const auto copy = http::copy_of(request);
    require(copy.method == request.method && copy.path == request.path && copy.query == request.query);
    require(std::ranges::equal(copy.fields, request.fields, [](const auto& copied, const auto& seen) {
        return copied.first == seen.name && copied.second == seen.value;
    }));
}

void check_passed(const http::Head& head, const http::GateLimits& limits) {
    const auto& request = head.request;
    require(count_fields(request.fields, "Transfer-Encoding") == 0);
    require(count_fields(request.fields, "Content-Length") <= 1);
    require(count_fields(request.fields, "Host") == 1 || !head.terms.keep_alive);
    require(head.terms.content_length <= limits.body_bytes);
    require(request.path.starts_with('/') || (request.path == "*" && request.method == "OPTIONS"));
    require(!request.path.contains('?'));
    require(head.traceparent.has_value() == (count_fields(request.fields, "traceparent") == 1));
    require(head.has_tracestate == (count_fields(request.fields, "tracestate") > 0));
    for (const auto& [name, value] : request.fields) {
        require(http::is_token(name) && http::is_field_value(value));
    }
    check_copy(request);
}

void check_decoded(std::string_view path, std::string_view query) {
    if (const auto segments = http::split_path(path)) {
        for (const auto& segment : *segments) {
            require(http::is_utf8(segment) && segment.size() <= path.size());
        }
    }
    if (const auto parameters = http::split_query(query)) {
        for (const auto& [key, value] : *parameters) {
            require(!key.empty() && http::is_utf8(key) && http::is_utf8(value));
            require(*parameters->find(key) == value);
        }
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    const http::GateLimits limits{.head_bytes = 512, .target_bytes = 128, .fields = 8, .body_bytes = 1000};
    check_decoded(bytes, bytes);
    const auto end = http::find_head_end(bytes, 0, limits);
    if (const auto half = http::find_head_end(bytes.substr(0, size / 2), 0, limits); half == 0U) {
        const auto resumed = http::find_head_end(bytes, size / 2, limits);
        require(resumed.has_value() == end.has_value() && (!end || *resumed == *end));
    }
    // Without the search for the end as well: the gate must not rely on it.
    std::array<domain::ports::FieldView, 8> room;
    (void)http::read_head(bytes, limits, room);
    if (!end || *end == 0) return 0;
    if (const auto head = http::read_head(bytes.substr(0, *end), limits, room)) {
        check_passed(*head, limits);
        check_decoded(head->request.path, head->request.query);
    }
    return 0;
}
