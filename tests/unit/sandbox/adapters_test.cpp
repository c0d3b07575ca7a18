// The adapters against their peer, over real TCP: every connection walks every stream and sees exactly what
// the ground truth shows it. The two were written apart from each other, from the providers' documentation.

#include <doctest/doctest.h>

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <memory>
#include <thread>

#include "adapters/crypto/random.hpp"
#include "adapters/http/client/client.hpp"
#include "adapters/system/system_clock.hpp"
#include "adapters/tastytrade/provider.hpp"
#include "adapters/tdx/provider.hpp"
#include "adapters/upvest/provider.hpp"
#include "bench.hpp"
#include "domain/json/write.hpp"
#include "tests/sandbox/population/generate.hpp"
#include "tests/sandbox/wire/wire_listener.hpp"
#include "tests/support/run_task.hpp"
#include "tests/support/stored_again.hpp"

using namespace tributary;
using namespace tributary::sandbox;
namespace ports = tributary::domain::ports;

namespace {

domain::Timestamp real_time() {
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

std::unique_ptr<ports::Provider> provider_named(const std::string& name) {
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

/// Every raw object of a stream, in the order of the pages.
struct Walked {
    std::vector<std::string> raws;
    std::optional<domain::Errc> failed;
};

Walked walk(Asking& asking, ports::ProviderSession& session, const ports::StreamFacts& stream,
            const ports::Provider& provider) {
    Walked walked;
    ports::PageRequest request;
    request.limit = stream.page_limit;
    while (true) {
        const auto page = asking.fetch(session, stream.name, request);
        if (!page) {
            walked.failed = page.error().code;
            return walked;
        }
        CHECK(page->quarantined.empty());
        tests::check_stored_again(provider, stream.name, *page, page->self);
        for (const domain::Observation& seen : page->observations)
            walked.raws.push_back(json::write(seen.raw));
        request.cursor = page->next_cursor;
        request.offset = walked.raws.size();
        const bool more =
            stream.paging == ports::Paging::offset && page->total && request.offset < *page->total;
        if (!request.cursor && (!more || page->observations.empty())) return walked;
    }
}

/// What the ground truth shows a connection in a stream; nothing where it is refused.
std::optional<std::vector<std::string>> expected(const Served& served, const json::Value& connection,
                                                 const std::string& stream) {
    const json::Value& shown =
        at(served.population, {text_at(connection, {"provider"}), text_at(connection, {"name"}), stream});
    if (shown.is_null()) return std::nullopt;
    std::vector<std::string> raws;
    if (shown.if_array() == nullptr) return std::vector{json::write(shown)};
    for (const json::Value& each : *shown.if_array())
        raws.push_back(json::write(each));
    return raws;
}

}  // namespace

TEST_CASE("every adapter sees in every stream of every connection exactly what the ground truth shows it") {
    Served served;
    Asking asking(served);
    std::size_t objects = 0;
    for (const json::Value& connection : array_at(served.connections, {"connections"})) {
        const auto session = asking.open(connection);
        const auto provider = provider_named(text_at(connection, {"provider"}));
        for (const ports::StreamFacts& stream : session->streams()) {
            CAPTURE(text_at(connection, {"name"}));
            CAPTURE(stream.name);
            const Walked walked = walk(asking, *session, stream, *provider);
            const auto truth = expected(served, connection, stream.name);
            if (!truth) {
                CHECK(walked.failed == domain::Errc::permission_denied);
                continue;
            }
            CHECK(!walked.failed.has_value());
            CHECK(walked.raws == *truth);
            objects += walked.raws.size();
        }
    }
    CHECK(objects > 7000);
}
