// Every phase ends by its own limit, whatever the peer does meanwhile.
#include "client_fixture.hpp"

using namespace tributary;
using domain::Errc;
using tests::answer_of;
using tests::ClientFixture;
using tests::Conversation;
using tests::RawPeer;
using tests::Task;
using namespace std::chrono_literals;

namespace {

/// One byte after the other, each far sooner than any limit, without end.
RawPeer::Script drip(std::string first, std::string then) {
    return [first, then](Conversation& with) -> Task<void> {
        const std::string asked = co_await with.request();
        bool open = !asked.empty() && co_await with.say(first);
        while (open) {
            co_await with.pause(5ms);
            open = co_await with.say(then);
        }
    };
}

void check_timed_out(const domain::Result<domain::ports::HttpAnswer>& answer) {
    REQUIRE_FALSE(answer);
    CHECK_MESSAGE(answer.error().code == Errc::timed_out, answer.error().detail);
}

}  // namespace

TEST_CASE_FIXTURE(ClientFixture, "a header block that comes byte by byte meets the header limit") {
    options.header_limit = 100ms;
    RawPeer peer({drip("HTTP/1.1 200 OK\r\nX: ", "x")});
    check_timed_out(get(peer));
}

TEST_CASE_FIXTURE(ClientFixture, "interim answers do not renew the header limit") {
    options.header_limit = 100ms;
    RawPeer peer({[](Conversation& with) -> Task<void> {
        const std::string asked = co_await with.request();
        for (int i = 0; i < 4 && !asked.empty(); ++i) {
            co_await with.pause(40ms);
            const bool said = co_await with.say("HTTP/1.1 102 Processing\r\n\r\n");
            if (!said) co_return;
        }
        co_await with.until_closed();
    }});
    check_timed_out(get(peer));
}

TEST_CASE_FIXTURE(ClientFixture, "a peer that never answers meets the header limit") {
    options.header_limit = 50ms;
    RawPeer peer({[](Conversation& with) -> Task<void> { co_await with.until_closed(); }});
    check_timed_out(get(peer));
}

TEST_CASE_FIXTURE(ClientFixture, "a peer that never reads the request meets the header limit") {
    options.header_limit = 200ms;
    RawPeer peer({[](Conversation& with) -> Task<void> { co_await with.pause(1h); }});
    options.plain_origins = {peer.plain_origin()};
    check_timed_out(send({.method = "POST",
                          .origin = peer.plain_origin(),
                          .target = "/",
                          .body = std::string(64U << 20U, 'b')}));
}

TEST_CASE_FIXTURE(ClientFixture, "a body that comes byte by byte meets the limit of the whole") {
    options.whole_limit = 150ms;
    SUBCASE("by length") {
        RawPeer peer({drip("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n", "x")});
        check_timed_out(get(peer));
    }
    SUBCASE("in chunks") {
        RawPeer peer({drip("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", "1\r\nx\r\n")});
        check_timed_out(get(peer));
    }
}

TEST_CASE_FIXTURE(ClientFixture, "the limit of the whole holds within the header phase as well") {
    options.whole_limit = 50ms;
    RawPeer peer({[](Conversation& with) -> Task<void> { co_await with.until_closed(); }});
    check_timed_out(get(peer));
}

TEST_CASE_FIXTURE(ClientFixture, "a TLS handshake that stalls meets the TLS limit") {
    options.tls_limit = 50ms;
    RawPeer peer({[](Conversation& with) -> Task<void> { co_await with.until_closed(); }});
    check_timed_out(send({.origin = "https://127.0.0.1:" + std::to_string(peer.port()), .target = "/"}));
}

TEST_CASE_FIXTURE(ClientFixture, "a connection that had its time can be followed by a good one") {
    options.header_limit = 100ms;
    RawPeer peer({[](Conversation& with) -> Task<void> { co_await with.until_closed(); },
                  [](Conversation& with) -> Task<void> {
                      const std::string asked = co_await with.request();
                      const bool said = co_await with.say(answer_of(200, asked.substr(0, 3)));
                      if (said) co_await with.until_closed();
                  }});
    check_timed_out(get(peer));
    options.header_limit = 10s;
    client.reset();
    const auto second = get(peer);
    REQUIRE(second);
    CHECK(second->body == "GET");
}
