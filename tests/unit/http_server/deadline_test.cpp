#include <doctest/doctest.h>

#include <chrono>
#include <string>

#include "running_listener.hpp"

using namespace tributary;
using namespace std::chrono_literals;
using tests::quick_options;
using tests::RawClient;
using tests::RunningListener;

namespace {

constexpr std::string_view get_x = "GET /x HTTP/1.1\r\nHost: a\r\n\r\n";

}  // namespace

TEST_CASE("a header block that trickles in is cut off at one deadline") {
    RunningListener server(quick_options());
    RawClient client(server.port());
    client.send("GET / HTTP/1.1\r\n");
    // Each byte comes well within the deadline; only one that is not set again for every read can end this.
    int trickled = 0;
    while (!client.has_answer_within(20ms) && trickled < 100) {
        client.send("X");
        ++trickled;
    }
    CHECK(trickled < 100);
    CHECK(client.read_answer().status == 408);
}

TEST_CASE("a header block that never ends is answered 408") {
    RunningListener server(quick_options());
    RawClient client(server.port());
    client.send("GET / HTTP/1.1\r\nHost: a\r\n");
    const auto answer = client.read_answer();
    CHECK(answer.status == 408);
    CHECK(answer.body.contains("request_timeout"));
    CHECK(client.is_ended());
}

TEST_CASE("a body that never ends is answered 408") {
    RunningListener server(quick_options());
    RawClient client(server.port());
    client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhel");
    CHECK(client.read_answer().status == 408);
    CHECK(client.is_ended());
}

TEST_CASE("an idle connection is closed without a word") {
    RunningListener server(quick_options());
    RawClient fresh(server.port());
    RawClient used(server.port());
    used.send(get_x);
    CHECK(used.read_answer().status == 200);
    CHECK(used.is_ended());
    CHECK(fresh.is_ended());
}

TEST_CASE("a handler that does not finish is cancelled and answered 504, and the connection goes on") {
    RunningListener server(quick_options());
    RawClient client(server.port());
    client.send("GET /hold HTTP/1.1\r\nHost: a\r\n\r\n" + std::string(get_x));
    const auto answer = client.read_answer();
    CHECK(answer.status == 504);
    CHECK(answer.body.contains("timed_out"));
    CHECK(client.read_answer().status == 200);
}

TEST_CASE("a handler that ignores its cancellation costs the connection, not the listener") {
    RunningListener server(quick_options());
    RawClient client(server.port());
    client.send("GET /deaf HTTP/1.1\r\nHost: a\r\n\r\n");
    CHECK(client.is_ended());
    RawClient other(server.port());
    other.send(get_x);
    CHECK(other.read_answer().status == 200);
    server.handler.release();
}

TEST_CASE("a client that does not read its answer is cut off") {
    RunningListener server(quick_options());
    RawClient client(server.port());
    client.send("GET /large?50000000 HTTP/1.1\r\nHost: a\r\n\r\n");
    while (server.counters().deadlines_passed == 0) {
        std::this_thread::yield();
    }
    CHECK(client.read_to_end().size() < 50'000'000);
}
