// Connections kept and used again, and turns at a busy origin.
#include <boost/asio/co_spawn.hpp>
#include <future>
#include <vector>

#include "client_fixture.hpp"

using namespace tributary;
using domain::Errc;
using domain::Result;
using domain::ports::HttpAnswer;
using tests::answer_of;
using tests::ClientFixture;
using tests::Conversation;
using tests::RawPeer;
using tests::Task;
using namespace std::chrono_literals;

namespace {

/// Answers one request on its first connection and dies when it is asked a second time there.
struct DyingPeer {
    explicit DyingPeer(bool by_reset = false)
        : peer({[by_reset](Conversation& with) -> Task<void> {
                    const std::string first = co_await with.request();
                    const bool said = co_await with.say(answer_of(200, "first"));
                    const std::string second = said ? co_await with.request() : first;
                    if (by_reset) with.reset();
                },
                [](Conversation& with) -> Task<void> {
                    for (;;) {
                        const std::string asked = co_await with.request();
                        const bool said = !asked.empty() && co_await with.say(answer_of(200, "second"));
                        if (!said) co_return;
                    }
                }}) {}

    RawPeer peer;
};

}  // namespace

TEST_CASE_FIXTURE(ClientFixture, "a connection is used again for the next GET") {
    RawPeer peer(answer_of(200, "body"));
    for (int i = 0; i < 5; ++i) {
        REQUIRE(get(peer));
    }
    CHECK(peer.connections() == 1);
    CHECK(peer.requests().size() == 5);
}

TEST_CASE_FIXTURE(ClientFixture, "a connection is not used again where its answer or its age forbids") {
    SUBCASE("the peer said close") {
        RawPeer peer(answer_of(200, "body", "Connection: close\r\n"));
        REQUIRE(get(peer));
        REQUIRE(get(peer));
        CHECK(peer.connections() == 2);
    }
    SUBCASE("the peer speaks HTTP/1.0") {
        RawPeer peer("HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 0\r\n\r\n");
        REQUIRE(get(peer));
        REQUIRE(get(peer));
        CHECK(peer.connections() == 2);
    }
    SUBCASE("the peer says more than it was asked for") {
        RawPeer peer(answer_of(200, "body") + answer_of(200, "stray"));
        for (int i = 0; i < 3; ++i) {
            const auto answer = get(peer);
            REQUIRE(answer);
            CHECK(answer->body == "body");
        }
        CHECK(peer.connections() == 3);
    }
    SUBCASE("it is too old") {
        options.idle_age = 0ms;
        RawPeer peer(answer_of(200, "body"));
        REQUIRE(get(peer));
        REQUIRE(get(peer));
        CHECK(peer.connections() == 2);
    }
    SUBCASE("the answer was refused") {
        RawPeer peer(answer_of(200, "body", "Content-Encoding: gzip\r\n"));
        CHECK_FALSE(get(peer));
        CHECK_FALSE(get(peer));
        CHECK(peer.connections() == 2);
    }
}

TEST_CASE_FIXTURE(ClientFixture,
                  "a call that may not leave any more sends nothing and keeps its connection for the next") {
    RawPeer peer(answer_of(200, "body"));
    options.plain_origins.push_back(peer.plain_origin());
    REQUIRE(get(peer));
    for (const std::string method : {"GET", "POST"}) {
        const auto held =
            send({.method = method, .origin = peer.plain_origin(), .target = "/", .may_leave = [] {
                      return false;
                  }});
        REQUIRE_FALSE(held);
        CHECK(held.error().code == Errc::throttled);
    }
    CHECK(peer.requests().size() == 1);
    REQUIRE(get(peer));
    // The GET's kept connection, and the one that the POST opened.
    CHECK(peer.connections() == 2);
    CHECK(peer.requests().size() == 2);
}

TEST_CASE_FIXTURE(ClientFixture, "a POST starts on a connection of its own, which a GET may use afterwards") {
    RawPeer peer(answer_of(200, "body"));
    REQUIRE(get(peer));
    REQUIRE(send({.method = "POST", .origin = peer.plain_origin(), .target = "/"}));
    CHECK(peer.connections() == 2);
    REQUIRE(get(peer));
    CHECK(peer.connections() == 2);
}

TEST_CASE_FIXTURE(ClientFixture,
                  "a kept connection that dies under the next GET is replaced by a fresh one, once") {
    for (const bool by_reset : {false, true}) {
        CAPTURE(by_reset);
        DyingPeer dying(by_reset);
        client.reset();
        REQUIRE(get(dying.peer));
        const auto second = get(dying.peer);
        REQUIRE(second);
        CHECK(second->body == "second");
        CHECK(dying.peer.connections() == 2);
    }
}

TEST_CASE_FIXTURE(ClientFixture, "a fresh connection that dies is not replaced") {
    RawPeer peer(
        {[](Conversation& with) -> Task<void> {
             const std::string first = co_await with.request();
             const bool said = co_await with.say(answer_of(200, "first"));
             const std::string second = said ? co_await with.request() : first;
         },
         [](Conversation& with) -> Task<void> { const std::string asked = co_await with.request(); }});
    REQUIRE(get(peer));
    const auto second = get(peer);
    REQUIRE_FALSE(second);
    CHECK(second.error().code == Errc::unavailable);
    CHECK(peer.connections() == 2);
}

TEST_CASE_FIXTURE(ClientFixture, "a kept connection that dies within an answer is not asked again") {
    RawPeer peer({[](Conversation& with) -> Task<void> {
        const std::string first = co_await with.request();
        const bool said = co_await with.say(answer_of(200, "first"));
        const std::string second = said ? co_await with.request() : first;
        const bool began = co_await with.say("HTTP/1.1 2");
        if (!began) co_return;
    }});
    REQUIRE(get(peer));
    CHECK_FALSE(get(peer));
    CHECK(peer.connections() == 1);
}

