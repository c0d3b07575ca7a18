#include "server_loops.hpp"

#include <CLI/CLI.hpp>
#include <boost/asio/signal_set.hpp>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <thread>

namespace tributary::bench {

namespace asio = boost::asio;

ServerArguments server_arguments(int argc, char** argv) {
    ServerArguments arguments;
    CLI::App app{"Serves one finished answer on 127.0.0.1."};
    app.add_option("--port", arguments.port, "TCP port")->required()->check(CLI::Range(1, 65535));
    app.add_option("--threads", arguments.threads, "threads, each with a loop of its own")
        ->check(CLI::Range(1, 256));
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& wrong) {
        std::exit(app.exit(wrong));  // NOLINT(concurrency-mt-unsafe): no other thread runs yet
    }
    return arguments;
}

ServerLoops::ServerLoops(std::size_t threads) {
    for (std::size_t i = 0; i < threads; ++i) {
        loops_.push_back(owned_.emplace_back(std::make_unique<asio::io_context>(1)).get());
    }
}

void ServerLoops::run() {
    asio::signal_set signals(*loops_.front(), SIGTERM, SIGINT);
    signals.async_wait([this](const boost::system::error_code&, int) {
        for (asio::io_context* loop : loops_) {
            loop->stop();
        }
    });
    std::puts("ready");
    std::fflush(stdout);
    std::vector<std::jthread> threads;
    for (std::size_t i = 1; i < loops_.size(); ++i) {
        threads.emplace_back([loop = loops_[i]] { loop->run(); });
    }
    loops_.front()->run();
}

}  // namespace tributary::bench
