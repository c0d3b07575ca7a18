#include "adapters/http/client/resolver.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <latch>

#include "tests/support/run_task.hpp"

using namespace tributary;
using boost::asio::ip::tcp;
using domain::Errc;
using domain::Result;
using http::Endpoints;
using http::from_now;
using http::Resolver;
using namespace std::chrono_literals;

namespace {

Endpoints loopback(std::uint16_t port) {
    return {tcp::endpoint(boost::asio::ip::address_v4::loopback(), port)};
}

}  // namespace

TEST_CASE("an address needs no lookup") {
    boost::asio::io_context io;
    Resolver resolver(io.get_executor(), 1, [](const auto&, auto) -> Result<Endpoints> {
        return domain::fail(Errc::internal, "looked up");
    });
    const auto v4 = tests::run_task(io, resolver.resolve("127.0.0.1", 80, from_now(10s)));
    REQUIRE(v4);
    CHECK(*v4 == loopback(80));
    const auto v6 = tests::run_task(io, resolver.resolve("::1", 80, from_now(10s)));
    REQUIRE(v6);
    CHECK(v6->at(0).address().is_v6());
}

TEST_CASE("the machine's own name resolves through the system") {
    boost::asio::io_context io;
    Resolver resolver(io.get_executor(), 1);
    const auto found = tests::run_task(io, resolver.resolve("localhost", 80, from_now(10s)));
    REQUIRE(found);
    CHECK(found->at(0).address().is_loopback());
}

TEST_CASE("a name that never answers meets its deadline and holds up no other name") {
    std::latch release(1);
    boost::asio::io_context io;
    Resolver resolver(io.get_executor(), 2,
                      [&release](const std::string& host, std::uint16_t port) -> Result<Endpoints> {
                          if (host == "slow.test") release.wait();
                          return loopback(port);
                      });
    const auto slow = tests::run_task(io, resolver.resolve("slow.test", 80, from_now(20ms)));
    REQUIRE_FALSE(slow);
    CHECK(slow.error().code == Errc::timed_out);
    const auto quick = tests::run_task(io, resolver.resolve("quick.test", 80, from_now(10s)));
    CHECK(quick);
    release.count_down();
}

TEST_CASE("questions whose askers have left are not looked up any more") {
    std::latch release(1);
    std::atomic<int> lookups = 0;
    boost::asio::io_context io;
    {
        Resolver resolver(io.get_executor(), 1,
                          [&](const std::string& host, std::uint16_t port) -> Result<Endpoints> {
                              ++lookups;
                              if (host == "slow.test") release.wait();
                              return loopback(port);
                          });
        while (lookups == 0) {
            CHECK_FALSE(tests::run_task(io, resolver.resolve("slow.test", 80, from_now(20ms))));
        }
        for (int i = 0; i < 5; ++i) {
            CHECK_FALSE(tests::run_task(io, resolver.resolve("slow.test", 80, from_now(20ms))));
        }
        release.count_down();
        CHECK(tests::run_task(io, resolver.resolve("quick.test", 80, from_now(10s))));
    }
    CHECK(lookups == 2);
}

TEST_CASE("a name without an address is unavailable") {
    boost::asio::io_context io;
    Resolver resolver(io.get_executor(), 1);
    // Longer than a label may be, so that no name server is asked.
    const auto found = tests::run_task(io, resolver.resolve(std::string(64, 'x'), 80, from_now(20s)));
    REQUIRE_FALSE(found);
    CHECK(found.error().code == Errc::unavailable);
}
