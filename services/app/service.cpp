#include "services/app/service.hpp"
#include "services/app/background.hpp"

#include <spdlog/spdlog.h>

#include <atomic>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/core/demangle.hpp>
#include <exception>
#include <thread>
#include <typeinfo>
#include <vector>

#include "adapters/http/server/listener.hpp"
#include "domain/try.hpp"
#include "services/api/api.hpp"
#include "services/app/ending.hpp"
#include "services/app/foundation.hpp"
#include "services/app/issuer.hpp"
#include "services/cache/follower.hpp"
#include "services/ops/admin_handler.hpp"
#include "services/ops/measured_handler.hpp"
#include "services/refresh/refresher.hpp"
#include "services/webhooks/deliveries.hpp"
#include "services/webhooks/desk.hpp"

namespace tributary::app {

using boost::asio::io_context;
using domain::Result;
using domain::ports::Task;

namespace {

constexpr std::chrono::seconds drain_grace{10};

/// A thread with its event loop. It ends when it is stopped, not when it has nothing to do.
struct Loop {
    io_context io{1};
    boost::asio::executor_work_guard<io_context::executor_type> guard = boost::asio::make_work_guard(io);
};

std::size_t request_threads(const config::Settings& settings) {
    return settings.threads != 0 ? settings.threads : std::max(1U, std::thread::hardware_concurrency());
}

std::string route_name(const domain::ports::HttpRequest& request) {
    const auto segments = http::split_path(request.path);
    const api::Match found = segments ? api::match(request.method, *segments) : api::Match{};
    return found.route == nullptr ? "unknown" : api::template_of(*found.route);
}

http::ListenerOptions listener_options(const config::Endpoint& endpoint,
                                       const std::shared_ptr<spdlog::logger>& log) {
    http::ListenerOptions options;
    options.address = endpoint.address;
    options.port = endpoint.port;
    options.on_fault = [log](std::string_view request_id, std::exception_ptr thrown) {
        try {
            std::rethrow_exception(thrown);
        } catch (const std::exception& fault) {
            log->error("a handler failed req={} what=\"{}\"", request_id, fault.what());
        } catch (...) {
            log->error("a handler failed req={}", request_id);
        }
    };
    return options;
}

/// Its type only: what() may quote a value.
std::string kind_of(const std::exception_ptr& thrown) {
    try {
        std::rethrow_exception(thrown);
    } catch (const std::exception& fault) {
        return boost::core::demangle(typeid(fault).name());
    } catch (...) {
        return "no std::exception";
    }
}

}  // namespace

struct Service::Parts {
    Parts(const config::Settings& given, std::shared_ptr<spdlog::logger> logger)
        : settings(given), log(std::move(logger)), metrics(TRIBUTARY_VERSION) {
        for (std::size_t i = 0; i < request_threads(settings); ++i) {
            request_loops.push_back(std::make_unique<Loop>());
        }
    }

    [[nodiscard]] api::ConnectionTools connection_tools() {
        return {foundation->connections(),
                foundation->sealer(),
                foundation->providers(),
                settings.allowed_base_urls,
                [this] { return foundation->new_id(); },
                [this] { wake(&Background::wake_runs); }};
    }

    [[nodiscard]] api::IdentityTools identity_tools() {
        return {foundation->pages(),  foundation->explanations(), foundation->reads(),
                foundation->sealer(), foundation->providers(),    [this] { return foundation->new_id(); }};
    }

    /// Has the background do something on its own thread, where there is one. Any thread.
    void wake(void (Background::*what)()) {
        boost::asio::post(sync_loop.io, [this, what] {
            if (background) {
                ((*background).*what)();
            }
        });
    }

    /// Beside the runs: what a reader wants fresh is asked for on their thread.
    void refresh_on_demand() {
        refresh::RefreshTools tools{[this] { return foundation->sync_tools(); },
                                    foundation->object_reads(),
                                    foundation->providers(),
                                    foundation->clock(),
                                    [this] { return foundation->new_id(); },
                                    [this] { wake(&Background::wake_runs); },
                                    log};
        refresher.emplace(sync_loop.io.get_executor(), std::move(tools));
    }

