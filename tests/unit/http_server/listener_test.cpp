#include "adapters/http/server/listener.hpp"

#include <doctest/doctest.h>

#include <array>
#include <string>

#include "running_listener.hpp"

using namespace tributary;
using namespace std::chrono_literals;
using tests::RawClient;
using tests::RunningListener;

namespace {

std::string get(std::string_view path) {
    return "GET " + std::string(path) + " HTTP/1.1\r\nHost: a\r\n\r\n";
}

std::string post(std::string_view path, std::string_view body) {
    return "POST " + std::string(path) +
           " HTTP/1.1\r\nHost: a\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
           std::string(body);
}

}  // namespace

TEST_CASE("listener answers requests on a connection that stays open") {
    RunningListener server;
    RawClient client(server.port());
    client.send(get("/a?b=c"));
    const auto first = client.read_answer();
    CHECK(first.status == 200);
    CHECK(first.body == "GET /a?b=c ");
    CHECK(first.field("Date") == "Fri, 02 Jan 2026 03:04:05 GMT");
    CHECK(first.field("Content-Type") == "text/plain");
    CHECK(first.field("Content-Length") == "11");
    CHECK(first.field("X-Request-Id") == "0001020304050607-000001");
    CHECK(first.field("Connection").empty());

    client.send(post("/b", "hello"));
    const auto second = client.read_answer();
    CHECK(second.body == "POST /b? hello");
    CHECK(second.field("X-Request-Id") == "0001020304050607-000002");
}

TEST_CASE("listener reads a request that arrives byte by byte") {
    RunningListener server;
    RawClient client(server.port());
    client.send_bytewise(post("/x", "body") + get("/y"));
    CHECK(client.read_answer().body == "POST /x? body");
    CHECK(client.read_answer().body == "GET /y? ");
}

TEST_CASE("listener answers pipelined requests in order") {
    RunningListener server;
    RawClient client(server.port());
    std::string bytes;
    for (int i = 0; i < 200; ++i) {
        bytes += i % 2 == 0 ? get("/" + std::to_string(i)) : post("/" + std::to_string(i), "b");
    }
    client.send(bytes);
    for (int i = 0; i < 200; ++i) {
        const std::string expected = i % 2 == 0 ? "GET /" : "POST /";
        CHECK(client.read_answer().body.starts_with(expected + std::to_string(i) + "?"));
    }
}

TEST_CASE("listener answers a smuggling attempt once and closes, whatever follows it") {
    RunningListener server;
    constexpr std::array<std::string_view, 8> attempts = {
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: xchunked\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked, identity\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\nContent-Length: 5\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding:\r\n chunked\r\n\r\n",
        "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\nContent-Length: 44\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 44\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\n\r\n",
    };
    for (const auto attempt : attempts) {
        CAPTURE(attempt);
        RawClient client(server.port());
        client.send(std::string(attempt) + get("/admin"));
        client.finish_sending();
        const auto everything = client.read_to_end();
        CHECK(tests::count_answers(everything) == 1);
        CHECK_FALSE(everything.contains("/admin"));
        CHECK(everything.contains("\r\nConnection: close\r\n"));
        CHECK(everything.contains("\r\nContent-Type: application/problem+json\r\n"));
    }
}

TEST_CASE("listener refuses chunks with a problem that says what to do") {
    RunningListener server;
    RawClient client(server.port());
    client.send(
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\nAuthorization: "
        "y\r\n\r\n");
    const auto answer = client.read_answer();
    CHECK(answer.status == 411);
    CHECK(answer.body ==
          R"({"type":"/problems/length_required","title":"Length Required","status":411,)"
          R"("code":"length_required","detail":"Send the body with a Content-Length instead of chunks.",)"
          R"("instance":"/requests/)" +
              answer.field("X-Request-Id") + R"("})");
    CHECK(client.is_ended());
    CHECK(server.counters().refused_requests == 1);
}

