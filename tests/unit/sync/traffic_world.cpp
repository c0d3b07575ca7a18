#include "traffic_world.hpp"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>

namespace tributary::tests {

using namespace domain::ports;
using domain::Result;

Task<Result<HttpAnswer>> FakeProvider::send(HttpCall call) {
    if (connecting.count() > 0) {
        co_await clock_.sleep(connecting);
    }
    if (unreachable) {
        co_return domain::fail(domain::Errc::unavailable, "Nobody answers there.");
    }
    if (call.may_leave && !call.may_leave()) {
        co_return domain::fail(domain::Errc::throttled, "It may not leave any more.");
    }
    const std::size_t number = asked.size();
    asked.push_back(clock_.steady_now());
    most_under_way = std::max(most_under_way, ++under_way);
    co_await clock_.sleep(latency);
    --under_way;
    co_return answer ? answer(number) : answer_of(200);
}

HttpAnswer answer_of(int status, const std::string& retry_after) {
    HttpAnswer answer;
    answer.status = status;
    if (!retry_after.empty()) {
        answer.fields.add("Retry-After", retry_after);
    }
    return answer;
}

sync::Sender TrafficWorld::sender(domain::Lane lane, const std::string& credential) {
    return {{domain::Uuid{}, "upvest", credential}, domain::Uuid{}, lane};
}

sync::GuardedTransport TrafficWorld::guarded(domain::Lane lane, const std::string& credential) {
    return {provider, clock, traffic, sender(lane, credential)};
}

Result<HttpAnswer> TrafficWorld::ask(sync::GuardedTransport& transport, const std::string& target) {
    std::optional<Result<HttpAnswer>> got;
    const auto one = [](sync::GuardedTransport& over, std::string path,
                        std::optional<Result<HttpAnswer>>& out) -> Task<void> {
        out = co_await over.send({.origin = "https://host", .target = std::move(path)});
    };
    std::vector<Task<void>> tasks;
    tasks.push_back(one(transport, target, got));
    run(std::move(tasks));
    return std::move(*got);
}

void TrafficWorld::run(std::vector<Task<void>> tasks) {
    std::exception_ptr failure;
    for (Task<void>& task : tasks) {
        boost::asio::co_spawn(io, std::move(task),
                              [&failure](std::exception_ptr thrown) { failure = thrown ? thrown : failure; });
    }
    clock.run();
    if (failure) {
        std::rethrow_exception(failure);
    }
}

void TrafficWorld::pass(std::chrono::milliseconds time) {
    const auto wait = [](VirtualClock& on, std::chrono::milliseconds by) -> Task<void> {
        co_await on.sleep(by);
    };
    std::vector<Task<void>> tasks;
    tasks.push_back(wait(clock, time));
    run(std::move(tasks));
}

}  // namespace tributary::tests
