// The sandbox behind sockets, and the adapters that ask it over real TCP.
#pragma once

#include <doctest/doctest.h>

#include <boost/asio/io_context.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <utility>

#include "adapters/crypto/random.hpp"
#include "adapters/http/client/client.hpp"
#include "adapters/system/system_clock.hpp"
#include "adapters/tastytrade/provider.hpp"
#include "adapters/tdx/provider.hpp"
#include "adapters/upvest/provider.hpp"
#include "bench.hpp"
#include "tests/sandbox/population/generate.hpp"
#include "tests/sandbox/wire/wire_listener.hpp"
#include "tests/support/run_task.hpp"

namespace tributary::sandbox {

namespace ports = tributary::domain::ports;

inline domain::Timestamp real_time() {
    return std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now());
}

/// The sandbox behind sockets, on a thread of its own.
struct Served {
    Served() : sandbox(generate({.seed = 3, .people = 300, .upvest_groups = 3000}), real_time) {
        tastytrade = listen([this](const HttpRequest& request) { return sandbox.tastytrade(request); });
        tdx = listen([this](const HttpRequest& request) { return sandbox.tdx(request); });
        upvest = listen([this](const HttpRequest& request) { return sandbox.upvest(request); });
        sandbox.set_urls({tastytrade->url(), tdx->url(), upvest->url()});
        connections = body_of(sandbox.control(make_request("GET", "/connections", {})));
        population = body_of(sandbox.control(make_request("GET", "/population", {})));
        thread = std::jthread([this] { io.run(); });
    }

    ~Served() { io.stop(); }

    std::unique_ptr<WireListener> listen(const std::function<Exchange(const HttpRequest&)>& answer) {
        return std::move(WireListener::listen(io, 0, answer).value());
    }

    boost::asio::io_context io;
    Sandbox sandbox;
    std::unique_ptr<WireListener> tastytrade;
    std::unique_ptr<WireListener> tdx;
    std::unique_ptr<WireListener> upvest;
    json::Value connections;
    json::Value population;
    /// Last, so that it is joined before anything it uses goes.
    std::jthread thread;
};

inline std::unique_ptr<ports::Provider> provider_named(const std::string& name) {
    if (name == "tastytrade") return tastytrade::make_provider();
    return name == "tdx" ? tdx::make_provider() : upvest::make_provider();
}

/// A side that asks: sessions of the adapters on an io_context of their own.
struct Asking {
    explicit Asking(const Served& served) {
        http::ClientOptions options;
        options.plain_origins = {served.tastytrade->url(), served.tdx->url(), served.upvest->url()};
        client = std::move(http::HttpClient::create(io.get_executor(), options).value());
    }

    std::unique_ptr<ports::ProviderSession> open(const json::Value& connection) {
        const std::string name = text_at(connection, {"provider"});
        ports::ConnectionContext context;
        context.space.provider = name;
        context.base_url = text_at(connection, {"base_url"});
        context.settings = *at(connection, {"settings"}).if_object();
        context.credentials = *at(connection, {"credentials"}).if_object();
        const auto provider = provider_named(name);
        CHECK(provider->check(context.settings, context.credentials).empty());
        auto session = provider->open(std::move(context), {*client, clock, random});
        REQUIRE(session.has_value());
        return std::move(*session);
    }

    domain::Result<domain::Page> fetch(ports::ProviderSession& session, const std::string& stream,
                                       const ports::PageRequest& request) {
        return tests::run_task(io, session.fetch(stream, request));
    }

    boost::asio::io_context io;
    system::SystemClock clock;
    crypto::SystemRandom random;
    std::unique_ptr<http::HttpClient> client;
};

}  // namespace tributary::sandbox
