#include <doctest/doctest.h>

#include <chrono>
#include <future>
#include <string>

#include "running_listener.hpp"

using namespace tributary;
using namespace std::chrono_literals;
using tests::RawClient;
using tests::RunningListener;

namespace {

constexpr std::string_view get_x = "GET /x HTTP/1.1\r\nHost: a\r\n\r\n";
constexpr std::string_view get_hold = "GET /hold HTTP/1.1\r\nHost: a\r\n\r\n";
constexpr std::string_view get_deaf = "GET /deaf HTTP/1.1\r\nHost: a\r\n\r\n";

http::ListenerOptions fine_ticks() {
    http::ListenerOptions options;
    options.phases.tick = 10ms;
    return options;
}

}  // namespace

TEST_CASE("stop closes idle connections at once and accepts no more") {
    RunningListener server(fine_ticks(), 2);
    RawClient fresh(server.port());
    RawClient used(server.port());
    used.send(get_x);
    CHECK(used.read_answer().status == 200);
    CHECK(server.stop(1h) == 0);
    CHECK(fresh.is_ended());
    CHECK(used.is_ended());
    CHECK_THROWS(RawClient(server.port()));
    CHECK(server.counters().open_connections == 0);
}

TEST_CASE("stop lets a request in flight finish and tells the client to close") {
    RunningListener server(fine_ticks());
    RawClient client(server.port());
    client.send(get_hold);
    server.handler.wait_until_held();
    RawClient idle(server.port());
    auto stopped = std::async(std::launch::async, [&server] { return server.stop(1h); });
    // The stop closes it, so that it has begun for certain.
    CHECK(idle.is_ended());
    server.handler.release();
    const auto answer = client.read_answer();
    CHECK(answer.status == 200);
    CHECK(answer.field("Connection") == "close");
    CHECK(client.is_ended());
    CHECK(stopped.get() == 0);
}

TEST_CASE("stop cuts what is not finished when the grace is over") {
    RunningListener server{http::ListenerOptions{}};
    RawClient held(server.port());
    RawClient half_sent(server.port());
    held.send(get_hold);
    half_sent.send("GET / HTTP/1.1\r\n");
    server.handler.wait_until_held();
    CHECK(server.stop(50ms) == 0);
    CHECK(held.is_ended());
    CHECK(half_sent.is_ended());
}

TEST_CASE("stop does not wait for ever for a handler that ignores cancellation, and counts it") {
    RunningListener server(fine_ticks());
    RawClient client(server.port());
    client.send(get_deaf);
    server.handler.wait_until_held();
    CHECK(server.stop(50ms) == 1);
    CHECK(client.is_ended());
    server.handler.release();
}

TEST_CASE("a request that reached the listener before it stopped is answered") {
    RunningListener server(fine_ticks());
    RawClient used(server.port());
    used.send(get_x);
    CHECK(used.read_answer().status == 200);
    std::optional<RawClient> queued;
    const auto send_both = [&] {
        queued.emplace(server.port());
        queued->send(get_x);
        used.send(get_x);
    };
    CHECK(server.stop_after(send_both, 1h) == 0);
    CHECK(queued->read_answer().status == 200);
    CHECK(used.read_answer().status == 200);
    CHECK(used.is_ended());
}
