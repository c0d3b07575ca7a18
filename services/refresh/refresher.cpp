#include "services/refresh/refresher.hpp"

#include <spdlog/logger.h>

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <exception>

#include "services/refresh/object_reader.hpp"
#include "services/sync/run.hpp"
#include "services/sync/run_clock.hpp"

namespace tributary::refresh {

namespace asio = boost::asio;
using domain::Errc;
using domain::Result;
using domain::ports::RunView;
using domain::ports::Task;
using std::chrono::milliseconds;

namespace {

constexpr std::chrono::seconds after_failure{5};
/// Each looks at the database several times a second. What is beyond waits for the next demand.
constexpr std::size_t most_at_once = 128;
constexpr std::ptrdiff_t most_of_tenant = 32;
constexpr std::ptrdiff_t most_reads_of_connection = 24;
/// A first run of a hundred thousand objects takes two minutes; whoever waits left long before.
constexpr std::chrono::minutes longest_run{10};
constexpr milliseconds first_look{50};
constexpr milliseconds longest_between_looks{500};

}  // namespace

/// Somebody waits on a thread of their own; the timer is how they are woken.
struct Refresher::Waiter {
    explicit Waiter(const asio::any_io_executor& executor) : timer(executor) {}

    asio::steady_timer timer;
    /// Under the refresher's mutex.
    std::size_t left = 0;
    std::size_t landed = 0;
};

Refresher::Refresher(asio::any_io_executor working, RefreshTools tools)
    : working_(std::move(working)), tools_(std::move(tools)) {}

void Refresher::stop() {
    stopping_ = true;
    std::vector<std::shared_ptr<Waiter>> waiting;
    {
        const std::lock_guard lock(mutex_);
        for (const auto& [key, flight] : flights_) {
            waiting.insert(waiting.end(), flight.waiters.begin(), flight.waiters.end());
        }
    }
    wake(waiting);
}

void Refresher::wake(const std::vector<std::shared_ptr<Waiter>>& waiters) {
    for (const std::shared_ptr<Waiter>& waiter : waiters) {
        asio::post(waiter->timer.get_executor(), [waiter] { waiter->timer.cancel(); });
    }
}

Task<std::size_t> Refresher::refresh(Demand demand) {
    const asio::any_io_executor executor = co_await asio::this_coro::executor;
    const auto patience = demand.until - tools_.clock.steady_now();
    const auto waiter = patience.count() > 0 ? std::make_shared<Waiter>(executor) : nullptr;
    const std::vector<Work> begun = join(demand, waiter);
    for (const Work& work : begun) {
        begin({demand.tenant, work}, demand.not_before);
    }
    if (!waiter) {
        co_return 0;
    }
    bool waits = false;
    {
        const std::lock_guard lock(mutex_);
        waits = waiter->left > 0;
    }
    if (waits) {
        // Whoever wakes us does so by a turn on this thread, and so not before we wait.
        waiter->timer.expires_after(patience);
        co_await waiter->timer.async_wait(asio::as_tuple(asio::use_awaitable));
    }
    co_return leave(waiter);
}

std::vector<Work> Refresher::join(const Demand& demand, const std::shared_ptr<Waiter>& waiter) {
    const auto now = tools_.clock.steady_now();
    std::vector<Work> begun;
    const std::lock_guard lock(mutex_);
    std::erase_if(alone_until_, [now](const auto& alone) { return alone.second <= now; });
    for (const Work& work : plan(demand.wants, tools_.providers)) {
        const Key key(demand.tenant, work);
        auto flight = flights_.find(key);
        if (flight == flights_.end()) {
            if (stopping_ || alone_until_.contains({demand.tenant, work.connection})) {
                continue;
            }
            if (has_room(key)) {
                flight = flights_.try_emplace(key).first;
                begun.push_back(work);
            } else {
                // The reads that take the room may wait for nothing but this run. It brings this object too.
                flight = flights_.find({demand.tenant, {work.connection, std::nullopt}});
            }
        }
        if (flight == flights_.end()) {
            continue;
        }
        if (waiter) {
            flight->second.waiters.push_back(waiter);
            ++waiter->left;
        }
    }
    return begun;
}

bool Refresher::has_room(const Key& key) const {
    const auto& [tenant, work] = key;
    const auto of_tenant = [&tenant](const auto& flight) { return flight.first.first == tenant; };
    const auto read_there = [&](const auto& flight) {
        const Work& other = flight.first.second;
        return of_tenant(flight) && other.object && other.connection == work.connection;
    };
    return flights_.size() < most_at_once && std::ranges::count_if(flights_, of_tenant) < most_of_tenant &&
           (!work.object || std::ranges::count_if(flights_, read_there) < most_reads_of_connection);
}

std::size_t Refresher::leave(const std::shared_ptr<Waiter>& waiter) {
    const std::lock_guard lock(mutex_);
    if (waiter->left > 0) {
        for (auto& [key, flight] : flights_) {
            std::erase(flight.waiters, waiter);
        }
    }
    return waiter->landed;
}

void Refresher::begin(Key key, domain::Timestamp not_before) {
    auto flown = fly(key, not_before);
    asio::co_spawn(working_, std::move(flown),
                   [this, key = std::move(key)](const std::exception_ptr& thrown, bool well) {
                       if (thrown) {
                           tools_.log->error("refreshing ended by an exception connection={}",
                                             to_text(key.second.connection));
                       }
                       land(key, !thrown && well);
                   });
}

Task<bool> Refresher::fly(Key key, domain::Timestamp not_before) {
    sync::SyncTools given = tools_.sync();
    sync::RunClock clock(given.provider_tools.clock, [this] { return !stopping_; });
    const sync::SyncTools tools = sync::with_clock(given, clock);
    Result<void> done;
    if (key.second.object) {
        done = co_await read_object(tools, key, not_before);
    } else {
        done = co_await run_connection(tools, key);
    }
    if (!done && done.error().code != Errc::cancelled) {
        tools_.log->warn(
            "what a reader wanted fresh could not be refreshed connection={} code={} detail=\"{}\"",
            to_text(key.second.connection), name_of(done.error().code), done.error().detail);
    }
    co_return done.has_value();
}

Task<Result<void>> Refresher::read_object(const sync::SyncTools& tools, Key key,
                                          domain::Timestamp not_before) {
    const Result<Reading> reading = co_await read_objects({tools, tools_.reads, tools_.new_id},
                                                          {key.first, *key.second.object, not_before});
    if (!reading) {
        co_return std::unexpected(reading.error());
    }
    if (*reading == Reading::needs_run) {
        const auto& source = key.second.object->source;
        Demand by_run{key.first,
                      {Want{{}, source, std::nullopt}},
                      not_before,
                      tools.provider_tools.clock.steady_now() + longest_run};
        co_await refresh(std::move(by_run));
    }
    co_return Result<void>();
}

Task<Result<void>> Refresher::run_connection(const sync::SyncTools& tools, Key key) const {
    domain::ports::Clock& clock = tools.provider_tools.clock;
    const auto deadline = clock.steady_now() + longest_run;
    Result<RunView> run =
        co_await tools.connections.request_run(key.first, key.second.connection, "on_demand");
    if (run && tools_.wake) {
        tools_.wake();
    }
    milliseconds pause = first_look;
    while (run && (run->state == "queued" || run->state == "running") && clock.steady_now() < deadline) {
        const Result<void> slept = co_await clock.sleep(pause);
        if (!slept) {
            co_return std::unexpected(slept.error());
        }
        pause = std::min(pause * 5 / 4, longest_between_looks);
        run = co_await tools.connections.run(key.first, run->id);
    }
    if (!run) {
        co_return std::unexpected(run.error());
    }
    // Another one at once would hardly come further; what this one did bring up to date is seen all the same.
    if (run->state == "failed" || run->state == "partial") {
        co_return domain::fail(Errc::unavailable, "The run did not bring all of it; it says why.");
    }
    co_return Result<void>();
}

void Refresher::land(const Key& key, bool well) {
    const std::pair connection(key.first, key.second.connection);
    std::vector<std::shared_ptr<Waiter>> woken;
    {
        const std::lock_guard lock(mutex_);
        if (!well) {
            alone_until_[connection] = tools_.clock.steady_now() + after_failure;
        }
        auto flight = flights_.extract(key);
        for (const std::shared_ptr<Waiter>& waiter : flight.mapped().waiters) {
            ++waiter->landed;
            if (--waiter->left == 0) {
                woken.push_back(waiter);
            }
        }
    }
    wake(woken);
}

}  // namespace tributary::refresh
