// Traces and problems as a client of the listener sees them.

#include <doctest/doctest.h>

#include <atomic>
#include <string>

#include "running_listener.hpp"

using namespace tributary;
using tests::RawClient;
using tests::RunningListener;

namespace {

const std::string trace_id = "4bf92f3577b34da6a3ce929d0e0e4736";

std::string get(const std::string& path, const std::string& fields = {}) {
    return "GET " + path + " HTTP/1.1\r\nHost: a\r\n" + fields + "\r\n";
}

std::string traced(const std::string& path) {
    return get(path, "traceparent: 00-" + trace_id +
                         "-00f067aa0ba902b7-01\r\ntracestate: a=b\r\nTraceState: c=d\r\n");
}

}  // namespace

TEST_CASE("an answer carries its caller's trace with a span of its own, another a trace of its own") {
    RunningListener server;
    RawClient client(server.port());
    client.send(traced("/") + traced("/") + get("/") + get("/private"));
    const auto first = client.read_answer();
    const auto second = client.read_answer();
    CHECK(first.field("traceparent").substr(0, 36) == "00-" + trace_id + "-");
    CHECK(first.field("traceparent").size() == 55);
    CHECK(first.field("tracestate") == "a=b,c=d");
    CHECK(second.field("traceparent") != first.field("traceparent"));
    CHECK_FALSE(second.field("traceparent").contains("00f067aa0ba902b7"));
    const auto untraced = client.read_answer();
    CHECK(untraced.field("traceparent").size() == 55);
    CHECK_FALSE(untraced.field("traceparent").contains(trace_id));
    CHECK(untraced.field("tracestate").empty());
    CHECK(client.read_answer().field("traceparent").size() == 55);
}

TEST_CASE("two traceparents are refused, because nobody knows which was meant") {
    RunningListener server;
    RawClient client(server.port());
    client.send(get("/", "traceparent: a\r\ntraceparent: b\r\n"));
    const auto answer = client.read_answer();
    CHECK(answer.status == 400);
    CHECK(answer.body.contains("duplicate_header"));
}

TEST_CASE("a problem of the listener names its request, and its trace once that was read") {
    RunningListener server(tests::quick_options());
    RawClient client(server.port());
    client.send(traced("/throw") + traced("/hold"));
    for (const std::string code : {"internal", "timed_out"}) {
        const auto answer = client.read_answer();
        CAPTURE(answer.body);
        CHECK(answer.body.contains("\"code\":\"" + code + "\""));
        CHECK(answer.body.contains(R"("instance":"/requests/)" + answer.field("X-Request-Id") + "\""));
        CHECK(answer.body.contains(R"("trace_id":")" + trace_id + "\""));
    }
    client.send(traced("/bad path"));
    const auto refused = client.read_answer();
    CHECK(refused.status == 400);
    CHECK(refused.body.contains(R"("instance":"/requests/)" + refused.field("X-Request-Id") + "\""));
    CHECK_FALSE(refused.body.contains("trace_id"));
    CHECK(refused.field("traceparent").empty());
}

TEST_CASE("every answer tells browsers not to guess what it is") {
    RunningListener server;
    RawClient client(server.port());
    client.send(get("/") + get("/private") + get("/empty") + get("/throw") + get("/bad path"));
    for (int i = 0; i < 5; ++i) {
        CHECK(client.read_answer().field("X-Content-Type-Options") == "nosniff");
    }
}

TEST_CASE("OPTIONS for the whole server reaches the handler") {
    RunningListener server;
    RawClient client(server.port());
    client.send("OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n");
    CHECK(client.read_answer().body == "OPTIONS *? ");
}
