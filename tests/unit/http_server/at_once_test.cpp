// Answers that the handler has in memory, as a client of the listener sees them.

#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <future>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "running_listener.hpp"

using namespace tributary;
using namespace std::chrono_literals;
using tests::RawClient;
using tests::RunningListener;

namespace {

std::string request(const std::string& start, const std::string& fields = {}) {
    return start + " HTTP/1.1\r\nHost: a\r\n" + fields + "\r\n";
}

std::string get(const std::string& target, const std::string& fields = {}) {
    return request("GET " + target, fields);
}

}  // namespace

TEST_CASE("an answer from memory is sent with all that the server adds, and nobody is asked again") {
    RunningListener server;
    RawClient client(server.port());
    client.send(get("/ready",
                    "traceparent: 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01\r\n"
                    "tracestate: a=b\r\ntracestate: c=d\r\n"));
    const auto answer = client.read_answer();
    CHECK(answer.head ==
          "HTTP/1.1 200 OK\r\nDate: Fri, 02 Jan 2026 03:04:05 GMT\r\nContent-Length: 7\r\n"
          "X-Request-Id: 0001020304050607-000001\r\n"
          "traceparent: 00-4bf92f3577b34da6a3ce929d0e0e4736-08090a0b0c0d0e0f-01\r\n"
          "tracestate: a=b,c=d\r\nX-Content-Type-Options: nosniff\r\nX-Ready: yes\r\nX-Varying: GET\r\n");
    CHECK(answer.body == "ready 1");
    client.send(get("/ready"));
    const auto next = client.read_answer();
    CHECK(next.field("X-Request-Id") == "0001020304050607-000002");
    CHECK(next.field("traceparent").size() == 55);
    CHECK_FALSE(next.field("traceparent").contains("4bf92f3577b34da6a3ce929d0e0e4736"));
    CHECK(next.field("tracestate").empty());
    CHECK(server.handler.seen().asked.size() == 2);
    CHECK(server.handler.seen().handled.empty());
}

TEST_CASE("a request that is not answered at once takes the usual way, the very same") {
    RunningListener server;
    RawClient client(server.port());
    client.send(get("/other?a=%20&b", "X-A:  1 \r\nx-a: 2\r\nX-Empty:\r\n"));
    const auto answer = client.read_answer();
    CHECK(answer.body == "GET /other?a=%20&b ");
    CHECK(answer.field("X-Ready").empty());
    CHECK(answer.field("X-Varying").empty());
    CHECK(server.handler.seen().left == "GET /other?a=%20&b\nHost=a\nX-A=1\nx-a=2\nX-Empty=\n");
    CHECK(server.handler.seen().handled == server.handler.seen().left);
    client.send(get("/ready"));
    CHECK(client.read_answer().field("X-Varying") == "GET");
}

TEST_CASE("a request with a body or an expectation is not asked about at once") {
    RunningListener server;
    RawClient client(server.port());
    client.send(request("POST /ready", "Content-Length: 2\r\n") + "ab");
    CHECK(client.read_answer().body == "POST /ready? ab");
    client.send(get("/ready", "Expect: 100-continue\r\n"));
    CHECK(client.read_answer().body == "GET /ready? ");
    CHECK(server.handler.seen().asked.empty());
}

TEST_CASE("HEAD is answered at once with the length of the body and without the body") {
    RunningListener server;
    RawClient client(server.port());
    client.send(request("HEAD /ready") + get("/ready"));
    const auto answer = client.read_answer(false);
    CHECK(answer.status == 200);
    CHECK(answer.field("Content-Length") == "7");
    CHECK(client.read_answer().body == "ready 2");
}

TEST_CASE("304 from memory has neither body nor length") {
    RunningListener server;
    RawClient client(server.port());
    client.send(get("/ready-304") + get("/ready"));
    const auto answer = client.read_answer();
    CHECK(answer.status == 304);
    CHECK(answer.field("Content-Length").empty());
    CHECK(answer.field("X-Ready") == "yes");
    CHECK(client.read_answer().body == "ready 2");
}

TEST_CASE("requests of both kinds in one go are answered in order") {
    RunningListener server;
    RawClient client(server.port());
    std::string bytes;
    for (int i = 0; i < 300; ++i) {
        bytes += i % 7 == 3 ? get("/" + std::to_string(i)) : get("/ready");
    }
    client.send(bytes);
    int ready = 0;
    for (int i = 0; i < 300; ++i) {
        const std::string expected =
            i % 7 == 3 ? "GET /" + std::to_string(i) + "? " : "ready " + std::to_string(++ready);
        CHECK(client.read_answer().body == expected);
    }
}

TEST_CASE("a request for memory that arrives byte by byte is answered once") {
    RunningListener server;
    RawClient client(server.port());
    client.send_bytewise(get("/ready") + get("/ready"));
    CHECK(client.read_answer().body == "ready 1");
    CHECK(client.read_answer().body == "ready 2");
}