    /// Deliveries are taken by every process; those that sync apply them, too.
    void take_webhooks() {
        webhook_keys.emplace(
            sync_loop.io.get_executor(), foundation->clock(),
            [this](domain::ports::WebhookTarget target) {
                return webhooks::fetch_proofs(foundation->sync_tools(), std::move(target));
            },
            log);
        webhooks::DeliveryTools tools{foundation->webhooks(), foundation->providers(), *webhook_keys,
                                      foundation->clock(), log};
        tools.tolerance = settings.webhooks_clock_tolerance;
        tools.wake = [this] { wake(&Background::wake_events); };
        deliveries.emplace(std::move(tools));
    }

    /// Asked for in every process; those that sync carry them out, too.
    [[nodiscard]] api::ActionTools action_tools() {
        return {foundation->actions(),
                foundation->sealer(),
                foundation->providers(),
                foundation->clock(),
                [this] { return foundation->new_id(); },
                [this] { wake(&Background::wake_actions); },
                [this] { return !draining.load(); }};
    }

    void work_in_background() {
        BackgroundTools tools{sync_loop.io, *foundation, settings, metrics, log};
        tools.give_up = [this](std::string_view part, const std::exception_ptr& thrown) {
            give_up(part, thrown);
        };
        // The loop lives until the others and what they wait for have ended too.
        tools.on_worker_ended = [this] { sync_loop.guard.reset(); };
        background.emplace(std::move(tools));
    }

    config::Settings settings;
    std::shared_ptr<spdlog::logger> log;
    ops::Metrics metrics;
    std::atomic<bool> draining = false;
    // Loops outlive everything that runs on them.
    Loop admin_loop;
    Loop sync_loop;
    Ending ending{admin_loop.io.get_executor()};
    std::vector<std::unique_ptr<Loop>> request_loops;
    std::unique_ptr<Foundation> foundation;
    /// The foundation's; requests that wait for changes end with its stop().
    domain::ports::FeedSignal* feed = nullptr;
    /// Absent where no issuer is trusted.
    std::unique_ptr<Issuer> issuer;
    std::optional<webhooks::KeyRing> webhook_keys;
    std::optional<webhooks::Deliveries> deliveries;
    std::optional<refresh::Refresher> refresher;
    std::optional<api::Api> api;
    std::optional<ops::MeasuredHandler> measured;
    std::optional<ops::AdminHandler> admin;
    /// Absent where this process does not sync.
    std::optional<Background> background;
    std::optional<http::Listener> api_listener;
    std::optional<http::Listener> admin_listener;

