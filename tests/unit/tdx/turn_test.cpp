#include "adapters/tdx/turn.hpp"

#include <doctest/doctest.h>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <string>

using namespace tributary;
namespace asio = boost::asio;

namespace {

/// Takes the turn, stays for a while, and writes down when it came and went.
domain::ports::Task<void> visit(tdx::Turn& turn, char name, std::string& log) {
    const tdx::Turn::Held held = co_await turn.take();
    log += name;
    for (int i = 0; i < 3; ++i) {
        co_await asio::post(asio::use_awaitable);
    }
    log += name;
}

}  // namespace

TEST_CASE("whoever waits for the turn gets it in order and never beside another") {
    asio::io_context io;
    tdx::Turn turn;
    std::string log;
    for (const char name : {'a', 'b', 'c'}) {
        asio::co_spawn(io, visit(turn, name, log), asio::detached);
    }
    io.run();
    CHECK(log == "aabbcc");
}

TEST_CASE("a waiter that is cancelled leaves, and the next one gets the turn") {
    asio::io_context io;
    tdx::Turn turn;
    std::string log;
    asio::cancellation_signal cancel;
    asio::co_spawn(io, visit(turn, 'a', log), asio::detached);
    asio::co_spawn(io, visit(turn, 'b', log),
                   asio::bind_cancellation_slot(cancel.slot(), [](std::exception_ptr) {}));
    asio::co_spawn(io, visit(turn, 'c', log), asio::detached);
    io.poll_one();
    io.poll_one();
    cancel.emit(asio::cancellation_type::terminal);
    io.run();
    CHECK(log == "aacc");
}
