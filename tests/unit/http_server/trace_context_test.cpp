#include "domain/http/trace_context.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>

using namespace tributary;

namespace {

constexpr std::string_view trace_id = "4bf92f3577b34da6a3ce929d0e0e4736";
constexpr std::string_view caller = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
constexpr http::TraceSeed seed{{0xAB, 1}, {0xCD, 2}};
const std::string own_trace = "ab010000000000000000000000000000";
const std::string own_span = "cd02000000000000";

std::string with(std::size_t at, std::string_view text) {
    return std::string(caller).replace(at, text.size(), text);
}

}  // namespace

TEST_CASE("a caller's trace goes on under a span of ours") {
    const http::TraceContext span = http::our_span(caller, "congo=t61rcWkgMzE,rojo=00f0", seed);
    CHECK(span.trace_id == trace_id);
    CHECK(span.span_id == own_span);
    CHECK(span.state == "congo=t61rcWkgMzE,rojo=00f0");
    CHECK(http::to_traceparent(span) == "00-" + std::string(trace_id) + "-" + own_span + "-01");
}

TEST_CASE("of the flags only the one that version 00 defines is passed on") {
    for (const auto& [sent, back] : {std::pair("00", "-00"),
                                     {"01", "-01"},
                                     {"02", "-00"},
                                     {"03", "-01"},
                                     {"ff", "-01"},
                                     {"0f", "-01"},
                                     {"0e", "-00"}}) {
        CAPTURE(sent);
        CHECK(http::to_traceparent(http::our_span(with(53, sent), "", seed)).ends_with(back));
    }
}

TEST_CASE("a malformed traceparent begins a trace of ours, and what came with it is dropped") {
    const std::string malformed[] = {
        "",
        "00",
        std::string(caller.substr(0, 54)),
        std::string(caller) + "0",
        std::string(caller) + "-",
        std::string(caller) + "-00",
        with(0, "ff"),
        with(0, "0g"),
        with(0, "0A"),
        with(2, "_"),
        with(35, "_"),
        with(52, "_"),
        with(3, "4BF9"),
        with(3, "xyzw"),
        with(36, "00F0"),
        with(53, "0x"),
        with(53, "0B"),
        with(3, "00000000000000000000000000000000"),
        with(36, "0000000000000000"),
        with(0, "01") + "x",
        with(0, "cc") + ".what-the-future-will-be-like",
    };
    for (const std::string& field : malformed) {
        CAPTURE(field);
        CHECK_FALSE(http::parse_traceparent(field));
        const http::TraceContext span = http::our_span(field, "a=b", seed);
        CHECK(span.trace_id == own_trace);
        CHECK(span.span_id == own_span);
        CHECK(span.state.empty());
        CHECK_FALSE(span.sampled);
    }
    CHECK(http::our_span(std::nullopt, "a=b", seed).trace_id == own_trace);
}

TEST_CASE("a traceparent of a later version is read as far as it is known") {
    for (const std::string& field :
         {with(0, "01"), with(0, "cc") + "-what-the-future-will-be-like", with(0, "fe") + "-"}) {
        CAPTURE(field);
        const http::TraceContext span = http::our_span(field, "", seed);
        CHECK(span.trace_id == trace_id);
        CHECK(http::to_traceparent(span).starts_with("00-"));
    }
}

TEST_CASE("a tracestate beyond 512 bytes is dropped, the trace is not") {
    const std::string longest = "a=" + std::string(510, 'x');
    CHECK(http::our_span(caller, longest, seed).state == longest);
    const http::TraceContext span = http::our_span(caller, longest + "x", seed);
    CHECK(span.state.empty());
    CHECK(span.trace_id == trace_id);
}

TEST_CASE("zeros from the source of randomness are no id") {
    const http::TraceContext span = http::our_span(std::nullopt, "", {});
    CHECK(http::parse_traceparent(http::to_traceparent(span)));
}
