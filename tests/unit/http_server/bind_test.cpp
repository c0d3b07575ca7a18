#include <doctest/doctest.h>

#include <array>
#include <boost/asio/io_context.hpp>
#include <string>

#include "adapters/http/server/listener.hpp"
#include "running_listener.hpp"

using namespace tributary;
using domain::Errc;
using tests::RawClient;
using tests::RunningListener;

namespace {

domain::Error listen_error(const std::string& address, std::uint16_t port, bool two_loops = false) {
    boost::asio::io_context first;
    boost::asio::io_context second;
    const std::array<boost::asio::io_context*, 2> loops = {&first, &second};
    const auto listener =
        http::Listener::listen(std::span(loops).first(two_loops ? 2 : 1), {.address = address, .port = port});
    REQUIRE_FALSE(listener);
    return listener.error();
}

}  // namespace

TEST_CASE("a port in use is a configuration error that names it, even where the other one shares its port") {
    for (const std::size_t threads : {1U, 2U}) {
        const RunningListener other({}, threads);
        for (const bool two_loops : {false, true}) {
            const auto error = listen_error("127.0.0.1", other.port(), two_loops);
            CHECK(error.code == Errc::configuration);
            CHECK(error.detail.contains(std::to_string(other.port())));
            CHECK(error.detail.contains("in use"));
        }
    }
}

TEST_CASE("an address that is none, or none of ours, is a configuration error") {
    CHECK(listen_error("localhost.", 0).code == Errc::configuration);
    CHECK(listen_error("", 0).code == Errc::configuration);
    CHECK(listen_error("192.0.2.1", 0).code == Errc::configuration);
}

TEST_CASE("a port can be taken again at once after a stop") {
    std::uint16_t port = 0;
    for (int i = 0; i < 3; ++i) {
        http::ListenerOptions options;
        options.port = port;
        RunningListener server(options, 2);
        port = server.port();
        RawClient client(port);
        client.send("GET /x HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
        CHECK(client.read_answer().status == 200);
        server.stop(std::chrono::seconds(1));
    }
}