TEST_CASE(
    "listener refuses a large body before it is sent, and the client sees the answer although it sends on") {
    RunningListener server;
    RawClient client(server.port());
    client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1048577\r\n\r\n");
    client.send(std::string(300'000, 'x'));
    CHECK(client.read_answer().status == 413);
    client.send(std::string(300'000, 'x'));
    client.finish_sending();
    CHECK(client.is_ended_in_order());
}

TEST_CASE("listener takes a body of exactly the cap") {
    RunningListener server;
    RawClient client(server.port());
    client.send(post("/x", std::string(1'048'576, 'x')));
    CHECK(client.read_answer().body.size() == 1'048'576 + 9);
}

TEST_CASE("listener lets the handler refuse before the body is read, and closes") {
    RunningListener server;
    RawClient client(server.port());
    client.send("POST /private HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n");
    const auto answer = client.read_answer();
    CHECK(answer.status == 401);
    CHECK(answer.field("Connection") == "close");
    client.finish_sending();
    CHECK(client.is_ended());
}

TEST_CASE("listener keeps the connection when the handler refuses a request without body") {
    RunningListener server;
    RawClient client(server.port());
    client.send(get("/private") + get("/next"));
    CHECK(client.read_answer().status == 401);
    CHECK(client.read_answer().body == "GET /next? ");
}

TEST_CASE("listener asks for the body only after the handler admitted the head") {
    RunningListener server;
    const std::string expectation =
        " HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n";
    RawClient welcome(server.port());
    welcome.send("POST /x" + expectation);
    CHECK(welcome.read_answer(false).status == 100);
    welcome.send("ok");
    CHECK(welcome.read_answer().body == "POST /x? ok");

    RawClient unwelcome(server.port());
    unwelcome.send("POST /private" + expectation);
    CHECK(unwelcome.read_answer().status == 401);
    unwelcome.finish_sending();
    CHECK(unwelcome.is_ended());
}

TEST_CASE("listener answers HEAD with the length of the body and without the body") {
    RunningListener server;
    RawClient client(server.port());
    client.send("HEAD /x HTTP/1.1\r\nHost: a\r\n\r\n" + get("/y"));
    CHECK(client.read_answer(false).field("Content-Length") == "9");
    CHECK(client.read_answer().body == "GET /y? ");
}

TEST_CASE("listener refuses a HEAD request without a body, and the request after it with one") {
    RunningListener server;
    RawClient client(server.port());
    client.send("HEAD / HTTP/1.1\r\n\r\n");
    CHECK(client.read_to_end().ends_with("\r\n\r\n"));

    RawClient other(server.port());
    other.send("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n\n");
    CHECK(other.read_answer(false).status == 200);
    CHECK(other.read_answer().body.contains("bad_line_ending"));
}

TEST_CASE("listener sends no body and no length with 204") {
    RunningListener server;
    RawClient client(server.port());
    client.send(get("/empty") + get("/y"));
    const auto empty = client.read_answer();
    CHECK(empty.status == 204);
    CHECK(empty.field("Content-Length").empty());
    CHECK(client.read_answer().body == "GET /y? ");
}

TEST_CASE("listener closes after the answer when client, handler or HTTP/1.0 asks for it") {
    RunningListener server;
    for (const std::string_view request :
         {"GET /x HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", "GET /close HTTP/1.1\r\nHost: a\r\n\r\n",
          "GET /x HTTP/1.0\r\n\r\n"}) {
        CAPTURE(request);
        RawClient client(server.port());
        client.send(request);
        const auto answer = client.read_answer();
        CHECK(answer.status == 200);
        CHECK(answer.field("Connection") == "close");
        CHECK(client.is_ended());
    }
}

TEST_CASE("listener answers 500 without inner text when a handler throws, and goes on") {
    std::atomic<int> faults = 0;
    http::ListenerOptions options;
    options.on_fault = [&faults](std::string_view, const std::exception_ptr&) { ++faults; };
    RunningListener server(options);
    RawClient client(server.port());
    client.send(get("/throw") + get("/bad-field") + get("/next"));
    const auto thrown = client.read_answer();
    CHECK(thrown.status == 500);
    CHECK(thrown.body.contains(R"("code":"internal")"));
    CHECK_FALSE(thrown.body.contains("secret"));
    const auto split = client.read_answer();
    CHECK(split.status == 500);
    CHECK_FALSE(split.head.contains("X-Evil"));
    CHECK(client.read_answer().status == 200);
    CHECK(faults == 2);
}

TEST_CASE("listener serves on several threads from one port") {
    RunningListener server({}, 3);
    for (int i = 0; i < 50; ++i) {
        RawClient client(server.port());
        client.send(get("/x"));
        CHECK(client.read_answer().status == 200);
    }
    CHECK(server.counters().accepted == 50);
}