TEST_CASE_FIXTURE(ClientFixture, "a kept connection that was closed meanwhile is seen before it is used") {
    RawPeer peer({[](Conversation& with) -> Task<void> {
                      const std::string asked = co_await with.request();
                      const bool said = co_await with.say(answer_of(200, asked.substr(0, 3)));
                      if (said) with.socket().shutdown(boost::asio::ip::tcp::socket::shutdown_send);
                      co_await with.until_closed();
                  },
                  [](Conversation& with) -> Task<void> {
                      const std::string asked = co_await with.request();
                      const bool said = co_await with.say(answer_of(200, "fresh"));
                      if (said) co_await with.until_closed();
                  }});
    REQUIRE(get(peer));
    const auto second = get(peer);
    REQUIRE(second);
    CHECK(second->body == "fresh");
}

TEST_CASE_FIXTURE(ClientFixture,
                  "what a peer says unasked on a kept connection is never taken for an answer") {
    std::promise<void> said_goodbye;
    RawPeer peer({[&](Conversation& with) -> Task<void> {
                      const std::string request = co_await with.request();
                      const bool said = co_await with.say(answer_of(200, request.substr(0, 3)));
                      co_await with.pause(20ms);  // so that it does not come along with the answer
                      const bool stray = said && co_await with.say(answer_of(408, "stray"));
                      said_goodbye.set_value();
                      if (stray) co_await with.until_closed();
                  },
                  [](Conversation& with) -> Task<void> {
                      const std::string request = co_await with.request();
                      const bool said = co_await with.say(answer_of(200, "fresh"));
                      if (said) co_await with.until_closed();
                  }});
    REQUIRE(get(peer));
    REQUIRE(said_goodbye.get_future().wait_for(10s) == std::future_status::ready);
    const auto second = get(peer);
    REQUIRE(second);
    CHECK(second->body == "fresh");
}

TEST_CASE_FIXTURE(ClientFixture, "no more sends than allowed run at once, and the others follow in order") {
    options.sends_per_origin = 2;
    std::atomic<int> now = 0;
    std::atomic<int> most = 0;
    RawPeer peer({[&](Conversation& with) -> Task<void> {
        for (;;) {
            const std::string asked = co_await with.request();
            if (asked.empty()) co_return;
            most = std::max<int>(most, ++now);
            co_await with.pause(5ms);
            --now;
            const bool said = co_await with.say(answer_of(200, asked.substr(5, 1)));
            if (!said) co_return;
        }
    }});
    options.plain_origins = {peer.plain_origin()};
    std::vector<std::string> done;
    for (char name = 'a'; name < 'i'; ++name) {
        boost::asio::co_spawn(
            io, the_client().send({.origin = peer.plain_origin(), .target = std::string("/") + name}),
            [&done](const std::exception_ptr&, Result<HttpAnswer> answer) {
                done.push_back(answer ? answer->body : answer.error().detail);
            });
    }
    io.run();
    CHECK(done.size() == 8);
    for (const std::string& body : done) {
        CHECK(body.size() == 1);
    }
    CHECK(most == 2);
    CHECK(peer.connections() == 2);
    const auto requests = peer.requests();
    REQUIRE(requests.size() == 8);
    for (std::size_t i = 4; i < 8; ++i) {
        // Two run side by side, so a request can be at most one place off.
        CHECK(std::abs(requests[i][5] - static_cast<char>('a' + i)) <= 1);
    }
}

TEST_CASE_FIXTURE(ClientFixture, "no more idle connections are kept than allowed") {
    options.idle_per_origin = 1;
    options.sends_per_origin = 3;
    std::atomic<int> closed = 0;
    std::promise<void> two_closed;
    RawPeer peer({[&](Conversation& with) -> Task<void> {
        const std::string asked = co_await with.request();
        const bool said = co_await with.say(answer_of(200, asked.substr(0, 3)));
        if (said) co_await with.until_closed();
        if (++closed == 2) two_closed.set_value();
    }});
    options.plain_origins = {peer.plain_origin()};
    for (int i = 0; i < 3; ++i) {
        boost::asio::co_spawn(
            io, the_client().send({.method = "POST", .origin = peer.plain_origin(), .target = "/"}),
            [](const std::exception_ptr&, const Result<HttpAnswer>& answer) { CHECK(answer); });
    }
    io.run();
    CHECK(two_closed.get_future().wait_for(10s) == std::future_status::ready);
    CHECK(closed == 2);
}

TEST_CASE_FIXTURE(ClientFixture,
                  "a send that never gets its turn times out, and the line goes on without it") {
    options.sends_per_origin = 1;
    options.queue_limit = 50ms;
    options.header_limit = 300ms;
    RawPeer peer({[](Conversation& with) -> Task<void> { co_await with.until_closed(); },
                  [](Conversation& with) -> Task<void> {
                      const std::string asked = co_await with.request();
                      const bool said = co_await with.say(answer_of(200, asked.substr(0, 3)));
                      if (said) co_await with.until_closed();
                  }});
    options.plain_origins = {peer.plain_origin()};
    std::vector<std::string> details;
    for (int i = 0; i < 2; ++i) {
        boost::asio::co_spawn(io, the_client().send({.origin = peer.plain_origin(), .target = "/"}),
                              [&details](const std::exception_ptr&, const Result<HttpAnswer>& answer) {
                                  REQUIRE_FALSE(answer);
                                  CHECK(answer.error().code == Errc::timed_out);
                                  details.push_back(answer.error().detail);
                              });
    }
    io.run();
    REQUIRE(details.size() == 2);
    CHECK(details[0].find("free connection") != std::string::npos);
    CHECK(get(peer));
}
