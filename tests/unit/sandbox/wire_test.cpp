#include <doctest/doctest.h>

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>
#include <string>
#include <thread>

#include "tests/sandbox/wire/wire_listener.hpp"

using namespace tributary::sandbox;
namespace asio = boost::asio;
using asio::ip::tcp;

namespace {

/// A listener on a thread of its own that answers every path with a fault of that name.
struct Running {
    Running() {
        auto opened =
            WireListener::listen(io, 0, [this](const tributary::domain::ports::HttpRequest& request) {
                Exchange exchange;
                exchange.reply.body = request.path + "?" + request.query + "#" + request.body;
                exchange.cut = request.path == "/cut";
                if (request.path == "/truncated") exchange.truncate_at = 4;
                if (request.path == "/stop") listener->stop();
                if (request.path == "/stop-soon") stop();
                if (request.path.starts_with("/stop")) exchange.delay = std::chrono::hours(1);
                return exchange;
            });
        listener = std::move(opened.value());
        thread = std::jthread([this] {
            io.run_for(std::chrono::seconds(30));
            ended_by_itself = io.stopped();
            listener->stop();
        });
    }

    ~Running() { io.stop(); }

    void stop() {
        asio::post(io, [this] { listener->stop(); });
    }

    /// Whether all that was open came to its end by itself.
    bool ended() {
        thread.join();
        return ended_by_itself;
    }

    tcp::socket connect() {
        tcp::socket socket(client);
        const std::string url = listener->url();
        const auto port = static_cast<unsigned short>(std::stoi(url.substr(url.rfind(':') + 1)));
        socket.connect({asio::ip::address_v4::loopback(), port});
        return socket;
    }

    asio::io_context io;
    asio::io_context client;
    std::unique_ptr<WireListener> listener;
    bool ended_by_itself = false;
    /// Last, so that it is joined before anything it uses goes.
    std::jthread thread;
};

std::string talk(tcp::socket& socket, const std::string& sent) {
    asio::write(socket, asio::buffer(sent));
    std::string received;
    boost::system::error_code end;
    asio::read(socket, asio::dynamic_buffer(received), end);
    return received;
}

}  // namespace

TEST_CASE("the wire serves several requests on one connection, in order, with their bodies") {
    Running running;
    tcp::socket socket = running.connect();
    const std::string received = talk(socket,
                                      "POST /a?x=1 HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\nhi"
                                      "GET /b HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
    const std::size_t first = received.find("/a?x=1#hi");
    REQUIRE(first != std::string::npos);
    CHECK(received.find("/b?#", first) != std::string::npos);
}

TEST_CASE("the wire cuts without a byte and truncates in the middle of the promised body") {
    Running running;
    tcp::socket cut = running.connect();
    CHECK(talk(cut, "GET /cut HTTP/1.1\r\nHost: h\r\n\r\n").empty());
    tcp::socket truncated = running.connect();
    const std::string received = talk(truncated, "GET /truncated HTTP/1.1\r\nHost: h\r\n\r\n");
    CHECK(received.find("Content-Length: 12") != std::string::npos);
    CHECK(received.ends_with("\r\n\r\n/tru"));
}

TEST_CASE("the wire refuses a malformed request and closes") {
    Running running;
    tcp::socket socket = running.connect();
    CHECK(talk(socket, "GET / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: xchunked\r\n\r\n")
              .starts_with("HTTP/1.1 "));
}

TEST_CASE("stopping ends idle connections") {
    Running running;
    const tcp::socket idle = running.connect();
    tcp::socket used = running.connect();
    asio::write(used, asio::buffer(std::string_view("GET /a HTTP/1.1\r\nHost: h\r\n\r\n")));
    std::string received;
    asio::read_until(used, asio::dynamic_buffer(received), "/a?#");
    running.stop();
    CHECK(running.ended());
}

TEST_CASE("a connection that is stopped before or while its answer is delayed does not wait for it") {
    for (const std::string path : {"/stop", "/stop-soon"}) {
        CAPTURE(path);
        Running running;
        tcp::socket socket = running.connect();
        CHECK(talk(socket, "GET " + path + " HTTP/1.1\r\nHost: h\r\n\r\n").empty());
        CHECK(running.ended());
    }
}
