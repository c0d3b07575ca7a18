// What a crash of the server may undo, and what it may not.

#include <doctest/doctest.h>

#include <chrono>
#include <csignal>
#include <optional>
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

/// As on a server of production, COMMIT waits for what is written, unless a job says otherwise. The server
/// writes nothing by itself for ten seconds.
postgres::PoolOptions waiting_for_commits() {
    postgres::PoolOptions options = StoreFixture::pool_options(1);
    options.url += " options='-c synchronous_commit=on'";
    return options;
}

class CrashFixture : public StoreFixture {
  protected:
    postgres::Store waiting{waiting_for_commits(), random};

    /// Of a connection that nobody held before, with all else on disk.
    ClaimedRun claim_fresh(const std::string& name, std::int64_t fence = 0) {
        database.run("UPDATE due_queue SET due_at = NULL");
        beside_.run("INSERT INTO since_the_crash VALUES (1)");
        const Uuid id = connect(name).id;
        database.run("UPDATE due_queue SET fence = " + std::to_string(fence) + " WHERE connection_id = '" +
                     to_text(id) + "'");
        database.run("CHECKPOINT");
        return claim_due();
    }

    ClaimedRun claim_due() {
        auto claimed = good(waiting.connections().claim_due(id_of("owner"), "upvest", 100, seconds(60)));
        REQUIRE(claimed.size() == 1);
        return std::move(claimed.front());
    }

    /// Kills one of the server's processes, upon which it ends all others, forgets what is not written, and
    /// starts again.
    void crash() {
        CHECK_FALSE(run_task(waiting.pool().run({}, [](postgres::Transaction& tx) {
            const auto backend = postgres::Row(tx.exec("SELECT pg_backend_pid()")[0]).number(0);
            kill(static_cast<pid_t>(backend), SIGKILL);
            tx.exec("SELECT pg_sleep(10)");
        })));
        const auto deadline = std::chrono::steady_clock::now() + seconds(60);
        while (!recovered() || !answers(waiting) || !answers(store)) {
            if (std::chrono::steady_clock::now() > deadline) throw std::runtime_error("no recovery");
            std::this_thread::sleep_for(std::chrono::milliseconds(20));
        }
    }

    std::string state_of(const ClaimedRun& claimed) const {
        return value("SELECT state FROM runs WHERE run_id = '" + to_text(claimed.run_id) + "'");
    }

  private:
    /// A crash empties unlogged tables, which shows when it is over.
    bool recovered() const {
        try {
            return beside_.value("SELECT count(*) FROM since_the_crash") == "0";
        } catch (const std::exception&) {
            return false;
        }
    }

    static bool answers(postgres::Store& store) {
        return run_task(store.pool().run({}, [](postgres::Transaction& tx) { tx.exec("SELECT 1"); }))
            .has_value();
    }

    struct Beside : Database {
        Beside() { run("CREATE UNLOGGED TABLE since_the_crash (one integer)"); }
    } beside_;
};

}  // namespace

TEST_CASE_FIXTURE(
    CrashFixture,
    "a claim that a crash of the server undid is made again, and its owner writes nothing more") {
    // Anything of the server's own may have written the claim meanwhile, though it rarely does.
    std::optional<ClaimedRun> undone;
    for (int tried = 0; tried < 5 && !undone; ++tried) {
        ClaimedRun claimed = claim_fresh("one " + std::to_string(tried));
        CHECK(state_of(claimed) == "running");
        crash();
        if (state_of(claimed) == "queued") undone = std::move(claimed);
    }
    REQUIRE(undone);

    const ClaimedRun again = claim_due();
    CHECK(state_of(again) == "running");
    CHECK(again.run_id == undone->run_id);
    CHECK(again.fence > undone->fence);
    CHECK(error_of(page([&](PageTransaction& page) { return page.check_fence(lease_of(*undone)); })) ==
          "stale_owner");
    CHECK(error_of(waiting.connections().renew_lease(lease_of(*undone), seconds(60))) == "stale_owner");
    CHECK(error_of(waiting.connections().finish_run(tenant, lease_of(*undone), undone->run_id,
                                                    succeeded())) == "stale_owner");
    must([&](PageTransaction& page) { good(page.check_fence(lease_of(again))); });
}

TEST_CASE_FIXTURE(CrashFixture,
                  "a claim outlives a crash of the server once anything was committed after it") {
    const ClaimedRun claimed = claim_fresh("one");
    good(waiting.connections().renew_lease(lease_of(claimed), seconds(60)));
    crash();
    CHECK(state_of(claimed) == "running");
    must([&](PageTransaction& page) { good(page.check_fence(lease_of(claimed))); });
}

TEST_CASE_FIXTURE(CrashFixture,
                  "a claim while the clock stands behind the fence outlives a crash of the server") {
    const ClaimedRun claimed = claim_fresh("one", 9'000'000'000'000'000);
    crash();
    CHECK(state_of(claimed) == "running");
    must([&](PageTransaction& page) { good(page.check_fence(lease_of(claimed))); });
}
