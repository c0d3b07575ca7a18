#include <CLI/CLI.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <csignal>
#include <cstdio>
#include <exception>
#include <fstream>
#include <iostream>
#include <utility>

#include "domain/json/write.hpp"
#include "tests/sandbox/control/sandbox.hpp"
#include "tests/sandbox/population/generate.hpp"
#include "tests/sandbox/wire/wire_listener.hpp"

namespace {

using namespace tributary;
using sandbox::HttpRequest;
using sandbox::WireListener;

struct Options {
    std::uint16_t port_base = 0;
    std::string ready_file;
    sandbox::PopulationOptions population;
};

struct Listeners {
    std::unique_ptr<WireListener> tastytrade;
    std::unique_ptr<WireListener> tdx;
    std::unique_ptr<WireListener> upvest;
    std::unique_ptr<WireListener> control;
};

domain::Result<Listeners> listen(boost::asio::io_context& io, std::uint16_t port_base,
                                 sandbox::Sandbox& sandbox) {
    Listeners listeners;
    const std::pair<std::unique_ptr<WireListener>*, WireListener::Answer> all[] = {
        {&listeners.tastytrade, [&](const HttpRequest& request) { return sandbox.tastytrade(request); }},
        {&listeners.tdx, [&](const HttpRequest& request) { return sandbox.tdx(request); }},
        {&listeners.upvest, [&](const HttpRequest& request) { return sandbox.upvest(request); }},
        {&listeners.control, [&](const HttpRequest& request) { return sandbox.control_exchange(request); }},
    };
    std::uint16_t port = port_base;
    for (const auto& [place, answer] : all) {
        auto opened = WireListener::listen(io, port, answer);
        if (!opened) return std::unexpected(opened.error());
        *place = std::move(*opened);
        port = static_cast<std::uint16_t>(port == 0 ? 0 : port + 1);
    }
    return listeners;
}

/// Prints the line that tells where everything is, and leaves a copy for whoever waits for the file to
/// appear.
bool announce(const Listeners& listeners, const std::string& ready_file) {
    const std::string line = json::write(json::Object{{"tastytrade", listeners.tastytrade->url()},
                                                      {"tdx", listeners.tdx->url()},
                                                      {"upvest", listeners.upvest->url()},
                                                      {"control", listeners.control->url()}});
    std::cout << line << std::endl;
    if (ready_file.empty()) return true;
    const std::string unfinished = ready_file + ".part";
    std::ofstream out(unfinished);
    out << line << "\n";
    out.close();
    return out.good() && std::rename(unfinished.c_str(), ready_file.c_str()) == 0;
}

int serve(const Options& options) {
    boost::asio::io_context io(1);
    sandbox::Sandbox sandbox(sandbox::generate(options.population), [] {
        return std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now());
    });
    auto listeners = listen(io, options.port_base, sandbox);
    if (!listeners) {
        std::cerr << listeners.error().detail << "\n";
        return 78;
    }
    sandbox.set_urls({listeners->tastytrade->url(), listeners->tdx->url(), listeners->upvest->url()});
    boost::asio::signal_set signals(io, SIGTERM, SIGINT);
    signals.async_wait([&](const boost::system::error_code& failed, int) {
        if (failed) return;
        for (WireListener* listener : {listeners->tastytrade.get(), listeners->tdx.get(),
                                       listeners->upvest.get(), listeners->control.get()}) {
            listener->stop();
        }
    });
    if (!announce(*listeners, options.ready_file)) {
        std::cerr << "The ready file cannot be written: " << options.ready_file << "\n";
        return 1;
    }
    io.run();
    return 0;
}

int run(int argc, char** argv) {
    Options options;
    CLI::App app("The sandboxes of tastytrade, T-DX and Upvest on loopback, with made-up people.");
    app.add_option("--port-base", options.port_base, "First of four consecutive ports; 0 takes any free ones")
        ->check(CLI::Range(0, 65532));
    app.add_option("--seed", options.population.seed, "The same seed makes the same population");
    app.add_option("--people", options.population.people)->check(CLI::Range(100, 300000));
    app.add_option("--upvest-groups", options.population.upvest_groups)->check(CLI::Range(0, 300000));
    app.add_option("--ready-file", options.ready_file, "Gets the line with the URLs once all four listen");
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? 0 : 2;
    }
    return serve(options);
}

}  // namespace

int main(int argc, char** argv) {
    try {
        return run(argc, argv);
    } catch (const std::exception& thrown) {
        std::fputs(thrown.what(), stderr);
        return 1;
    }
}
