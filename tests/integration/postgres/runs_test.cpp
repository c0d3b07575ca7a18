#include <doctest/doctest.h>

#include <chrono>
#include <thread>
#include <vector>

#include "adapters/postgres/transaction.hpp"
#include "tests/support/store_fixture.hpp"

using namespace tributary;
using namespace tests;
using namespace domain::ports;
using domain::Uuid;

TEST_CASE_FIXTURE(StoreFixture,
                  "runs are listed newest first, of one connection or of all, before a given one") {
    const Uuid one = connect("one").id;
    std::vector<Uuid> ids;
    for (int i = 0; i < 3; ++i) {
        const ClaimedRun claimed = claim(one);
        ids.push_back(claimed.run_id);
        good(store.connections().finish_run(tenant, lease_of(claimed), claimed.run_id, succeeded()));
        if (i < 2) good(store.connections().request_run(tenant, one, "manual"));
    }
    connect("two");
    const auto listed = [this](RunQuery query) {
        std::vector<Uuid> found;
        for (const RunView& run : good(store.connections().runs(tenant, query))) {
            found.push_back(run.id);
        }
        return found;
    };
    CHECK(listed({one, std::nullopt, 2}) == std::vector{ids[2], ids[1]});
    CHECK(listed({one, ids[1], 9}) == std::vector{ids[0]});
    CHECK(listed({}).size() == 4);

    // Those under way are found elsewhere than those that ended. Ids are in order from one millisecond to the
    // next.
    const auto next_millisecond = [] { std::this_thread::sleep_for(std::chrono::milliseconds(2)); };
    next_millisecond();
    const Uuid replay =
        good(store.replays().begin_replay(tenant, one, id_of("owner"), std::chrono::seconds(60))).run_id;
    next_millisecond();
    const Uuid queued = good(store.connections().request_run(tenant, one, "manual")).id;
    CHECK(listed({one, std::nullopt, 9}) == std::vector{queued, replay, ids[2], ids[1], ids[0]});
    CHECK(listed({one, std::nullopt, 1}) == std::vector{queued});
    CHECK(listed({one, queued, 2}) == std::vector{replay, ids[2]});
    CHECK(listed({one, replay, 1}) == std::vector{ids[2]});
    CHECK(good(store.connections().connection(tenant, one)).last_run_id == queued);
    CHECK(error_of(store.connections().run(tenant, id_of("absent"))) == "not_found");
}

TEST_CASE("what is asked of one connection's runs does not read all others of the tenant") {
    StoreFixture fixture(1);
    auto& connections = fixture.store.connections();
    const std::string tenant = to_text(fixture.tenant);
    fixture.database.run(
        "INSERT INTO runs (tenant_id, run_id, connection_id, cause, state, requested_at, counts, resume, "
        "report, error_code, error_detail) "
        "SELECT '" +
        tenant +
        "', gen_random_uuid(), gen_random_uuid(), 'schedule', "
        "CASE WHEN n % 10 = 0 THEN 'running' ELSE 'succeeded' END, now(), '', '', '', '', '' "
        "FROM generate_series(1, 20000) n");
    fixture.database.run("ANALYZE runs");
    const auto rows_read = [&] {
        good(fixture.store.pool().run(
            {}, [](postgres::Transaction& tx) { tx.exec("SELECT pg_stat_force_next_flush()"); }));
        return std::stoll(fixture.database.value(
            "SELECT seq_tup_read + idx_tup_fetch FROM pg_stat_user_tables WHERE relname = 'runs'"));
    };
    const auto before = rows_read();
    const Uuid id = fixture.connect("one").id;
    const ClaimedRun claimed = fixture.claim(id);
    good(connections.finish_run(fixture.tenant, lease_of(claimed), claimed.run_id, succeeded()));
    CHECK(good(connections.runs(fixture.tenant, {id, std::nullopt, 50})).size() == 1);
    CHECK(good(connections.connection(fixture.tenant, id)).last_run_id == claimed.run_id);
    good(connections.remove_connection(fixture.tenant, id));
    good(connections.forget_connection(fixture.tenant, lease_of(fixture.claim(id))));
    CHECK(rows_read() - before < 100);
}
