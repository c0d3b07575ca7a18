#include "domain/http/trace_context.hpp"

#include <algorithm>
#include <span>

namespace tributary::http {

namespace {

constexpr std::size_t parent_size = 55;
constexpr std::string_view digits = "0123456789abcdef";

bool is_hex(std::string_view text) {
    return std::ranges::all_of(text, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

bool is_id(std::string_view text) {
    return is_hex(text) && text.find_first_not_of('0') != std::string_view::npos;
}

/// An id of zeros alone would mean none.
void write_id(std::span<const std::uint8_t> bytes, std::span<char> out) {
    std::uint8_t any = 0;
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        out[2 * i] = digits[bytes[i] >> 4U];
        out[2 * i + 1] = digits[bytes[i] & 15U];
        any |= bytes[i];
    }
    if (any == 0) out.back() = '1';
}

bool is_traceparent(std::string_view field) {
    if (field.size() < parent_size || field[2] != '-' || field[35] != '-' || field[52] != '-') return false;
    const auto version = field.substr(0, 2);
    const bool later = version != "00" && version != "ff";
    const bool whole = field.size() == parent_size || (later && field[parent_size] == '-');
    return version != "ff" && whole && is_hex(version) && is_id(field.substr(3, 32)) &&
           is_id(field.substr(36, 16)) && is_hex(field.substr(53, 2));
}

// Of a field that is_traceparent().
bool is_sampled(std::string_view field) {
    return digits.find(field[54]) % 2 == 1;
}

}  // namespace

std::optional<TraceContext> parse_traceparent(std::string_view field) {
    if (!is_traceparent(field)) return std::nullopt;
    return TraceContext{std::string(field.substr(3, 32)), std::string(field.substr(36, 16)),
                        is_sampled(field)};
}

SpanText write_span(std::optional<std::string_view> traceparent, const TraceSeed& seed) {
    static constexpr std::string_view shape = "00-00000000000000000000000000000000-0000000000000000-00";
    SpanText span;
    std::ranges::copy(shape, span.traceparent.begin());
    const std::span<char> text = span.traceparent;
    span.goes_on = traceparent && is_traceparent(*traceparent);
    if (span.goes_on) {
        std::ranges::copy(traceparent->substr(3, 32), text.subspan(3).begin());
        if (is_sampled(*traceparent)) text.back() = '1';
    } else {
        write_id(seed.trace, text.subspan(3, 32));
    }
    write_id(seed.span, text.subspan(36, 16));
    return span;
}

TraceContext our_span(std::optional<std::string_view> traceparent, std::string_view tracestate,
                      const TraceSeed& seed) {
    const SpanText span = write_span(traceparent, seed);
    TraceContext context{std::string(span.trace_id()), std::string(span.span_id()), span.is_sampled()};
    if (span.goes_on && tracestate.size() <= longest_tracestate) context.state = tracestate;
    return context;
}

std::string to_traceparent(const TraceContext& context) {
    std::string text;
    text.reserve(parent_size);
    text.append("00-").append(context.trace_id).append("-").append(context.span_id);
    return text.append(context.sampled ? "-01" : "-00");
}

}  // namespace tributary::http
