#include "adapters/postgres/replica_link.hpp"

#include <doctest/doctest.h>

#include <condition_variable>
#include <map>
#include <mutex>
#include <thread>

#include "adapters/postgres/budgets.hpp"
#include "tests/support/store_fixture.hpp"

using namespace tributary;
using namespace tests;
using domain::ports::BudgetBlock;
using domain::ports::BudgetKey;
using postgres::ReplicaLink;
using std::chrono::seconds;

namespace {

/// Remembers what a listener heard, and waits for it.
class Heard {
  public:
    postgres::BlockHearer hearer(std::vector<BudgetKey> in_use = {}) {
        return {[this](const BudgetBlock& block) {
                    const std::lock_guard lock(mutex_);
                    blocks_[block.key] = block.lasts;
                    more_.notify_all();
                },
                [this, in_use] {
                    const std::lock_guard lock(mutex_);
                    ++connected_;
                    more_.notify_all();
                    return in_use;
                }};
    }

    /// What was heard about a key; zero where nothing is within half a minute.
    std::chrono::microseconds block_of(const BudgetKey& key) {
        std::unique_lock lock(mutex_);
        more_.wait_for(lock, seconds(30), [&] { return blocks_.contains(key); });
        return blocks_[key];
    }

    bool wait_for_connections(int count) {
        std::unique_lock lock(mutex_);
        return more_.wait_for(lock, seconds(30), [&] { return connected_ >= count; });
    }

    void forget() {
        const std::lock_guard lock(mutex_);
        blocks_.clear();
    }

    bool of(const BudgetKey& key) {
        const std::lock_guard lock(mutex_);
        return blocks_.contains(key);
    }

  private:
    std::mutex mutex_;
    std::condition_variable more_;
    std::map<BudgetKey, std::chrono::microseconds> blocks_;
    int connected_ = 0;
};

/// Within half a minute; the listener says so a moment after it read what it missed.
bool listens(const ReplicaLink& listener) {
    const auto deadline = std::chrono::steady_clock::now() + seconds(30);
    while (!listener.listening() && std::chrono::steady_clock::now() < deadline) {
        std::this_thread::yield();
    }
    return listener.listening();
}

struct ListenerFixture : StoreFixture {
    BudgetKey key{tenant, "upvest", std::string(64, 'c')};
    Heard heard;

    ListenerFixture() { good(store.budgets().open_budget(key, connect("one").id, {10, 10})); }

    void end_listening_sessions() const {
        database.run(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'listens'");
    }

    std::string url() const { return database.url() + " application_name=listens"; }
};

}  // namespace

TEST_CASE_FIXTURE(ListenerFixture, "a block written by one replica is heard by another") {
    const ReplicaLink listener(url(), heard.hearer());
    REQUIRE(heard.wait_for_connections(1));
    REQUIRE(listens(listener));
    good(store.budgets().block_budget({key, seconds(77)}));
    CHECK(heard.block_of(key) == seconds(77));
}

TEST_CASE_FIXTURE(
    ListenerFixture,
    "what was blocked while nobody listened is read when the listener starts, for budgets in use only") {
    good(store.budgets().block_budget({key, seconds(600)}));
    BudgetKey unused = key;
    unused.credential = std::string(64, 'd');
    good(store.budgets().open_budget(unused, connect("two").id, {10, 10}));
    good(store.budgets().block_budget({unused, seconds(600)}));
    const ReplicaLink listener(url(), heard.hearer({key}));
    CHECK(heard.block_of(key) > seconds(590));
    REQUIRE(listens(listener));
    CHECK_FALSE(heard.of(unused));
}

TEST_CASE_FIXTURE(ListenerFixture,
                  "a listener whose session was ended connects again and reads what it missed") {
    const ReplicaLink listener(url(), heard.hearer({key}));
    REQUIRE(heard.wait_for_connections(1));
    REQUIRE(listens(listener));
    for (int round = 2; round < 5; ++round) {
        end_listening_sessions();
        REQUIRE(heard.wait_for_connections(round));
        REQUIRE(listens(listener));
        heard.forget();
        good(store.budgets().block_budget({key, seconds(100 * round)}));
        CHECK(heard.block_of(key) == seconds(100 * round));
    }
}

TEST_CASE("a listener without a database ends at once when told to, and one that listens does too") {
    Heard heard;
    {
        const ReplicaLink nowhere("postgresql://127.0.0.1:1/nothing", heard.hearer());
        CHECK_FALSE(nowhere.listening());
    }
    const auto before = std::chrono::steady_clock::now();
    {
        const ReplicaLink listener(migrated_database().url(), heard.hearer());
        REQUIRE(heard.wait_for_connections(1));
    }
    CHECK(std::chrono::steady_clock::now() - before < seconds(10));
}
