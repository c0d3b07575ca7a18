// Two replicas with pools, listeners and memories of their own, over one PostgreSQL and in real time. Only
// the provider is made up: it answers at once, and 429 where told to.

#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <future>
#include <mutex>
#include <thread>
#include <vector>

#include "adapters/postgres/replica_link.hpp"
#include "adapters/system/system_clock.hpp"
#include "services/sync/guarded_transport.hpp"
#include "tests/support/store_fixture.hpp"

using namespace tributary;
using namespace tributary::tests;
using domain::Result;
using domain::ports::HttpAnswer;
using domain::ports::Task;
using std::chrono::milliseconds;
using std::chrono::seconds;
using Time = std::chrono::steady_clock::time_point;

namespace {

constexpr std::size_t credentials = 50;
constexpr std::size_t rounds = 10;
constexpr seconds pause{1};
constexpr milliseconds news_limit{50};

/// One credential's provider, as one replica sees it.
class Provider final : public domain::ports::HttpTransport {
  public:
    Task<Result<HttpAnswer>> send(domain::ports::HttpCall) override {
        HttpAnswer answer;
        answer.status = 200;
        const Time now = std::chrono::steady_clock::now();
        asked.push_back(now);
        if (strike.exchange(false)) {
            answer.status = 429;
            answer.fields.add("Retry-After", std::to_string(pause.count()));
            struck.push_back(now);
        }
        co_return answer;
    }

    std::atomic<bool> strike = false;
    /// Written on the replica's thread; read once it has ended.
    std::vector<Time> asked;
    std::vector<Time> struck;
};

/// What a process is made of, as far as budgets go.
struct Replica {
    explicit Replica(domain::ports::Random& random)
        : store(StoreFixture::pool_options(4), random),
          traffic{.budgets = store.budgets(), .terms = {{"upvest", {100, 20}}}},
          providers(credentials),
          listener(migrated_database().url(), {[this](const domain::ports::BudgetBlock& block) {
                                                   traffic.memory.block(block.key,
                                                                        clock.steady_now() + block.lasts);
                                               },
                                               [this] { return traffic.memory.keys(); }}) {}

    boost::asio::io_context io;
    system::SystemClock clock;
    postgres::Store store;
    sync::Traffic traffic;
    std::vector<Provider> providers;
    postgres::ReplicaLink listener;
    std::atomic<bool> over = false;
    std::atomic<std::size_t> failures = 0;
};

Task<void> keep_asking(Replica& replica, std::size_t number, sync::Sender sender) {
    sync::GuardedTransport transport(replica.providers[number], replica.clock, replica.traffic,
                                     std::move(sender));
    while (!replica.over) {
        const auto answer =
            co_await transport.send({.origin = "https://" + std::to_string(number), .target = "/"});
        replica.failures += answer ? 0U : 1U;
        co_await replica.clock.sleep(milliseconds(25));
    }
}

Task<void> strike_in_rounds(Replica& one, Replica& two) {
    co_await one.clock.sleep(milliseconds(500));
    for (std::size_t round = 0; round < rounds; ++round) {
        Replica& struck = round % 2 == 0 ? one : two;
        for (Provider& provider : struck.providers) {
            provider.strike = true;
            co_await one.clock.sleep(milliseconds(5));
        }
        co_await one.clock.sleep(pause + milliseconds(700));
    }
    one.over = true;
    two.over = true;
}

}  // namespace

TEST_CASE_FIXTURE(StoreFixture,
                  "a 429 that one replica got keeps every replica away until its time is over") {
    Replica one(random);
    Replica two(random);
    std::vector<sync::Sender> senders;
    for (std::size_t i = 0; i < credentials; ++i) {
        const domain::Uuid connection = connect("replicas-" + std::to_string(i)).id;
        senders.push_back(
            {{tenant, "upvest", "credential-" + std::to_string(i)}, connection, domain::Lane::interactive});
        good(store.budgets().open_budget(senders[i].budget, connection, {100, 20}));
    }
    for (Replica* replica : {&one, &two}) {
        for (std::size_t i = 0; i < credentials; ++i) {
            boost::asio::co_spawn(
                replica->io, keep_asking(*replica, i, senders[i]),
                [replica](std::exception_ptr thrown) { replica->failures += thrown ? 1U : 0U; });
        }
    }
    boost::asio::co_spawn(one.io, strike_in_rounds(one, two), [](std::exception_ptr) {});
    std::thread other([&two] { two.io.run(); });
    one.io.run();
    other.join();
    CHECK(one.failures + two.failures == 0);

    std::size_t trials = 0;
    std::size_t calls = 0;
    std::size_t early_here = 0;
    std::size_t early_elsewhere = 0;
    std::size_t far_too_early = 0;
    milliseconds latest{0};
    for (std::size_t i = 0; i < credentials; ++i) {
        for (const auto& [struck, other_one] : {std::pair{&one, &two}, {&two, &one}}) {
            calls += struck->providers[i].asked.size();
            for (const Time told : struck->providers[i].struck) {
                ++trials;
                const auto within = [told](Time at) { return at > told && at < told + pause; };
                early_here +=
                    static_cast<std::size_t>(std::ranges::count_if(struck->providers[i].asked, within));
                for (const Time at : other_one->providers[i].asked) {
                    if (!within(at)) continue;
                    const auto late = std::chrono::ceil<milliseconds>(at - told);
                    latest = std::max(latest, late);
                    early_elsewhere += late > news_limit ? 1U : 0U;
                    far_too_early += late > milliseconds(pause) / 2 ? 1U : 0U;
                }
            }
        }
    }
    MESSAGE("trials " << trials << ", calls " << calls << ", after the 429 in the same replica " << early_here
                      << ", in the other later than 50 ms " << early_elsewhere << ", the last one after "
                      << latest.count() << " ms");
    CHECK(trials == credentials * rounds);
    CHECK(calls > 10 * trials);
    CHECK(early_here == 0);
    // How fast a notification travels is the machine's affair, and a busy one takes its time; what must not
    // be is a replica that goes on with what it had drawn.
    CHECK(far_too_early == 0);
}
