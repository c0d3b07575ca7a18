// The command line and the threads of a program that serves until it is told to stop.
#pragma once

#include <boost/asio/io_context.hpp>
#include <cstddef>
#include <cstdint>
#include <functional>
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

using Loops = std::span<boost::asio::io_context* const>;

/// One loop a thread. Calls `start` with them, says "ready" on the standard output, runs them until SIGTERM
/// or SIGINT. Returns the program's exit code.
int serve(const ServerArguments& arguments, const std::function<void(Loops)>& start);

}  // namespace tributary::bench