TEST_CASE("a connection that sends hundreds of requests at a time does not keep others waiting") {
    RunningListener server;
    RawClient greedy(server.port());
    // Makes room for hundreds of requests in one read.
    greedy.send(get("/ready", "X: " + std::string(12'000, 'x') + "\r\n"));
    CHECK(greedy.read_answer().status == 200);
    RawClient modest(server.port());
    modest.send(get("/ready"));
    CHECK(modest.read_answer().status == 200);
    constexpr int many = 300;
    std::string bytes;
    for (int i = 0; i < many; ++i) {
        bytes += get("/ready?greedy");
    }
    server.while_busy([&] {
        greedy.send(bytes);
        modest.send(get("/ready?modest"));
    });
    CHECK(modest.read_answer().status == 200);
    for (int i = 0; i < many; ++i) {
        CHECK(greedy.read_answer().status == 200);
    }
    const auto asked = server.handler.seen().asked;
    const auto turn = std::ranges::find(asked, "modest") - std::ranges::find(asked, "greedy");
    CHECK(turn < 100);
}

TEST_CASE("what a handler keeps for a connection lives as long as the connection") {
    RunningListener server;
    RawClient first(server.port());
    RawClient second(server.port());
    first.send(get("/ready"));
    CHECK(first.read_answer().body == "ready 1");
    first.send(get("/usual"));
    CHECK(first.read_answer().body == "GET /usual? ");
    second.send(get("/ready", "Connection: close\r\n"));
    CHECK(second.read_answer().body == "ready 1");
    CHECK(second.is_ended());
    while (server.handler.forgotten == 0) {
        std::this_thread::yield();
    }
    first.send(get("/ready"));
    CHECK(first.read_answer().body == "ready 2");
    CHECK(server.handler.forgotten == 1);
}

TEST_CASE("a handler that throws at once, or answers an impossible status, is reported and answered 500") {
    std::atomic<int> faults = 0;
    std::mutex mutex;
    std::string faulty;
    http::ListenerOptions options;
    options.on_fault = [&](std::string_view request_id, const std::exception_ptr&) {
        const std::scoped_lock lock(mutex);
        faulty = request_id;
        ++faults;
    };
    RunningListener server(options);
    RawClient client(server.port());
    for (const std::string path : {"/ready-throw", "/ready-status"}) {
        CAPTURE(path);
        client.send(get(path));
        const auto answer = client.read_answer();
        CHECK(answer.status == 500);
        CHECK(answer.body.contains(R"("code":"internal")"));
        CHECK_FALSE(answer.body.contains("secret"));
        CHECK(answer.field("X-Ready").empty());
        const std::scoped_lock lock(mutex);
        CHECK(answer.field("X-Request-Id") == faulty);
    }
    CHECK(faults == 2);
    CHECK(server.handler.seen().handled.empty());
    client.send(get("/ready"));
    CHECK(client.read_answer().body.starts_with("ready "));
}

TEST_CASE("a client that reads slowly gets the whole answer from memory, and the next one") {
    RunningListener server;
    RawClient client(server.port());
    constexpr std::size_t size = 20'000'000;
    client.send(get("/ready-large?" + std::to_string(size)) + get("/ready") + get("/usual"));
    const auto answer = client.read_answer();
    CHECK(answer.body == std::string(size, 'x'));
    CHECK(client.read_answer().body == "ready 1");
    CHECK(client.read_answer().body == "GET /usual? ");
}

TEST_CASE("a client that does not read its answer from memory is cut off") {
    RunningListener server(tests::quick_options());
    RawClient client(server.port());
    client.send(get("/ready-large?50000000"));
    while (server.counters().deadlines_passed == 0) {
        std::this_thread::yield();
    }
    CHECK(client.read_to_end().size() < 50'000'000);
}

TEST_CASE("a connection is closed after an answer from memory when its client asks for it") {
    RunningListener server;
    for (const std::string& bytes :
         {get("/ready", "Connection: close\r\n"), std::string("GET /ready HTTP/1.0\r\n\r\n")}) {
        CAPTURE(bytes);
        RawClient client(server.port());
        client.send(bytes + get("/ready"));
        const auto answer = client.read_answer();
        CHECK(answer.body == "ready 1");
        CHECK(answer.field("Connection") == "close");
        client.finish_sending();
        CHECK(client.is_ended_in_order());
    }
}

TEST_CASE("a request that was sent before the stop is answered from memory, and its connection closed") {
    RunningListener server(tests::quick_options());
    RawClient client(server.port());
    client.send(get("/ready"));
    CHECK(client.read_answer().status == 200);
    server.stop_after([&client] { client.send(get("/ready")); }, 1h);
    const auto answer = client.read_answer();
    CHECK(answer.body == "ready 2");
    CHECK(answer.field("Connection") == "close");
    CHECK(client.is_ended());
}

TEST_CASE("an answer from memory that is being sent is finished after the stop") {
    auto options = tests::quick_options();
    options.phases.write = 1h;
    RunningListener server(options);
    RawClient client(server.port());
    constexpr std::size_t size = 20'000'000;
    client.send(get("/ready-large?" + std::to_string(size)));
    CHECK(client.read_through("\r\n\r\n").starts_with("HTTP/1.1 200 OK\r\n"));
    RawClient idle(server.port());
    auto stopped = std::async(std::launch::async, [&server] { return server.stop(1h); });
    // The stop closes it, so that it has begun for certain.
    CHECK(idle.is_ended());
    CHECK(client.read_to_end() == std::string(size, 'x'));
    CHECK(stopped.get() == 0);
}

TEST_CASE(
    "a stop does not wait longer than its grace for a client that does not read its answer from memory") {
    RunningListener server(tests::quick_options());
    RawClient client(server.port());
    client.send(get("/ready-large?50000000"));
    CHECK(client.read_through("\r\n\r\n").starts_with("HTTP/1.1 200 OK\r\n"));
    CHECK(server.stop(0ms) == 0);
    CHECK(client.read_to_end().size() < 50'000'000);
}
