// A streamed body as its reader sees it.
#include <doctest/doctest.h>

#include <atomic>
#include <memory>
#include <string>

#include "fed_stream.hpp"
#include "running_listener.hpp"

using namespace tributary;
using namespace std::chrono_literals;
using tests::FedStream;
using tests::quick_options;
using tests::RawClient;
using tests::reply_of;
using tests::RunningListener;

namespace {

constexpr std::string_view get_stream = "GET /x?stream HTTP/1.1\r\nHost: a\r\n\r\n";

struct Streaming {
    std::shared_ptr<FedStream> source = std::make_shared<FedStream>();
    std::atomic<int> faults = 0;
    RunningListener server;

    explicit Streaming(http::ListenerOptions options = {}) : server(watched(std::move(options))) {
        server.handler.stream = reply_of(source);
    }

    http::ListenerOptions watched(http::ListenerOptions options) {
        options.on_fault = [this](std::string_view, const std::exception_ptr&) { ++faults; };
        return options;
    }
};

}  // namespace

TEST_CASE_FIXTURE(Streaming, "the pieces of a stream arrive as they are made, each as a chunk") {
    RawClient client(server.port());
    client.send(get_stream);
    const auto head = client.read_answer();
    CHECK(head.status == 200);
    CHECK(head.field("Transfer-Encoding") == "chunked");
    CHECK(head.field("Connection") == "close");
    CHECK(head.field("Content-Type") == "text/event-stream");
    CHECK(head.field("Content-Length").empty());
    source->give("first");
    CHECK(client.read_through("first\r\n") == "5\r\nfirst\r\n");
    source->give(std::string(26, 'b'));
    CHECK(client.read_through("b\r\n") == "1a\r\n" + std::string(26, 'b') + "\r\n");
    source->finish();
    CHECK(client.read_to_end() == "0\r\n\r\n");
    CHECK(source->times_stopped() == 0);
}

TEST_CASE_FIXTURE(Streaming, "a stream's reply begins with its body, and an empty piece does not end it") {
    server.handler.stream = reply_of(source, "a\r\nb");
    source->give("");
    source->give("c");
    source->finish();
    RawClient client(server.port());
    client.send(get_stream);
    client.read_answer();
    CHECK(client.read_to_end() == "4\r\na\r\nb\r\n1\r\nc\r\n0\r\n\r\n");
}

TEST_CASE_FIXTURE(Streaming, "a stream that ends at once is an empty body, whole") {
    source->finish();
    RawClient client(server.port());
    client.send(get_stream);
    client.read_answer();
    CHECK(client.read_to_end() == "0\r\n\r\n");
}

TEST_CASE_FIXTURE(Streaming, "a client that speaks HTTP/1.0 gets the bare pieces until the connection ends") {
    server.handler.stream = reply_of(source, "body,");
    source->give("one,");
    RawClient client(server.port());
    client.send("GET /x?stream HTTP/1.0\r\n\r\n");
    const auto head = client.read_answer();
    CHECK(head.field("Transfer-Encoding").empty());
    CHECK(head.field("Content-Length").empty());
    CHECK(head.field("Connection") == "close");
    CHECK(client.read_through("one,") == "body,one,");
    source->give("two");
    source->finish();
    CHECK(client.read_to_end() == "two");
}

TEST_CASE_FIXTURE(Streaming, "HEAD gets the head of a stream, whose source is never asked") {
    source->give("piece");
    RawClient client(server.port());
    client.send("HEAD /x?stream HTTP/1.1\r\nHost: a\r\n\r\n");
    CHECK(client.read_answer().field("Transfer-Encoding") == "chunked");
    CHECK(client.is_ended_in_order());
    CHECK(source->times_asked() == 0);
}

TEST_CASE_FIXTURE(Streaming, "a status without body has no stream") {
    server.handler.stream.status = 204;
    source->give("piece");
    RawClient client(server.port());
    client.send(get_stream);
    CHECK(client.read_answer().field("Transfer-Encoding").empty());
    CHECK(client.is_ended_in_order());
    CHECK(source->times_asked() == 0);
}

TEST_CASE_FIXTURE(Streaming, "a source that throws leaves its body without an end, and is reported") {
    RawClient client(server.port());
    client.send(get_stream);
    client.read_answer();
    source->give("a");
    CHECK(client.read_through("a\r\n") == "1\r\na\r\n");
    source->fail();
    CHECK(client.is_ended());
    CHECK(server.stop(1h) == 0);
    CHECK(faults == 1);
}

TEST_CASE_FIXTURE(Streaming, "a request sent along with that for a stream ends it and is not answered") {
    RawClient client(server.port());
    client.send(std::string(get_stream) + "GET /other HTTP/1.1\r\nHost: a\r\n\r\n");
    const auto head = client.read_answer();
    CHECK(head.status == 200);
    CHECK(client.read_to_end() == "0\r\n\r\n");
    CHECK(client.is_ended_in_order());
    CHECK(source->times_stopped() == 1);
}

TEST_CASE_FIXTURE(Streaming, "a request sent during a stream ends it in order and is not answered") {
    RawClient client(server.port());
    client.send(get_stream);
    client.read_answer();
    REQUIRE(source->is_asked(1));
    client.send("GET /other HTTP/1.1\r\nHost: a\r\n\r\n");
    CHECK(client.read_to_end() == "0\r\n\r\n");
    CHECK(client.is_ended_in_order());
    CHECK(source->times_stopped() == 1);
}

TEST_CASE("a stream that is fed outlives the limits of other requests, and is not idle") {
    auto options = quick_options();
    options.phases.idle = options.phases.handler = options.phases.header = options.phases.body = 50ms;
    Streaming streaming(options);
    RawClient client(streaming.server.port());
    client.send(get_stream);
    client.read_answer();
    for (int i = 0; i < 3; ++i) {
        REQUIRE(streaming.source->is_asked(i + 1));
        RawClient idle(streaming.server.port());
        CHECK(idle.is_ended());
        streaming.source->give("a");
        CHECK(client.read_through("a\r\n") == "1\r\na\r\n");
    }
}

TEST_CASE("a stream holds its place among the connections until it ends") {
    http::ListenerOptions options;
    options.max_connections = 1;
    Streaming streaming(options);
    RawClient client(streaming.server.port());
    client.send(get_stream);
    client.read_answer();
    CHECK(RawClient(streaming.server.port()).read_answer().status == 503);
    streaming.source->finish();
    CHECK(client.read_to_end() == "0\r\n\r\n");
    while (streaming.server.counters().open_connections > 0) {
        std::this_thread::yield();
    }
    RawClient next(streaming.server.port());
    next.send("GET /x HTTP/1.1\r\nHost: a\r\n\r\n");
    CHECK(next.read_answer().status == 200);
}
