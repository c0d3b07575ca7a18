#include "adapters/postgres/runs.hpp"
#include "adapters/postgres/schedule.hpp"
#include "tests/mutants/step.hpp"
#include "tests/support/store_fixture.hpp"

namespace tributary::mutants {

using namespace domain::ports;
using domain::Uuid;
using postgres::Transaction;

namespace {

RunQuery of_connection() {
    RunQuery query;
    query.connection_id = shared;
    return query;
}

RunOutcome outcome() {
    RunOutcome made = tests::succeeded();
    made.streams = {{"accounts", domain::Timestamp{}, std::nullopt, "complete", "", "{}"}};
    made.drift = {{"accounts", {domain::DriftKind::new_field, "field", "string"}, 1}};
    made.next_due_in = std::chrono::hours(1);
    return made;
}

Step finish(std::string name, std::string arranged, const Uuid& connection) {
    return {std::move(name), leased + std::move(arranged), [connection](Transaction& tx) {
                postgres::finish_run(tx, {connection, 7}, second_run, outcome());
                return std::string();
            }};
}

constexpr auto both_run = "UPDATE runs SET state = 'running' WHERE run_id = $run2;";

// Ours waits for nothing; theirs is paused and has a proposal that waits.
constexpr auto they_wait = R"sql(
    UPDATE runs SET state = 'running' WHERE run_id = $run2;
    UPDATE proposals SET state = 'superseded' WHERE tenant_id = $ours;
    UPDATE connections SET lifecycle = 'paused' WHERE tenant_id = $theirs;)sql";

// Both have a run that waits under the same id, asked for with other words.
constexpr auto due_with_run = R"sql(
    UPDATE due_queue SET due_at = now() - interval '1 minute', priority = 1 WHERE connection_id = $shared;
    UPDATE runs SET state = 'queued', started_at = NULL WHERE run_id = $run2;
    UPDATE runs SET cause = 'foreign' WHERE tenant_id = $theirs AND run_id = $run2;
    UPDATE runs SET cause = cause WHERE tenant_id = $ours;)sql";

constexpr auto due_alone = R"sql(
    UPDATE due_queue SET due_at = now() - interval '1 minute' WHERE connection_id = $shared;)sql";

constexpr auto they_run = R"sql(
    UPDATE runs SET state = 'running', cause = 'replay' WHERE tenant_id = $theirs AND run_id = $run1;
    UPDATE runs SET state = 'running' WHERE tenant_id = $theirs AND run_id = $run2;)sql";

const postgres::Claimant claimant{domain::named_uuid({}, "owner"), std::chrono::seconds(60)};

std::string claimed(std::vector<ClaimedRun> runs) {
    for (ClaimedRun& run : runs) {
        run.fence = 0;  // the time
    }
    return shown(runs);
}

}  // namespace

std::vector<Step> run_steps() {
    return {
        {"a run is asked for", "",
         [](Transaction& tx) { return shown(postgres::request_run(tx, random_source(), shared, "manual")); }},
        {"a run", "", [](Transaction& tx) { return shown(postgres::read_run(tx, second_run)); }},
        {"the runs", "", [](Transaction& tx) { return shown(postgres::read_runs(tx, {})); }},
        {"the runs of a connection", "",
         [](Transaction& tx) { return shown(postgres::read_runs(tx, of_connection())); }},
        {"the runs of a connection, where theirs has open ones", they_run,
         [](Transaction& tx) { return shown(postgres::read_runs(tx, of_connection())); }},
        finish("a run ends", both_run, shared),
        finish("a run ends, where theirs is paused and waits for somebody", they_wait, shared),
        finish("a run of a connection that is theirs to schedule ends", both_run, lent),
        {"what is due is claimed", due_with_run,
         [](Transaction& tx) {
             return claimed(postgres::claim_due(tx, random_source(), claimant, "upvest", 10));
         },
         std::nullopt},
        {"a connection without a run is claimed", due_alone,
         [](Transaction& tx) {
             return claimed(postgres::claim_connection(tx, random_source(), claimant, shared));
         },
         std::nullopt},
    };
}

}  // namespace tributary::mutants
