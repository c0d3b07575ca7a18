#include "domain/http/trace_context.hpp"

#include <algorithm>
#include <span>
#include <utility>

namespace tributary::http {

namespace {

constexpr std::size_t longest_state = 512;
constexpr std::size_t parent_size = 55;
constexpr std::string_view digits = "0123456789abcdef";

bool is_hex(std::string_view text) {
    return text.find_first_not_of(digits) == std::string_view::npos;
}

bool is_id(std::string_view text) {
    return is_hex(text) && text.find_first_not_of('0') != std::string_view::npos;
}

/// An id of zeros alone would mean none.
void append_id(std::string& out, std::span<const std::uint8_t> bytes) {
    for (const std::uint8_t byte : bytes) {
        out += digits[byte >> 4U];
        out += digits[byte & 15U];
    }
    if (std::ranges::all_of(bytes, [](std::uint8_t byte) { return byte == 0; })) {
        out.back() = '1';
    }
}

std::string id_of(std::span<const std::uint8_t> bytes) {
    std::string text;
    append_id(text, bytes);
    return text;
}

}  // namespace

std::optional<TraceContext> parse_traceparent(std::string_view field) {
    if (field.size() < parent_size || field[2] != '-' || field[35] != '-' || field[52] != '-') {
        return std::nullopt;
    }
    const auto version = field.substr(0, 2);
    const bool later = version != "00" && version != "ff";
    const bool whole = field.size() == parent_size || (later && field[parent_size] == '-');
    const auto trace_id = field.substr(3, 32);
    const auto span_id = field.substr(36, 16);
    const auto flags = field.substr(53, 2);
    if (version == "ff" || !whole || !is_hex(version) || !is_id(trace_id) || !is_id(span_id) ||
        !is_hex(flags)) {
        return std::nullopt;
    }
    const bool sampled = digits.find(flags[1]) % 2 == 1;
    return TraceContext{std::string(trace_id), std::string(span_id), sampled};
}

TraceContext our_span(std::optional<std::string_view> traceparent, std::string_view tracestate,
                      const TraceSeed& seed) {
    auto context = traceparent ? parse_traceparent(*traceparent) : std::nullopt;
    if (!context) {
        return {id_of(seed.trace), id_of(seed.span)};
    }
    context->span_id = id_of(seed.span);
    if (tracestate.size() <= longest_state) {
        context->state = tracestate;
    }
    return std::move(*context);
}

void write_new_traceparent(std::string& out, const TraceSeed& seed) {
    out.assign("00-");
    append_id(out, seed.trace);
    out += '-';
    append_id(out, seed.span);
    out += "-00";
}

std::string to_traceparent(const TraceContext& context) {
    std::string text;
    text.reserve(parent_size);
    text.append("00-").append(context.trace_id).append("-").append(context.span_id);
    return text.append(context.sampled ? "-01" : "-00");
}

}  // namespace tributary::http
