#include "traffic_world.hpp"

#include <algorithm>

namespace tributary::tests {

using namespace domain::ports;
using domain::Drawn;
using domain::Result;
using std::chrono::microseconds;

std::int64_t FakeBudgets::now_us() const {
    return std::chrono::duration_cast<microseconds>(clock_.steady_now().time_since_epoch()).count();
}

Task<Result<void>> FakeBudgets::open_budget(BudgetKey key, domain::Uuid, domain::BudgetTerms terms) {
    co_await clock_.sleep(latency);
    if (away) {
        co_return domain::fail(domain::Errc::unavailable, "away");
    }
    rows_[key].terms = terms;
    co_return Result<void>{};
}

Task<Result<Drawn>> FakeBudgets::draw_tokens(BudgetKey key, domain::Lane lane, std::int64_t wanted) {
    co_await clock_.sleep(latency);
    if (away) {
        co_return domain::fail(domain::Errc::unavailable, "away");
    }
    ++draws;
    Row& row = rows_.at(key);
    co_return draw(row.state, row.terms, lane, wanted, now_us());
}

Task<Result<void>> FakeBudgets::block_budget(BudgetBlock block) {
    co_await clock_.sleep(latency);
    if (away) {
        co_return domain::fail(domain::Errc::unavailable, "away");
    }
    std::int64_t& until = rows_[block.key].state.blocked_until;
    until = std::max(until, now_us() + block.lasts.count());
    if (announce) {
        announce(block);
    }
    co_return Result<void>{};
}

Task<Result<std::vector<BudgetView>>> FakeBudgets::budgets(domain::Uuid, std::string) {
    co_return std::vector<BudgetView>{};
}

Task<Result<HttpAnswer>> FakeProvider::send(HttpCall call) {
    if (connecting.count() > 0) {
        co_await clock_.sleep(connecting);
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
