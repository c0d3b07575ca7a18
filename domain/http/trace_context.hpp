// A request's place in a distributed trace, as W3C Trace Context (level 1) writes it. Pure.
#pragma once

#include <array>
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

/// Nothing where the field is malformed. A version after 00 is read as far as 00 defines it, as the
/// specification asks.
std::optional<TraceContext> parse_traceparent(std::string_view field);
/// Our span in the caller's trace, or the first one of a new trace where `traceparent` is absent or
/// malformed; then `tracestate` (all such fields, joined by commas) is dropped with it, as it is beyond 512
/// bytes.
TraceContext our_span(std::optional<std::string_view> traceparent, std::string_view tracestate,
                      const TraceSeed& seed);
/// The first span of a new trace, as to_traceparent() writes it. Replaces `out`.
void write_new_traceparent(std::string& out, const TraceSeed& seed);
/// Version 00, 55 characters.
std::string to_traceparent(const TraceContext& context);

}  // namespace tributary::http
