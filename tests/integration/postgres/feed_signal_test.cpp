// Readers woken by commits: within a process, and over the database by those of another.
#include <doctest/doctest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>
#include <future>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "adapters/postgres/replica_link.hpp"
#include "adapters/postgres/shared_feed_signal.hpp"
#include "tests/support/store_fixture.hpp"

using namespace tributary;
using namespace tests;
using namespace std::chrono_literals;
using domain::Uuid;
using domain::ports::OwnNews;
using domain::ports::PageTransaction;
using postgres::ReplicaLink;
using postgres::SharedFeedSignal;

namespace {

class MonotonicClock final : public domain::ports::Clock {
  public:
    [[nodiscard]] domain::Timestamp now() const override { return {}; }

    [[nodiscard]] std::chrono::steady_clock::time_point steady_now() const override {
        return std::chrono::steady_clock::now();
    }

    domain::ports::Task<domain::Result<void>> sleep(std::chrono::steady_clock::duration) override {
        co_return domain::Result<void>();
    }
};

/// What one process has: a store that announces, a signal, and the link to the others.
struct Process {
    MonotonicClock clock;
    SharedFeedSignal signal;
    SeededRandom random;
    postgres::Store store;
    ReplicaLink link;

    explicit Process(const std::string& name, std::chrono::milliseconds look_after = 24h)
        : signal(clock, look_after),
          store(announcing(), random),
          link(migrated_database().url() + " application_name=" + name,
               {[](const auto&) {}, [] { return std::vector<domain::ports::BudgetKey>(); }}, &signal) {
        while (!link.listening()) {
            std::this_thread::yield();
        }
    }

    postgres::PoolOptions announcing() {
        auto options = StoreFixture::pool_options(1);
        options.committed = [this](const OwnNews& news) {
            signal.announce(news.tenant, news.commits->last.number);
        };
        return options;
    }
};

/// A wait under way on a thread of its own.
class Reader {
  public:
    Reader(SharedFeedSignal& signal, const Uuid& tenant, std::int64_t seen)
        : ended_(boost::asio::co_spawn(io_, signal.wait(tenant, seen, 24h), boost::asio::use_future)),
          thread_([this] { io_.run(); }) {
        while (signal.waiting() == 0 && !is_woken_within(0s)) {
            std::this_thread::yield();
        }
    }

    ~Reader() {
        io_.stop();
        thread_.join();
    }

    Reader(const Reader&) = delete;
    Reader& operator=(const Reader&) = delete;

    bool is_woken_within(std::chrono::seconds patience) {
        return ended_.wait_for(patience) == std::future_status::ready;
    }

    bool is_woken() { return is_woken_within(30s); }

  private:
    boost::asio::io_context io_;
    std::future<domain::Result<void>> ended_;
    std::thread thread_;
};

void commit_one(postgres::Store& store, const Uuid& tenant, std::string_view name) {
    good(store.pages().transact(tenant, [name](PageTransaction& page) -> domain::Result<void> {
        good(page.commit_documents(by_operator,
                                   std::vector{document(domain::EntityKind::customer, name, "{}")}));
        return {};
    }));
}

struct FeedFixture : StoreFixture {
    /// The tenant's last commit.
    [[nodiscard]] std::int64_t head() const {
        return std::stoll(value("SELECT commit_no FROM feed_head WHERE tenant_id = $T"));
    }

    void end_link(const std::string& name) const {
        database.run("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = '" +
                     name + "'");
    }
};

}  // namespace

