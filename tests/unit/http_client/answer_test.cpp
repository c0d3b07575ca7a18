// What the client takes for an answer and what it refuses, against peers that say exact bytes.
#include <fmt/format.h>

#include <atomic>

#include "client_fixture.hpp"

using namespace tributary;
using domain::Errc;
using domain::ports::HttpCall;
using tests::answer_of;
using tests::ClientFixture;
using tests::Conversation;
using tests::RawPeer;
using tests::Task;
using namespace std::chrono_literals;

namespace {

/// Says the bytes once and closes.
RawPeer::Script once(std::string bytes) {
    return [bytes](Conversation& with) -> Task<void> {
        const std::string asked = co_await with.request();
        const bool said = co_await with.say(bytes);
        if (said && asked.empty()) co_await with.until_closed();
    };
}

/// Says the bytes and keeps the connection open until the client closes it.
RawPeer::Script and_stay(std::string bytes) {
    return [bytes](Conversation& with) -> Task<void> {
        const std::string asked = co_await with.request();
        const bool said = !asked.empty() && co_await with.say(bytes);
        if (said) co_await with.until_closed();
    };
}

void check_error(const domain::Result<domain::ports::HttpAnswer>& answer, Errc code) {
    REQUIRE_FALSE(answer);
    CHECK_MESSAGE(answer.error().code == code, answer.error().detail);
    CHECK(answer.error().detail.find("secret") == std::string::npos);
}

}  // namespace

TEST_CASE_FIXTURE(ClientFixture, "an answer comes back whole with status, fields and body") {
    RawPeer peer(answer_of(200, std::string("a\0b", 3), "X-One: 1\r\nx-two:   2  \r\nX-One: 3\r\n"));
    const auto answer = get(peer, "/path?query=1");
    REQUIRE(answer);
    CHECK(answer->status == 200);
    CHECK(answer->body == std::string("a\0b", 3));
    CHECK(answer->fields.find("x-one") == "1");
    CHECK(answer->fields.find("X-Two") == "2");
    CHECK(answer->elapsed.count() > 0);
    CHECK(peer.requests().at(0) == fmt::format("GET /path?query=1 HTTP/1.1\r\nHost: 127.0.0.1:{}\r\n"
                                               "Accept-Encoding: identity\r\n\r\n",
                                               peer.port()));
}

TEST_CASE_FIXTURE(ClientFixture, "every status is an answer, and a redirect is not followed") {
    for (const int status : {200, 301, 302, 307, 400, 401, 404, 429, 500, 503}) {
        CAPTURE(status);
        RawPeer peer(answer_of(status, "body", "Location: http://127.0.0.1:1/\r\n"));
        client.reset();
        const auto answer = get(peer);
        REQUIRE(answer);
        CHECK(answer->status == status);
        CHECK(peer.requests().size() == 1);
    }
}

TEST_CASE_FIXTURE(ClientFixture, "answers that never have a body need no length") {
    for (const char* status : {"204 No Content", "304 Not Modified"}) {
        RawPeer peer({and_stay(fmt::format("HTTP/1.1 {}\r\n\r\n", status))});
        client.reset();
        const auto answer = get(peer);
        REQUIRE(answer);
        CHECK(answer->body.empty());
    }
}

TEST_CASE_FIXTURE(ClientFixture, "a chunked body is put together and its trailers never become fields") {
    RawPeer peer(
        {and_stay("HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked\r\nTrailer: X-Evil\r\n\r\n"
                  "3;name=value\r\nabc\r\n2\r\nde\r\n0\r\nX-Evil: secret\r\nRetry-After: 1\r\n\r\n")});
    const auto answer = get(peer);
    REQUIRE(answer);
    CHECK(answer->body == "abcde");
    CHECK_FALSE(answer->fields.find("X-Evil"));
    CHECK_FALSE(answer->fields.find("Retry-After"));
}

