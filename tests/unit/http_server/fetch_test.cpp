// Answers for which the handler has to wait first, as a client of the listener sees them.

#include <doctest/doctest.h>

#include <chrono>
#include <future>
#include <mutex>
#include <string>
#include <thread>

#include "running_listener.hpp"

using namespace tributary;
using namespace std::chrono_literals;
using tests::RawClient;
using tests::RunningListener;

namespace {

std::string get(const std::string& target, const std::string& fields = {}) {
    return "GET " + target + " HTTP/1.1\r\nHost: a\r\n" + fields + "\r\n";
}

}  // namespace

TEST_CASE("an answer that was fetched is sent as one from memory, and those behind it follow in order") {
    RunningListener server;
    RawClient client(server.port());
    client.send(get("/fetch") + get("/ready") + get("/fetch") + get("/usual") +
                "HEAD /fetch HTTP/1.1\r\nHost: a\r\n\r\n" + get("/ready"));
    const auto first = client.read_answer();
    CHECK(first.body == "fetched");
    CHECK(first.field("X-Ready") == "yes");
    CHECK(first.field("X-Varying") == "GET");
    CHECK(client.read_answer().body == "ready 1");
    CHECK(client.read_answer().body == "fetched");
    CHECK(client.read_answer().body == "GET /usual? ");
    CHECK(client.read_answer(false).field("Content-Length") == "7");
    CHECK(client.read_answer().body == "ready 2");
}

TEST_CASE("a request for which nothing was fetched takes the usual way with its own fields") {
    RunningListener server;
    RawClient client(server.port());
    client.send(get("/fetch-none?a", "X-A: 1\r\nX-B:  two \r\n"));
    server.handler.wait_until_held();
    // Other requests are looked at meanwhile.
    RawClient other(server.port());
    other.send(get("/ready", "X-C: 3\r\nX-D: 4\r\nX-E: 5\r\n"));
    CHECK(other.read_answer().body == "ready 1");
    server.handler.release();
    const auto answer = client.read_answer();
    CHECK(answer.body == "GET /fetch-none?a ");
    CHECK(answer.field("X-Ready").empty());
    CHECK(answer.field("X-Varying").empty());
    CHECK(server.handler.seen().handled == "GET /fetch-none?a\nHost=a\nX-A=1\nX-B=two\n");
}

TEST_CASE("a fetch that throws, or comes to an impossible status, is reported and answered 500") {
    std::mutex mutex;
    int faults = 0;
    http::ListenerOptions options;
    options.on_fault = [&](std::string_view, const std::exception_ptr&) {
        const std::scoped_lock lock(mutex);
        ++faults;
    };
    RunningListener server(options);
    RawClient client(server.port());
    for (const std::string path : {"/fetch-throw", "/fetch-status"}) {
        CAPTURE(path);
        client.send(get(path));
        const auto answer = client.read_answer();
        CHECK(answer.status == 500);
        CHECK_FALSE(answer.body.contains("secret"));
        CHECK(answer.field("X-Ready").empty());
    }
    client.send(get("/ready"));
    CHECK(client.read_answer().body == "ready 1");
    const std::scoped_lock lock(mutex);
    CHECK(faults == 2);
}

TEST_CASE("a fetch that takes too long is answered 504, and the connection goes on") {
    RunningListener server(tests::quick_options());
    RawClient client(server.port());
    client.send(get("/fetch-hold"));
    const auto answer = client.read_answer();
    CHECK(answer.status == 504);
    CHECK(answer.body.contains(R"("code":"timed_out")"));
    client.send(get("/fetch"));
    CHECK(client.read_answer().body == "fetched");
}

TEST_CASE("a stop waits for what is being fetched, and closes the connection behind it") {
    auto options = tests::quick_options();
    options.phases.handler = 1h;
    RunningListener server(options);
    RawClient client(server.port());
    client.send(get("/fetch-hold"));
    server.handler.wait_until_held();
    RawClient idle(server.port());
    idle.send(get("/ready"));
    CHECK(idle.read_answer().status == 200);
    auto stopped = std::async(std::launch::async, [&server] { return server.stop(1h); });
    // The stop closes it, so that it has begun for certain.
    CHECK(idle.is_ended());
    server.handler.release();
    const auto answer = client.read_answer();
    CHECK(answer.body == "fetched");
    CHECK(answer.field("Connection") == "close");
    CHECK(client.is_ended());
    CHECK(stopped.get() == 0);
}

TEST_CASE("a stop whose grace is over does not wait for what is being fetched") {
    auto options = tests::quick_options();
    options.phases.handler = 1h;
    RunningListener server(options);
    RawClient client(server.port());
    client.send(get("/fetch-hold"));
    server.handler.wait_until_held();
    CHECK(server.stop(0ms) == 0);
    CHECK(client.read_to_end().empty());
}
