// How a stream ends where its source does not end it: the reader leaves or does not read, the service stops,
// the source is silent or deaf.
#include <doctest/doctest.h>

#include <atomic>
#include <future>
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

/// A stream under way whose source is being asked for its first piece.
struct Streaming {
    std::shared_ptr<FedStream> source;
    std::atomic<int> faults = 0;
    RunningListener server;
    RawClient client;

    explicit Streaming(http::ListenerOptions options = quick_options(), bool deaf = false)
        : source(std::make_shared<FedStream>(deaf)),
          server(watched(std::move(options))),
          client(server.port()) {
        server.handler.stream = reply_of(source);
        client.send(get_stream);
        CHECK(client.read_answer().status == 200);
        REQUIRE(source->is_asked(1));
    }

    http::ListenerOptions watched(http::ListenerOptions options) {
        options.on_fault = [this](std::string_view, const std::exception_ptr&) { ++faults; };
        return options;
    }

    void wait_until_closed() const {
        while (server.counters().open_connections > 0) {
            std::this_thread::yield();
        }
    }
};

}  // namespace

TEST_CASE("a reader that hangs up stops the source that is being asked") {
    Streaming streaming;
    streaming.client.hang_up();
    CHECK(streaming.source->is_stopped());
    streaming.wait_until_closed();
    CHECK(streaming.source->times_asked() == 1);
}

TEST_CASE("a reader whose connection breaks stops the source that is being asked") {
    Streaming streaming;
    streaming.client.break_off();
    CHECK(streaming.source->is_stopped());
    streaming.wait_until_closed();
    CHECK(streaming.faults == 0);
}

TEST_CASE("a reader that says it sends no more gets the end of the body") {
    Streaming streaming;
    streaming.client.finish_sending();
    CHECK(streaming.client.read_to_end() == "0\r\n\r\n");
    CHECK(streaming.source->times_stopped() == 1);
}

TEST_CASE("a reader that does not read is cut off, and no piece is asked for behind the one that it left") {
    Streaming streaming;
    std::string more_than_any_buffer;
    more_than_any_buffer.resize(64'000'000, 'x');
    streaming.source->give(more_than_any_buffer);
    CHECK(streaming.source->is_stopped());
    streaming.wait_until_closed();
    CHECK(streaming.source->times_asked() == 1);
    CHECK(streaming.server.counters().deadlines_passed == 1);
    CHECK(streaming.client.read_to_end().size() < 64'000'000);
    CHECK(streaming.faults == 0);
}

TEST_CASE("a stop ends a stream at once and in order") {
    Streaming streaming(http::ListenerOptions{});
    auto stopped = std::async(std::launch::async, [&streaming] { return streaming.server.stop(1h); });
    CHECK(streaming.client.read_to_end() == "0\r\n\r\n");
    CHECK(streaming.client.is_ended_in_order());
    CHECK(stopped.get() == 0);
    CHECK(streaming.source->times_stopped() == 1);
}

TEST_CASE("a stream that begins while the service stops is over before it is asked for anything") {
    const auto source = std::make_shared<FedStream>();
    RunningListener server;
    server.handler.stream = reply_of(source);
    RawClient client(server.port());
    client.send("GET /hold?stream HTTP/1.1\r\nHost: a\r\n\r\n");
    server.handler.wait_until_held();
    RawClient idle(server.port());
    auto stopped = std::async(std::launch::async, [&server] { return server.stop(1h); });
    // The stop closes it, so that it has begun for certain.
    CHECK(idle.is_ended());
    server.handler.release();
    CHECK(client.read_answer().status == 200);
    CHECK(client.read_to_end() == "0\r\n\r\n");
    CHECK(stopped.get() == 0);
    CHECK(source->times_asked() == 0);
}

TEST_CASE("a source that is silent for too long is stopped, and its body gets its end") {
    auto options = quick_options();
    options.phases.piece = 50ms;
    Streaming streaming(options);
    CHECK(streaming.client.read_to_end() == "0\r\n\r\n");
    CHECK(streaming.source->times_stopped() == 1);
    CHECK(streaming.server.counters().deadlines_passed == 1);
}

TEST_CASE("a source that does not stop is cancelled, which costs the connection its end and nobody else") {
    auto options = quick_options();
    options.phases.piece = 50ms;
    Streaming streaming(options, true);
    CHECK(streaming.client.is_ended());
    streaming.wait_until_closed();
    CHECK(streaming.source->times_stopped() == 1);
    CHECK(streaming.faults == 0);
    RawClient other(streaming.server.port());
    other.send("GET /x HTTP/1.1\r\nHost: a\r\n\r\n");
    CHECK(other.read_answer().status == 200);
}

TEST_CASE("a source that does not stop with the service is cancelled when the grace is over") {
    Streaming streaming(http::ListenerOptions{}, true);
    CHECK(streaming.server.stop(50ms) == 0);
    CHECK(streaming.client.is_ended());
    CHECK(streaming.faults == 0);
}
