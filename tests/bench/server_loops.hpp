// The command line and the threads of a program that serves until it is told to stop.
#pragma once

#include <boost/asio/io_context.hpp>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace tributary::bench {

/// --port N --threads N
struct ServerArguments {
    std::uint16_t port = 0;
    std::size_t threads = 1;
};

/// Ends the program where the command line is wrong.
ServerArguments server_arguments(int argc, char** argv);

/// One loop a thread.
class ServerLoops {
  public:
    explicit ServerLoops(std::size_t threads);

    [[nodiscard]] std::span<boost::asio::io_context* const> all() const { return loops_; }

    /// Says "ready" on the standard output and runs the loops until SIGTERM or SIGINT.
    void run();

  private:
    std::vector<std::unique_ptr<boost::asio::io_context>> owned_;
    std::vector<boost::asio::io_context*> loops_;
};

}  // namespace tributary::bench
