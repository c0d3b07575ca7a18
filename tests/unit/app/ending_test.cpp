#include "services/app/ending.hpp"

#include <doctest/doctest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <chrono>
#include <csignal>
#include <exception>
#include <thread>

using namespace tributary;

namespace {

/// A loop on which somebody waits for the end.
struct Waiting {
    boost::asio::io_context io{1};
    app::Ending ending{io.get_executor()};
    bool ended = false;

    void wait() {
        boost::asio::co_spawn(io, ending.wait(), [this](std::exception_ptr) { ended = true; });
    }

    /// True where the wait ended; false where it would still wait after a long while.
    bool ends() {
        io.run_for(std::chrono::seconds(30));
        return ended;
    }
};

}  // namespace

TEST_CASE_FIXTURE(Waiting, "a signal ends the service well") {
    wait();
    boost::asio::post(io, [] { std::raise(SIGTERM); });
    CHECK(ends());
    CHECK_FALSE(ending.failed());
}

TEST_CASE_FIXTURE(Waiting, "a part that fails on its own thread ends the service, and not well") {
    wait();
    std::thread part([this] { ending.fail(); });
    CHECK(ends());
    part.join();
    CHECK(ending.failed());
}

TEST_CASE_FIXTURE(Waiting, "a part that failed before anybody waited ends the service all the same") {
    ending.fail();
    wait();
    CHECK(ends());
    CHECK(ending.failed());
}
