// TLS verification against real handshakes. No request byte may reach a peer that is not who it should be.
#include <fmt/format.h>
#include <openssl/ssl.h>

#include "certificates.hpp"
#include "client_fixture.hpp"

using namespace tributary;
using domain::Errc;
using tests::answer_of;
using tests::Authority;
using tests::ClientFixture;
using tests::RawPeer;

namespace {

struct TlsFixture : ClientFixture {
    Authority authority;

    domain::Result<domain::ports::HttpAnswer> ask(const RawPeer& peer, std::string_view host = "localhost") {
        return send({.origin = fmt::format("https://{}:{}", host, peer.port()), .target = "/?secret"});
    }

    void trust() { options.ca_file = authority.file(); }

    void check_refused(const RawPeer& peer, std::string_view words, std::string_view host = "localhost") {
        const auto answer = ask(peer, host);
        REQUIRE_FALSE(answer);
        CHECK_MESSAGE(answer.error().code == Errc::configuration, answer.error().detail);
        CHECK_MESSAGE(answer.error().detail.find(words) != std::string::npos, answer.error().detail);
        CHECK(peer.requests().empty());
    }
};

}  // namespace

TEST_CASE_FIXTURE(TlsFixture, "a peer with a certificate of the extra CA is asked, by name and by address") {
    trust();
    RawPeer peer(answer_of(200, "body"), authority.serve());
    const auto by_name = ask(peer);
    REQUIRE_MESSAGE(by_name, by_name.error().detail);
    CHECK(by_name->body == "body");
    const auto by_address = ask(peer, "127.0.0.1");
    REQUIRE_MESSAGE(by_address, by_address.error().detail);
}

TEST_CASE_FIXTURE(TlsFixture, "a TLS connection is used again") {
    trust();
    RawPeer peer(answer_of(200, "body"), authority.serve());
    for (int i = 0; i < 5; ++i) {
        REQUIRE(ask(peer));
    }
    CHECK(peer.connections() == 1);
}

TEST_CASE_FIXTURE(TlsFixture, "a large body comes whole through TLS") {
    trust();
    const std::string body(3'000'000, 'b');
    RawPeer peer(answer_of(200, body), authority.serve());
    const auto answer = ask(peer);
    REQUIRE(answer);
    CHECK(answer->body == body);
}

TEST_CASE_FIXTURE(TlsFixture, "an unknown CA is refused") {
    RawPeer peer(answer_of(200, "body"), authority.serve());
    check_refused(peer, "certificate");
    Authority other;
    client.reset();
    options.ca_file = other.file();
    check_refused(peer, "certificate");
}

TEST_CASE_FIXTURE(TlsFixture, "a certificate for another host is refused") {
    trust();
    for (const char* names :
         {"DNS:example.org", "DNS:*.localhost", "DNS:localhost.example.org", "IP:127.0.0.1", "DNS:local*"}) {
        CAPTURE(names);
        RawPeer peer(answer_of(200, "body"), authority.serve({.alternative_names = names}));
        check_refused(peer, "ostname mismatch");
    }
    RawPeer peer(answer_of(200, "body"),
                 authority.serve({.alternative_names = "DNS:127.0.0.1,IP:127.0.0.2"}));
    check_refused(peer, "IP address mismatch", "127.0.0.1");
}

TEST_CASE_FIXTURE(TlsFixture, "a host name that stands in the common name alone is refused") {
    trust();
    RawPeer peer(answer_of(200, "body"),
                 authority.serve({.alternative_names = "", .common_name = "localhost"}));
    check_refused(peer, "ostname mismatch");
}

TEST_CASE_FIXTURE(TlsFixture, "a certificate outside its time is refused") {
    trust();
    RawPeer expired(answer_of(200, "body"), authority.serve({.valid_from = -7200, .valid_to = -3600}));
    check_refused(expired, "expired");
    RawPeer early(answer_of(200, "body"), authority.serve({.valid_from = 3600, .valid_to = 7200}));
    check_refused(early, "not yet valid");
}

TEST_CASE_FIXTURE(TlsFixture, "TLS 1.1 is refused and TLS 1.2 is taken") {
    trust();
    const auto old = authority.serve();
    SSL_CTX_set_min_proto_version(old->native_handle(), TLS1_VERSION);
    SSL_CTX_set_max_proto_version(old->native_handle(), TLS1_1_VERSION);
    SSL_CTX_set_cipher_list(old->native_handle(), "ALL:@SECLEVEL=0");
    RawPeer refused(answer_of(200, "body"), old);
    check_refused(refused, "TLS 1.2");

    const auto enough = authority.serve();
    SSL_CTX_set_max_proto_version(enough->native_handle(), TLS1_2_VERSION);
    RawPeer taken(answer_of(200, "body"), enough);
    CHECK(ask(taken));
}

TEST_CASE_FIXTURE(TlsFixture, "a peer that speaks no TLS is refused") {
    RawPeer peer({[](tests::Conversation& with) -> tests::Task<void> {
        const bool said = co_await with.say("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n");
        if (said) co_await with.until_closed();
    }});
    check_refused(peer, "TLS 1.2");
}

TEST_CASE_FIXTURE(TlsFixture, "the server is told a name, but no address, before the handshake") {
    trust();
    static std::string told;
    const auto context = authority.serve();
    SSL_CTX_set_tlsext_servername_callback(
        context->native_handle(), +[](SSL* session, int*, void*) {
            const char* name = SSL_get_servername(session, TLSEXT_NAMETYPE_host_name);
            told = name == nullptr ? "" : name;
            return SSL_TLSEXT_ERR_OK;
        });
    {
        RawPeer peer(answer_of(200, "body"), context);
        REQUIRE(ask(peer));
    }
    CHECK(told == "localhost");
    {
        RawPeer peer(answer_of(200, "body"), context);
        REQUIRE(ask(peer, "127.0.0.1"));
    }
    CHECK(told.empty());
}

TEST_CASE_FIXTURE(TlsFixture, "a connection cut without TLS's own goodbye is lost, not a whole answer") {
    trust();
    RawPeer peer({[](tests::Conversation& with) -> tests::Task<void> {
                     const std::string asked = co_await with.request();
                     const bool said = co_await with.say("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nbody");
                     if (said && !asked.empty()) with.socket().close();
                 }},
                 authority.serve());
    const auto answer = ask(peer);
    REQUIRE_FALSE(answer);
    CHECK(answer.error().code == Errc::unavailable);
}

TEST_CASE_FIXTURE(TlsFixture, "a kept TLS connection that died is replaced by a fresh one") {
    trust();
    RawPeer peer({[](tests::Conversation& with) -> tests::Task<void> {
                      const std::string first = co_await with.request();
                      const bool said = co_await with.say(answer_of(200, "first"));
                      const std::string second = said ? co_await with.request() : first;
                  },
                  [](tests::Conversation& with) -> tests::Task<void> {
                      const std::string asked = co_await with.request();
                      const bool said = co_await with.say(answer_of(200, "second"));
                      if (said) co_await with.until_closed();
                  }},
                 authority.serve());
    REQUIRE(ask(peer));
    const auto second = ask(peer);
    REQUIRE_MESSAGE(second, second.error().detail);
    CHECK(second->body == "second");
}
