// A send that is cancelled or never finished leaves nothing behind; ASan watches.
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <future>
#include <optional>

#include "certificates.hpp"
#include "client_fixture.hpp"

using namespace tributary;
using domain::Errc;
using domain::Result;
using domain::ports::HttpAnswer;
using domain::ports::HttpCall;
using tests::ClientFixture;
using tests::Conversation;
using tests::RawPeer;
using tests::Task;
using namespace std::chrono_literals;

namespace {

/// Takes a request, tells the test and never answers; tells again when the client has closed.
struct SilentPeer {
    std::function<void()> on_request;
    std::promise<void> closed;
    RawPeer peer{{[this](Conversation& with) -> Task<void> {
        const std::string asked = co_await with.request();
        if (!asked.empty()) on_request();
        co_await with.until_closed();
        closed.set_value();
    }}};
};

struct Cancelled : ClientFixture {
    boost::asio::cancellation_signal signal;
    std::optional<Result<HttpAnswer>> result;

    void start(HttpCall call) {
        boost::asio::co_spawn(
            io, the_client().send(std::move(call)),
            boost::asio::bind_cancellation_slot(
                signal.slot(), [this](const std::exception_ptr& thrown, Result<HttpAnswer> answer) {
                    CHECK_FALSE(thrown);
                    result = std::move(answer);
                }));
    }

    void cancel() {
        boost::asio::post(io, [this] { signal.emit(boost::asio::cancellation_type::terminal); });
    }

    void check_cancelled() const {
        REQUIRE(result);
        REQUIRE_FALSE(*result);
        CHECK_MESSAGE(result->error().code == Errc::cancelled, result->error().detail);
    }
};

}  // namespace

TEST_CASE_FIXTURE(
    Cancelled, "a send cancelled while it waits for the answer ends as cancelled and closes its connection") {
    SilentPeer silent;
    silent.on_request = [this] { cancel(); };
    options.plain_origins = {silent.peer.plain_origin()};
    start({.origin = silent.peer.plain_origin(), .target = "/"});
    io.run();
    check_cancelled();
    CHECK(silent.closed.get_future().wait_for(10s) == std::future_status::ready);
}

TEST_CASE_FIXTURE(Cancelled, "a send cancelled in the middle of a body ends as cancelled") {
    RawPeer peer({[this](Conversation& with) -> Task<void> {
        const std::string asked = co_await with.request();
        const bool said =
            !asked.empty() && co_await with.say("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nbody");
        if (said) cancel();
        co_await with.until_closed();
    }});
    options.plain_origins = {peer.plain_origin()};
    start({.origin = peer.plain_origin(), .target = "/"});
    io.run();
    check_cancelled();
}

TEST_CASE_FIXTURE(Cancelled, "a send cancelled within the TLS handshake ends as cancelled") {
    SilentPeer silent;
    silent.on_request = [] {};
    start({.origin = "https://127.0.0.1:" + std::to_string(silent.peer.port()), .target = "/"});
    while (silent.peer.connections() == 0) {
        io.run_one_for(10ms);
    }
    cancel();
    io.run();
    check_cancelled();
}

TEST_CASE_FIXTURE(Cancelled, "a send cancelled before it started, or at any step, ends as cancelled") {
    SilentPeer silent;
    silent.on_request = [] {};
    options.plain_origins = {silent.peer.plain_origin()};
    for (int steps = 0; steps < 6; ++steps) {
        CAPTURE(steps);
        result.reset();
        start({.origin = "http://127.0.0.1:" + std::to_string(silent.peer.port()), .target = "/"});
        io.restart();
        io.poll_one();
        for (int i = 0; i < steps; ++i) {
            io.run_one_for(20ms);
        }
        cancel();
        io.run();
        check_cancelled();
    }
}

TEST_CASE_FIXTURE(Cancelled, "a send cancelled while it waits for its turn leaves the line") {
    SilentPeer silent;
    options.sends_per_origin = 1;
    options.plain_origins = {silent.peer.plain_origin()};
    boost::asio::cancellation_signal first_signal;
    std::optional<Errc> first;
    boost::asio::co_spawn(
        io, the_client().send({.origin = silent.peer.plain_origin(), .target = "/"}),
        boost::asio::bind_cancellation_slot(first_signal.slot(),
                                            [&](const std::exception_ptr&, const Result<HttpAnswer>& answer) {
                                                first = answer.error().code;
                                            }));
    start({.origin = silent.peer.plain_origin(), .target = "/"});
    silent.on_request = [&] {
        cancel();
        boost::asio::post(io, [&] { first_signal.emit(boost::asio::cancellation_type::terminal); });
    };
    io.run();
    check_cancelled();
    CHECK(first == Errc::cancelled);
    CHECK(silent.peer.connections() == 1);
}

TEST_CASE("sends that the io_context destroys unfinished, after the client, leave nothing behind") {
    tests::Authority authority;
    SilentPeer plain;
    SilentPeer tls;
    std::promise<void> asked;
    plain.on_request = [&] { asked.set_value(); };
    tls.on_request = [] {};
    auto io = std::make_unique<boost::asio::io_context>();
    auto client = http::HttpClient::create(
        io->get_executor(),
        {.sends_per_origin = 1, .plain_origins = {plain.peer.plain_origin()}, .ca_file = authority.file()});
    REQUIRE(client);
    const auto never = [](const std::exception_ptr&, const Result<HttpAnswer>&) { FAIL("completed"); };
    for (int i = 0; i < 3; ++i) {
        boost::asio::co_spawn(*io, (*client)->send({.origin = plain.peer.plain_origin(), .target = "/"}),
                              never);
        boost::asio::co_spawn(
            *io,
            (*client)->send(
                {.origin = "https://localhost:" + std::to_string(tls.peer.port()), .target = "/"}),
            never);
    }
    const auto future = asked.get_future();
    while (future.wait_for(0s) != std::future_status::ready) {
        io->run_one_for(10ms);
    }
    client->reset();
    io.reset();
    CHECK(plain.closed.get_future().wait_for(10s) == std::future_status::ready);
}