TEST_CASE_FIXTURE(ClientFixture, "a POST sends its body and gets its answer") {
    RawPeer peer(answer_of(200, "{}"));
    options.plain_origins = {peer.plain_origin()};
    HttpCall call{.method = "POST", .origin = peer.plain_origin(), .target = "/token", .body = "a=b&c=d"};
    call.fields.add("Content-Type", "application/x-www-form-urlencoded");
    REQUIRE(send(std::move(call)));
    CHECK(peer.requests().at(0).ends_with(
        "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 7\r\n\r\na=b&c=d"));
}

TEST_CASE_FIXTURE(ClientFixture,
                  "up to five interim answers are passed over, a sixth and a protocol switch are refused") {
    const std::string interim = "HTTP/1.1 103 Early Hints\r\nLink: <x>\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n";
    const std::string final = answer_of(200, "done");
    SUBCASE("five") {
        RawPeer peer({and_stay(interim + interim + "HTTP/1.1 102 Processing\r\n\r\n" + final)});
        const auto answer = get(peer);
        REQUIRE(answer);
        CHECK(answer->status == 200);
        CHECK(answer->body == "done");
        CHECK_FALSE(answer->fields.find("Link"));
    }
    SUBCASE("six") {
        RawPeer peer({and_stay(interim + interim + interim + final)});
        check_error(get(peer), Errc::contract);
    }
    SUBCASE("switch") {
        RawPeer peer({and_stay("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n")});
        check_error(get(peer), Errc::contract);
    }
}

TEST_CASE_FIXTURE(ClientFixture, "answers whose framing is not beyond doubt break the contract") {
    for (const std::string_view head :
         {"HTTP/1.1 200 OK\r\n\r\n",                                          // ends with the connection
          "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n",                     //
          "HTTP/1.0 200 OK\r\n\r\n",                                          //
          "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n",               // unknown
          "HTTP/1.1 200 OK\r\nTransfer-Encoding: xchunked\r\n\r\n",           //
          "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n",      //
          "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked, identity\r\n\r\n",  //
          "HTTP/1.1 200 OK\r\nTransfer-Encoding: identity\r\n\r\n",           //
          "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\nContent-Length: 6\r\n\r\n",     //
          "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",                       // not in 1.0
          "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 6\r\n\r\n",  // twice
          "HTTP/1.1 200 OK\r\nContent-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n",  //
          "HTTP/1.1 200 OK\r\nContent-Length: 6\r\nContent-Length: 6\r\n\r\n",           //
          "HTTP/1.1 200 OK\r\nContent-Length: 6\r\nContent-Length: 7\r\n\r\n",           //
          "HTTP/1.1 200 OK\r\nContent-Length: 6, 6\r\n\r\n",                             //
          "HTTP/1.1 200 OK\r\nContent-Length: +6\r\n\r\n",
          "HTTP/1.1 200 OK\r\nContent-Length: -6\r\n\r\n",
          "HTTP/1.1 200 OK\r\nContent-Length: 0x6\r\n\r\n",
          "HTTP/1.1 200 OK\r\nContent-Length: \r\n\r\n",
          "HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\n",
          "HTTP/2.0 200 OK\r\nContent-Length: 6\r\n\r\n",
          "HTTP/1.1 2x0 OK\r\nContent-Length: 6\r\n\r\n",
          "HTTP/1.1 200 OK\r\nBroken Name: 6\r\nContent-Length: 6\r\n\r\n",
          "<html>secret</html>\r\n\r\n",
          "\x16\x03\x01\x02\x03secret\r\n\r\n"}) {
        CAPTURE(head);
        RawPeer peer({once(std::string(head) + "secret")});
        client.reset();
        check_error(get(peer), Errc::contract);
    }
}

TEST_CASE_FIXTURE(ClientFixture, "broken chunks break the contract") {
    for (const std::string_view body :
         {"x\r\nabc\r\n0\r\n\r\n", "-1\r\n\r\n", "3\r\nabcd\r\n0\r\n\r\n", "\r\n\r\n"}) {
        CAPTURE(body);
        RawPeer peer({and_stay(std::string("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n") +
                               std::string(body))});
        client.reset();
        check_error(get(peer), Errc::contract);
    }
}

