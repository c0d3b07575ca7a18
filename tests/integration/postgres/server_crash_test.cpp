// What a crash of the server may undo, and what it may not.

#include <doctest/doctest.h>

#include <chrono>
#include <csignal>
#include <stdexcept>
#include <thread>

#include "adapters/postgres/transaction.hpp"
#include "tests/support/store_fixture.hpp"

using namespace tributary;
using namespace tests;
using namespace domain::ports;
using domain::Uuid;
using std::chrono::seconds;

namespace {

Lease lease_of(const ClaimedRun& claimed) {
    return {claimed.connection.id, claimed.fence};
}

/// As on a server of production, COMMIT waits for what is written, unless a job says otherwise. The server
/// writes nothing by itself for ten seconds.
postgres::PoolOptions waiting_for_commits() {
    postgres::PoolOptions options = StoreFixture::pool_options(1);
    options.url += " options='-c synchronous_commit=on'";
    return options;
}

/// A connection of upvest, the only one that is due, and all that is known on disk.
struct CrashFixture : StoreFixture {
    postgres::Store waiting{waiting_for_commits(), random};
    Uuid connection = made_due();

    ~CrashFixture() { database.run("DROP TABLE since_the_crash"); }

    Uuid made_due() {
        database.run("UPDATE due_queue SET due_at = NULL");
        database.run("CREATE UNLOGGED TABLE since_the_crash AS SELECT 1");
        const Uuid id = connect("one").id;
        database.run("CHECKPOINT");
        return id;
    }

    ClaimedRun claim_due() {
        auto claimed = good(waiting.connections().claim_due(id_of("owner"), "upvest", 100, seconds(60)));
        REQUIRE(claimed.size() == 1);
        return std::move(claimed.front());
    }

    /// Kills one of the server's processes, upon which it ends all others, forgets what is not written, and
    /// starts again. A crash empties unlogged tables, which shows when it is over.
    void crash() {
        CHECK_FALSE(run_task(waiting.pool().run({}, [](postgres::Transaction& tx) {
            const auto backend = postgres::Row(tx.exec("SELECT pg_backend_pid()")[0]).number(0);
            kill(static_cast<pid_t>(backend), SIGKILL);
            tx.exec("SELECT pg_sleep(10)");
        })));
        const auto deadline = std::chrono::steady_clock::now() + seconds(60);
        while (!recovered()) {
            if (std::chrono::steady_clock::now() > deadline) throw std::runtime_error("no recovery");
            std::this_thread::sleep_for(std::chrono::milliseconds(20));
        }
        const auto answers = [](postgres::Store& store) {
            return run_task(store.pool().run({}, [](postgres::Transaction& tx) { tx.exec("SELECT 1"); }));
        };
        while (!answers(waiting) || !answers(store)) {
            std::this_thread::sleep_for(std::chrono::milliseconds(20));
        }
    }

    bool recovered() const {
        try {
            return database.value("SELECT count(*) FROM since_the_crash") == "0";
        } catch (const std::exception&) {
            return false;
        }
    }

    std::string open_runs() const {
        return value("SELECT string_agg(state, ' ') FROM runs WHERE tenant_id = $T");
    }
};

}  // namespace

TEST_CASE_FIXTURE(
    CrashFixture,
    "a claim that a crash of the server undid is made again, and its owner writes nothing more") {
    const ClaimedRun undone = claim_due();
    CHECK(open_runs() == "running");
    crash();
    REQUIRE(open_runs() == "queued");

    const ClaimedRun again = claim_due();
    CHECK(open_runs() == "running");
    CHECK(again.fence > undone.fence);
    CHECK(error_of(page([&](PageTransaction& page) { return page.check_fence(lease_of(undone)); })) ==
          "stale_owner");
    CHECK(error_of(waiting.connections().renew_lease(lease_of(undone), seconds(60))) == "stale_owner");
    CHECK(error_of(waiting.connections().finish_run(tenant, lease_of(undone), undone.run_id, succeeded())) ==
          "stale_owner");
    must([&](PageTransaction& page) { good(page.check_fence(lease_of(again))); });
}

TEST_CASE_FIXTURE(CrashFixture,
                  "a claim outlives a crash of the server once anything was committed after it") {
    const ClaimedRun claimed = claim_due();
    good(waiting.connections().renew_lease(lease_of(claimed), seconds(60)));
    crash();
    CHECK(open_runs() == "running");
    must([&](PageTransaction& page) { good(page.check_fence(lease_of(claimed))); });
}
