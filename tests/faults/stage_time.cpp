// How virtual time passes on the stage.

#include <boost/asio/co_spawn.hpp>
#include <stdexcept>

#include "services/sync/worker.hpp"
#include "tests/faults/stage.hpp"

namespace tributary::faults {

using simulation::Instant;

namespace {

void go_on(simulation::Timeline::Event event) {
    if (event.action) {
        event.action();
    } else {
        event.waiter->go_on({});
    }
}

}  // namespace

void Stage::work(Instant time, const std::function<void()>& every_second) {
    const Instant end = timeline_.now() + time;
    std::vector<std::unique_ptr<sync::Worker>> workers;
    std::size_t at_work = 0;
    bool ended = false;
    for (const std::string_view provider : providers_.names()) {
        sync::WorkerOptions options;
        options.provider = provider;
        options.owner = domain::named_uuid({}, provider);
        options.concurrent_runs = options_.concurrent_runs;
        workers.push_back(std::make_unique<sync::Worker>(io_.get_executor(), tools(), std::move(options)));
        ++at_work;
        boost::asio::co_spawn(io_, workers.back()->run(),
                              [&](const std::exception_ptr&) { ended = --at_work == 0; });
    }
    for (Instant at = timeline_.now(); every_second && at < end; at += std::chrono::seconds(1)) {
        timeline_.at(at, every_second);
    }
    io_.restart();
    io_.poll();
    while (!timeline_.empty() && timeline_.next_at() <= end) {
        go_on(timeline_.pop());
        io_.restart();
        io_.poll();
    }
    for (const auto& worker : workers) {
        worker->stop();
    }
    pump(ended);
}

void Stage::pass(Instant time) {
    timeline_.pass_until(timeline_.now() + time);
}

void Stage::pump(const bool& done) {
    constexpr std::chrono::seconds longest{120};
    while (!done) {
        io_.restart();
        if (io_.poll() > 0) {
            continue;
        }
        if (!timeline_.empty()) {
            go_on(timeline_.pop());
            continue;
        }
        io_.restart();
        if (io_.run_one_for(longest) == 0) {
            throw std::runtime_error("nobody has anything left to do");
        }
    }
}

}  // namespace tributary::faults