TEST_CASE_FIXTURE(ClientFixture, "a compressed body is refused, one that says it is not is taken") {
    for (const char* coding : {"gzip", "br", "deflate", "identity, gzip", "Content-Encoding: gzip"}) {
        RawPeer peer(answer_of(200, "body", fmt::format("Content-Encoding: {}\r\n", coding)));
        client.reset();
        check_error(get(peer), Errc::contract);
    }
    RawPeer twice(answer_of(200, "body", "Content-Encoding: identity\r\nContent-Encoding: gzip\r\n"));
    client.reset();
    check_error(get(twice), Errc::contract);
    RawPeer plain(answer_of(200, "body", "Content-Encoding: Identity\r\n"));
    client.reset();
    CHECK(get(plain));
}

TEST_CASE_FIXTURE(ClientFixture,
                  "an answer that ends too early is a lost connection and may be asked for again") {
    for (const std::string_view bytes :
         {"", "HTTP/1.1 2", "HTTP/1.1 200 OK\nContent-Length: 0\n\n", "HTTP/1.1 200 OK\r\nContent-Le",
          "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n",
          "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nsecret",
          "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
          "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab",
          "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n",
          "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\n",
          "HTTP/1.1 100 Continue\r\n\r\n"}) {
        CAPTURE(bytes);
        RawPeer peer({once(std::string(bytes))});
        client.reset();
        check_error(get(peer), Errc::unavailable);
        CHECK(peer.connections() == 1);
    }
}

TEST_CASE_FIXTURE(ClientFixture, "a peer that resets or is not there is unavailable") {
    std::string origin;
    {
        RawPeer peer({[](Conversation& with) -> Task<void> {
            const std::string asked = co_await with.request();
            if (!asked.empty()) with.reset();
        }});
        check_error(get(peer), Errc::unavailable);
        origin = peer.plain_origin();
    }
    check_error(send({.origin = origin, .target = "/secret"}), Errc::unavailable);
}

