// A run that finds nothing new writes its bookkeeping and nothing else.

#include <doctest/doctest.h>

#include <map>
#include <set>
#include <string>

#include "tests/e2e/system/running_system.hpp"
#include "tests/e2e/system/tree.hpp"

using namespace tributary;
using namespace tributary::e2e;

namespace {

/// Tables that a run may write although it finds nothing new.
const std::set<std::string> bookkeeping{
    "runs", "due_queue", "stream_states", "connections", "provider_budgets", "drift", "freshness_marks"};

struct Writes {
    long inserted = 0;
    long updated = 0;
    long deleted = 0;

    [[nodiscard]] long all() const { return inserted + updated + deleted; }
};

/// Rows written so far, by table. Sessions report what they did when they end, so nobody else may be
/// connected.
std::map<std::string, Writes> writes_of_all_tables(const tests::Database& database) {
    std::map<std::string, Writes> writes;
    for (const auto& row :
         database.rows("SELECT relname, n_tup_ins, n_tup_upd, n_tup_del FROM pg_stat_user_tables "
                       "WHERE schemaname = 'public'")) {
        writes[row[0]] = {std::stol(row[1]), std::stol(row[2]), std::stol(row[3])};
    }
    return writes;
}

std::map<std::string, Writes> writes_when_stopped(RunningSystem& system) {
    system.stop_service();
    std::map<std::string, Writes> writes = writes_of_all_tables(system.database());
    system.start_service();
    return writes;
}

}  // namespace

TEST_CASE("a run of every connection writes no data row when the providers say what they said before") {
    RunningSystem& system = RunningSystem::synced();
    system.sync_well(system.connection_names());
    const auto before = writes_when_stopped(system);
    std::int64_t pages = 0;
    long runs = 0;
    long fingerprints = 0;
    for (const auto& [name, run] : system.sync(system.connection_names())) {
        CHECK_MESSAGE(text(run, "state") == "succeeded", name);
        ++runs;
        for (const json::Value& stream : array(run, "report.streams")) {
            pages += number(stream, "requests");
            fingerprints += static_cast<long>(array(stream, "drift").size());
            CHECK(number(stream, "created") == 0);
            CHECK(number(stream, "changed") == 0);
            CHECK(number(stream, "removed") == 0);
        }
    }
    const auto after = writes_when_stopped(system);

    const std::string tables = system.database().value(
        "SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
        "WHERE c.relkind IN ('r', 'p') AND n.nspname = 'public'");
    CHECK(after.size() == std::stoul(tables));
    CHECK(after.size() >= 20);
    for (const auto& [table, writes] : after) {
        const long written = writes.all() - before.at(table).all();
        if (!bookkeeping.contains(table)) {
            CHECK_MESSAGE(written == 0, table << " got " << written << " writes");
        }
    }
    // The reading is worth nothing where not even the runs show.
    const Writes& of_runs = after.at("runs");
    CHECK(of_runs.inserted - before.at("runs").inserted == runs);
    CHECK(of_runs.updated - before.at("runs").updated >= runs);
    // Claimed, finished, and in between at most once a page.
    CHECK(of_runs.updated - before.at("runs").updated <= pages + 2 * runs);
    CHECK(after.at("connections").updated - before.at("connections").updated <= runs);
    // When it became due, and when it ended.
    CHECK(after.at("freshness_marks").all() - before.at("freshness_marks").all() <= 2 * runs);
    // What differed before differs still: counted once a run, and nothing new.
    const Writes& of_drift = after.at("drift");
    CHECK(of_drift.inserted == before.at("drift").inserted);
    CHECK(of_drift.updated - before.at("drift").updated == fingerprints);
    CHECK(of_drift.deleted == 0);
    // Several tokens a draw; where a provider is slow, one a request, logins included.
    CHECK(after.at("provider_budgets").updated - before.at("provider_budgets").updated <= pages + 3 * runs);
    MESSAGE(runs << " runs, " << pages << " pages, " << after.size() << " tables");
}
