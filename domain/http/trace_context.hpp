// A request's place in a distributed trace, as W3C Trace Context (level 1) writes it. Pure.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tributary::http {

/// All empty where nothing is known of a trace.
struct TraceContext {
    /// 32 lower-case hexadecimal digits, not all zero.
    std::string trace_id = {};
    /// Of the span at hand: 16 such digits.
    std::string span_id = {};
    /// Whether who began the trace may have recorded it: the only flag of version 00.
    bool sampled = false;
    /// The caller's tracestate as it was sent.
    std::string state = {};
};

/// Fresh random bytes: for a trace of our own and for a span.
struct TraceSeed {
    std::array<std::uint8_t, 16> trace{};
    std::array<std::uint8_t, 8> span{};
};

/// Our span as its traceparent, with nothing allocated.
struct SpanText {
    /// Version 00.
    std::array<char, 55> traceparent{};
    /// False where it is the first span of a trace of ours.
    bool goes_on = false;

    [[nodiscard]] std::string_view text() const { return {traceparent.data(), traceparent.size()}; }

    [[nodiscard]] std::string_view trace_id() const { return text().substr(3, 32); }

    [[nodiscard]] std::string_view span_id() const { return text().substr(36, 16); }

    [[nodiscard]] bool is_sampled() const { return traceparent.back() == '1'; }
};

/// A tracestate longer than this is dropped.
inline constexpr std::size_t longest_tracestate = 512;

/// Nothing where the field is malformed. A version after 00 is read as far as 00 defines it, as the
/// specification asks.
std::optional<TraceContext> parse_traceparent(std::string_view field);
/// Our span in the caller's trace, or the first one of a new trace where `traceparent` is absent or
/// malformed; then the caller's tracestate is to be dropped with it.
SpanText write_span(std::optional<std::string_view> traceparent, const TraceSeed& seed);
/// The same with its `tracestate` (all such fields, joined by commas).
TraceContext our_span(std::optional<std::string_view> traceparent, std::string_view tracestate,
                      const TraceSeed& seed);
/// Version 00, 55 characters.
std::string to_traceparent(const TraceContext& context);

}  // namespace tributary::http