TEST_CASE_FIXTURE(ClientFixture, "header blocks and bodies are taken up to the cap and refused above it") {
    options.max_header_bytes = 1024;
    options.max_body_bytes = 2048;
    RawPeer::Script answer;
    bool fits = false;
    SUBCASE("body at the cap") {
        answer = and_stay(answer_of(200, std::string(2048, 'b')));
        fits = true;
    }
    SUBCASE("body above the cap") {
        answer = and_stay(answer_of(200, std::string(2049, 'b')));
    }
    SUBCASE("body above the cap by its length alone") {
        answer = and_stay("HTTP/1.1 200 OK\r\nContent-Length: 9000000000000\r\n\r\n");
    }
    SUBCASE("chunked body at the cap") {
        answer = and_stay("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n800\r\n" +
                          std::string(2048, 'b') + "\r\n0\r\n\r\n");
        fits = true;
    }
    SUBCASE("chunked body above the cap") {
        answer = and_stay("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n801\r\n" +
                          std::string(2049, 'b') + "\r\n0\r\n\r\n");
    }
    SUBCASE("header block under the cap") {
        answer = and_stay(answer_of(200, "", "X: " + std::string(900, 'h') + "\r\n"));
        fits = true;
    }
    SUBCASE("header block above the cap") {
        answer = and_stay(answer_of(200, "", "X: " + std::string(1024, 'h') + "\r\n"));
    }
    SUBCASE("header block of many fields") {
        std::string fields;
        for (int i = 0; i < 200; ++i)
            fields += "X: y\r\n";
        answer = and_stay(answer_of(200, "", fields));
    }
    SUBCASE("header fields without end") {
        answer = [](Conversation& with) -> Task<void> {
            std::string asked = co_await with.request();
            bool open = co_await with.say("HTTP/1.1 200 OK\r\n");
            while (open) {
                co_await with.pause(1ms);  // so that every read of the client ends with a field
                open = co_await with.say("X: " + std::string(100, 'e') + "\r\n");
            }
        };
    }
    SUBCASE("chunk extensions without end") {
        answer = [](Conversation& with) -> Task<void> {
            std::string asked = co_await with.request();
            bool open = co_await with.say("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
            while (open)
                open = co_await with.say("1;" + std::string(4000, 'e') + "\r\nb\r\n");
        };
    }
    SUBCASE("one chunk extension without end") {
        answer = [](Conversation& with) -> Task<void> {
            std::string asked = co_await with.request();
            bool open = co_await with.say("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;");
            while (open)
                open = co_await with.say(std::string(4000, 'e'));
        };
    }
    SUBCASE("trailers without end") {
        answer = [](Conversation& with) -> Task<void> {
            std::string asked = co_await with.request();
            bool open = co_await with.say("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n");
            while (open)
                open = co_await with.say("X: " + std::string(4000, 'e') + "\r\n");
        };
    }
    RawPeer peer({answer});
    const auto got = get(peer);
    if (fits) {
        CHECK(got);
    } else {
        check_error(got, Errc::contract);
    }
}

TEST_CASE_FIXTURE(ClientFixture, "chunk extensions count as bytes received, however small the body is") {
    options.max_body_bytes = 64U << 10U;
    std::atomic<std::size_t> sent = 0;
    RawPeer peer({[&sent](Conversation& with) -> Task<void> {
        std::string asked = co_await with.request();
        bool open = co_await with.say("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
        while (open) {
            open = co_await with.say("1;" + std::string(4000, 'e') + "\r\nb\r\n");
            sent += 4000;
        }
    }});
    check_error(get(peer), Errc::contract);
    // 256 MiB would fit under the body limit alone; what is sent beyond ours waits in the sockets' buffers.
    CHECK(sent < (32U << 20U));
}

TEST_CASE_FIXTURE(ClientFixture, "calls that cannot be sent as they are never reach the peer") {
    RawPeer peer(answer_of(200, ""));
    options.plain_origins = {peer.plain_origin()};
    check_error(send({.origin = peer.plain_origin(), .target = "/secret\r\nX: y"}), Errc::configuration);
    check_error(send({.origin = peer.plain_origin() + "/secret", .target = "/"}), Errc::configuration);
    check_error(send({.origin = "http://user:secret@127.0.0.1", .target = "/"}), Errc::configuration);
    HttpCall call{.origin = peer.plain_origin(), .target = "/"};
    call.fields.add("Authorization", "Bearer secret\r\n");
    check_error(send(std::move(call)), Errc::configuration);
    CHECK(peer.connections() == 0);
}

TEST_CASE_FIXTURE(
    ClientFixture,
    "http:// is refused for every origin that is not allowed and for any that leads off this machine") {
    RawPeer peer(answer_of(200, ""));
    options.plain_origins = {"http://127.0.0.1:1", "http://192.0.2.1:80"};
    check_error(send({.origin = peer.plain_origin(), .target = "/"}), Errc::configuration);
    check_error(send({.origin = "http://192.0.2.1:80", .target = "/"}), Errc::configuration);
    CHECK(peer.connections() == 0);
}

TEST_CASE_FIXTURE(ClientFixture, "options that cannot be meant are refused when the client is made") {
    SUBCASE("https in the list of plain origins") {
        options.plain_origins = {"https://127.0.0.1"};
    }
    SUBCASE("no origin") {
        options.plain_origins = {"127.0.0.1:80"};
    }
    SUBCASE("no CA file") {
        options.ca_file = "/nonexistent/ca.pem";
    }
    const auto created = http::HttpClient::create(io.get_executor(), options);
    REQUIRE_FALSE(created);
    CHECK(created.error().code == Errc::configuration);
}