    Task<void> stop_when_told();
    /// Something that the service cannot do without ended by an exception.
    void give_up(std::string_view part, const std::exception_ptr& thrown);
    /// At once, whatever is under way.
    void stop_loops();
};

Service::Service(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

Service::~Service() = default;

Result<std::unique_ptr<Service>> Service::build(const config::Settings& settings,
                                                std::shared_ptr<spdlog::logger> log) {
    auto parts = std::make_unique<Parts>(settings, std::move(log));
    TRIBUTARY_TRY_LET(foundation, Foundation::build(parts->sync_loop.io, settings, parts->log));
    parts->foundation = std::move(foundation);
    std::vector<io_context*> loops;
    for (const auto& loop : parts->request_loops) {
        loops.push_back(&loop->io);
    }
    auto api_listener = http::Listener::listen(loops, listener_options(settings.listen, parts->log));
    if (!api_listener) {
        return std::unexpected(api_listener.error());
    }
    parts->api_listener.emplace(std::move(*api_listener));
    io_context* const admin_loops[] = {&parts->admin_loop.io};
    auto admin_listener =
        http::Listener::listen(admin_loops, listener_options(settings.admin_listen, parts->log));
    if (!admin_listener) {
        return std::unexpected(admin_listener.error());
    }
    parts->admin_listener.emplace(std::move(*admin_listener));
    Foundation& base = *parts->foundation;
    parts->feed = &base.feed();
    parts->take_webhooks();
    if (!settings.auth_issuer.empty()) {
        TRIBUTARY_TRY_LET(issuer,
                          Issuer::build(parts->sync_loop.io.get_executor(), settings, base, parts->log));
        parts->issuer = std::move(issuer);
    }
    parts->refresh_on_demand();
    parts->api.emplace(api::ApiTools{
        base.reads(), base.changes(), *parts->feed, base.admin(), base.clock(), parts->connection_tools(),
        api::ReviewTools{base.drift(), base.reprocess_tools()}, parts->identity_tools(), base.traffic(),
        api::WebhookTools{*parts->deliveries, base.webhooks()}, parts->action_tools(),
        settings.api_requests_per_minute, *parts->refresher, parts->log, base.random(),
        parts->issuer ? &parts->issuer->tokens() : nullptr, base.copies()});
    cache::follow_on(parts->admin_loop.io.get_executor(),
                     {base.news(), *parts->feed, base.clock(), base.copies()});
    parts->measured.emplace(*parts->api, parts->metrics, base.clock(), route_name);
    parts->admin.emplace(
        base.admin(), parts->metrics, [raw = parts.get()] { return raw->draining.load(); },
        [raw = parts.get()] {
            raw->metrics.set_open_connections(raw->api_listener->counters().open_connections);
            const cache::CacheFigures cached = raw->foundation->copies().figures();
            raw->metrics.set_cache(cached.documents, cached.bytes, cached.evicted);
        });
    if (settings.sync_enabled) {
        parts->work_in_background();
    }
    return std::unique_ptr<Service>(new Service(std::move(parts)));
}

void Service::Parts::give_up(std::string_view part, const std::exception_ptr& thrown) {
    log->error("{} ended by an exception, and so the service ends too kind=\"{}\"", part, kind_of(thrown));
    ending.fail();
}

void Service::Parts::stop_loops() {
    sync_loop.io.stop();
    for (const auto& loop : request_loops) {
        loop->io.stop();
    }
    admin_loop.io.stop();
}

Task<void> Service::Parts::stop_when_told() {
    co_await ending.wait();
    draining = true;
    log->info("stopping");
    refresher->stop();
    feed->stop();
    if (settings.sync_enabled) {
        boost::asio::post(sync_loop.io, [this] { background->stop(); });
    } else {
        sync_loop.guard.reset();
    }
    const std::size_t left = co_await api_listener->stop(drain_grace);
    if (left > 0) {
        log->warn("requests were cut short count={}", left);
    }
    for (const auto& loop : request_loops) {
        loop->guard.reset();
        loop->io.stop();
    }

    co_await admin_listener->stop(std::chrono::seconds(1));
    admin_loop.guard.reset();
    admin_loop.io.stop();
}

Result<void> Service::run() {
    Parts& parts = *parts_;
    domain::ports::Clock& clock = parts.foundation->clock();
    domain::ports::Random& random = parts.foundation->random();
    parts.api_listener->serve({*parts.measured, clock, random});
    parts.admin_listener->serve({*parts.admin, clock, random});
    boost::asio::co_spawn(parts.admin_loop.io, parts.stop_when_told(), [&parts](std::exception_ptr thrown) {
        if (thrown) {
            parts.give_up("the stop", thrown);
            parts.stop_loops();
        }
    });
    if (parts.background) {
        parts.background->start();
    }
    parts.log->info("serving listen={}:{} admin_listen={}:{} threads={}", parts.settings.listen.address,
                    parts.api_listener->port(), parts.settings.admin_listen.address,
                    parts.admin_listener->port(), parts.request_loops.size());
    std::vector<std::thread> threads;
    for (const auto& loop : parts.request_loops) {
        threads.emplace_back([&io = loop->io] { io.run(); });
    }
    threads.emplace_back([&parts] { parts.sync_loop.io.run(); });
    parts.admin_loop.io.run();
    for (std::thread& thread : threads) {
        thread.join();
    }
    parts.log->info("stopped");
    if (parts.ending.failed()) {
        return domain::fail(domain::Errc::internal, "The service failed; its log says why. Start it again.");
    }
    return {};
}

}  // namespace tributary::app
