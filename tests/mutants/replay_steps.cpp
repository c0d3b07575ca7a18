#include "adapters/postgres/replays.hpp"
#include "adapters/postgres/versions.hpp"
#include "tests/mutants/step.hpp"

namespace tributary::mutants {

using namespace domain::ports;
using domain::Uuid;
using postgres::Transaction;

namespace {

VersionQuery versions_of(const std::string& stream) {
    VersionQuery query;
    query.stream = {shared, stream};
    return query;
}

Step end(std::string name, const Uuid& connection) {
    return {std::move(name),
            std::string(leased) + "UPDATE runs SET state = 'running', cause = 'replay' WHERE run_id = $run1;",
            silently([connection](Transaction& tx) {
                postgres::end_replay(tx, {{connection, 7}, first_run}, {"succeeded", "{}", "", ""});
            })};
}

}  // namespace

std::vector<Step> replay_steps() {
    return {
        {"the streams with versions, where theirs has one more",
         "DELETE FROM records WHERE tenant_id = $ours AND stream = 'users';",
         [](Transaction& tx) { return shown(postgres::read_version_streams(tx, shared)); }},
        {"the present versions", "",
         [](Transaction& tx) { return shown(postgres::read_present_versions(tx, versions_of("accounts"))); }},
        {"the past versions", "",
         [](Transaction& tx) { return shown(postgres::read_past_versions(tx, versions_of("users"))); }},
        {"a replay begins, where theirs has one that died",
         "UPDATE runs SET state = 'running', cause = 'replay' WHERE run_id = $run1;",
         [](Transaction& tx) {
             const postgres::Claimant claimant{domain::named_uuid({}, "owner"), std::chrono::seconds(60)};
             return shown(postgres::begin_replay(tx, random_source(), claimant, shared).run_id);
         }},
        end("a replay ends", shared),
        end("a replay of a connection that is theirs to schedule ends", lent),
    };
}

}  // namespace tributary::mutants
