// The bare Beast server that our listener is measured against: it reads a request with Beast's parser and
// writes finished header and body in one write. One loop a thread, no timeouts, no ids, no limits but the
// parser's.
#include <netinet/in.h>
#include <sys/socket.h>

#include <array>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/system/system_error.hpp>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "finished_answer.hpp"
#include "server_loops.hpp"

namespace asio = boost::asio;
namespace http = boost::beast::http;
using namespace tributary;
using ErrorCode = boost::system::error_code;
using asio::ip::tcp;
using ReusePort = asio::detail::socket_option::boolean<SOL_SOCKET, SO_REUSEPORT>;

namespace {

struct Answer {
    std::string head = "HTTP/1.1 200 OK\r\n" + std::string(bench::listener_fields) +
                       std::string(bench::answer_fields) + "\r\n";
    std::string body = bench::answer_body();
};

class Connection : public std::enable_shared_from_this<Connection> {
  public:
    Connection(tcp::socket socket, const Answer& answer) : socket_(std::move(socket)), answer_(answer) {}

    void read() {
        parser_.emplace();
        http::async_read(socket_, received_, *parser_,
                         [self = shared_from_this()](ErrorCode failed, std::size_t) {
                             if (!failed) self->write();
                         });
    }

  private:
    void write() {
        const std::array<asio::const_buffer, 2> bytes = {asio::buffer(answer_.head),
                                                         asio::buffer(answer_.body)};
        asio::async_write(socket_, bytes, [self = shared_from_this()](ErrorCode failed, std::size_t) {
            if (!failed && self->parser_->keep_alive()) self->read();
        });
    }

    tcp::socket socket_;
    const Answer& answer_;
    boost::beast::flat_buffer received_;
    std::optional<http::request_parser<http::empty_body>> parser_;
};

class Acceptor {
  public:
    Acceptor(asio::io_context& loop, std::uint16_t port, const Answer& answer)
        : acceptor_(loop), answer_(answer) {
        acceptor_.open(tcp::v4());
        acceptor_.set_option(tcp::acceptor::reuse_address(true));
        acceptor_.set_option(ReusePort(true));
        acceptor_.bind({asio::ip::address_v4::loopback(), port});
        acceptor_.listen();
    }

    void accept() {
        acceptor_.async_accept([this](ErrorCode failed, tcp::socket socket) {
            if (failed) return;
            socket.set_option(tcp::no_delay(true));
            std::make_shared<Connection>(std::move(socket), answer_)->read();
            accept();
        });
    }

  private:
    tcp::acceptor acceptor_;
    const Answer& answer_;
};

}  // namespace

int main(int argc, char** argv) {
    try {
        const auto arguments = bench::server_arguments(argc, argv);
        const Answer answer;
        bench::ServerLoops loops(arguments.threads);
        std::vector<std::unique_ptr<Acceptor>> acceptors;
        for (asio::io_context* loop : loops.all()) {
            acceptors.push_back(std::make_unique<Acceptor>(*loop, arguments.port, answer));
            acceptors.back()->accept();
        }
        loops.run();
    } catch (const std::exception& failed) {
        std::cerr << failed.what() << '\n';
        return EXIT_FAILURE;
    }
}
