#include "tests/support/run_task.hpp"

#include <boost/asio/co_spawn.hpp>
#include <exception>

namespace tributary::tests {

void run_to_end(boost::asio::io_context& io, domain::ports::Task<void> task) {
    std::exception_ptr failure;
    boost::asio::co_spawn(io, std::move(task), [&failure](std::exception_ptr thrown) { failure = thrown; });
    io.restart();
    io.run();
    if (failure) {
        std::rethrow_exception(failure);
    }
}

}  // namespace tributary::tests