TEST_CASE_FIXTURE(FeedFixture, "a store tells of each commit once it is done, and of nothing else") {
    std::vector<OwnNews> told;
    auto options = pool_options(1);
    options.committed = [&told](const OwnNews& news) { told.push_back(news); };
    postgres::Store own(std::move(options), random);
    commit_one(own, tenant, "ann");
    REQUIRE(told.size() == 1);
    CHECK(told[0].tenant == tenant);
    REQUIRE(told[0].commits);
    CHECK(told[0].commits->first.number == 1);
    CHECK(told[0].commits->last == good(own.reads().moment({tenant})));
    CHECK(told[0].documents == std::vector{id_of("ann")});
    CHECK(told[0].marks.empty());
    const auto failed =
        run_task(own.pages().transact(tenant, [](PageTransaction& page) -> domain::Result<void> {
            good(page.commit_documents(by_operator,
                                       std::vector{document(domain::EntityKind::customer, "bob", "{}")}));
            return domain::fail(domain::Errc::contract, "no");
        }));
    CHECK(error_of(failed) == "contract");
    good(own.pages().transact(tenant, [](PageTransaction& page) -> domain::Result<void> {
        good(page.commit_documents(by_operator, std::vector<domain::ports::DocumentWrite>{}));
        return {};
    }));
    CHECK(told.size() == 1);
    CHECK(head() == 1);
}

TEST_CASE_FIXTURE(FeedFixture, "whoever hears of a commit and fails does not fail the commit") {
    auto options = pool_options(1);
    options.committed = [](const OwnNews&) { throw std::runtime_error("no memory"); };
    postgres::Store own(std::move(options), random);
    commit_one(own, tenant, "ann");
    CHECK(head() == 1);
}

TEST_CASE_FIXTURE(FeedFixture, "a commit wakes readers of its tenant in its own process and in another") {
    Process writer("feed-writer");
    Process other("feed-other");
    const Uuid elsewhere = id_of("nobody's tenant");
    Reader here(writer.signal, tenant, 0);
    Reader there(other.signal, tenant, 0);
    Reader apart(other.signal, elsewhere, 0);
    commit_one(writer.store, tenant, "ann");
    CHECK(here.is_woken());
    CHECK(there.is_woken());
    CHECK_FALSE(apart.is_woken_within(0s));
    // What was heard while nobody waited is known all the same.
    Reader late(other.signal, tenant, 0);
    CHECK(late.is_woken());
}

TEST_CASE_FIXTURE(FeedFixture, "commits that come fast reach the other process, the last one too") {
    Process writer("feed-writer");
    Process other("feed-other");
    for (int i = 1; i <= 50; ++i) {
        commit_one(writer.store, tenant, "customer " + std::to_string(i));
    }
    Reader last(other.signal, tenant, head() - 1);
    CHECK(last.is_woken());
}

TEST_CASE_FIXTURE(FeedFixture, "a reader whose process lost its link looks when the link stands again") {
    Process other("feed-lost");
    Reader reader(other.signal, tenant, 0);
    end_link("feed-lost");
    CHECK(reader.is_woken());
    while (!other.link.listening()) {
        std::this_thread::yield();
    }
    Process writer("feed-writer");
    Reader again(other.signal, tenant, 0);
    commit_one(writer.store, tenant, "ann");
    CHECK(again.is_woken());
}

TEST_CASE_FIXTURE(FeedFixture, "a reader whose process hears nothing looks by itself") {
    MonotonicClock clock;
    SharedFeedSignal signal(clock, 50ms);
    const ReplicaLink nowhere("postgresql://127.0.0.1:1/nothing",
                              {[](const auto&) {}, [] { return std::vector<domain::ports::BudgetKey>(); }},
                              &signal);
    Process writer("feed-writer");
    Reader reader(signal, tenant, 0);
    commit_one(writer.store, tenant, "ann");
    CHECK(reader.is_woken());
}

TEST_CASE_FIXTURE(FeedFixture, "what was committed while the link was down is announced when it stands") {
    MonotonicClock clock;
    SharedFeedSignal before_link(clock, 24h);
    Process other("feed-other");
    before_link.announce(tenant, 1);
    Reader reader(other.signal, tenant, 0);
    const ReplicaLink link(database.url(),
                           {[](const auto&) {}, [] { return std::vector<domain::ports::BudgetKey>(); }},
                           &before_link);
    CHECK(reader.is_woken());
}
