#include "adapters/postgres/proposals.hpp"
#include "tests/mutants/step.hpp"

namespace tributary::mutants {

using namespace domain::ports;
using domain::Uuid;
using postgres::Transaction;

namespace {

const StreamRef accounts{shared, "accounts"};

std::string states(const std::string& of_ours, const std::string& of_theirs) {
    return "UPDATE proposals SET state = '" + of_ours + "', decided_at = now() WHERE tenant_id = $ours;" +
           "UPDATE proposals SET state = '" + of_theirs + "', decided_at = now() WHERE tenant_id = $theirs;";
}

Step decisions(std::string name, std::string arranged) {
    return {std::move(name), std::move(arranged),
            [](Transaction& tx) { return shown(postgres::read_removal_decisions(tx, accounts)); }};
}

Step propose(std::string name, std::vector<std::string> keys) {
    return {std::move(name), "", [keys = std::move(keys)](Transaction& tx) {
                return shown(postgres::propose_removal(tx, first_run, {accounts, 12, keys}));
            }};
}

Step withdraw(std::string name, std::string arranged) {
    return {std::move(name), std::move(arranged),
            silently([](Transaction& tx) { postgres::withdraw_proposal(tx, accounts); })};
}

Step settle(std::string name, std::string arranged) {
    return {std::move(name), std::move(arranged), silently([](Transaction& tx) {
                postgres::settle_removals(tx, accounts, std::vector<std::string>{"k1"});
            })};
}

Step approved_since(std::string name, std::string arranged) {
    return {std::move(name), std::move(arranged),
            [](Transaction& tx) { return shown(postgres::approved_since(tx, shared, second_run)); }};
}

Step decide(std::string name, std::string arranged, bool approve) {
    return {
        std::move(name), std::move(arranged), [approve](Transaction& tx) {
            return shown(postgres::decide_proposal(tx, random_source(), {first_run, approve, "somebody"}));
        }};
}

}  // namespace

std::vector<Step> proposal_steps() {
    return {
        decisions("what was decided", states("approved", "approved")),
        decisions("what was decided, where theirs waits", states("approved", "pending")),
        decisions("what was decided, where only theirs was", states("superseded", "approved")),
        propose("the same removals are proposed again", {"k1", "k2"}),
        propose("other removals are proposed", {"k1", "k3"}),
        withdraw("a proposal is withdrawn", ""),
        withdraw("a proposal is withdrawn that only theirs has waiting", states("approved", "pending")),
        settle("removals are settled", states("approved", "approved")),
        settle("removals are settled that only theirs approved", states("pending", "approved")),
        approved_since("approved since, by theirs alone", states("superseded", "approved")),
        approved_since(
            "approved since the run of theirs began, not since ours did",
            "UPDATE proposals SET state = 'approved', decided_at = started - interval '50 days' FROM "
            "(SELECT started_at AS started FROM runs WHERE tenant_id = $ours AND run_id = $run2) AS later "
            "WHERE tenant_id = $ours;"),
        approved_since(
            "approved since, with keys that only theirs has left",
            states("approved", "superseded") + "DELETE FROM proposal_keys WHERE tenant_id = $ours;"),
        {"a proposal", "", [](Transaction& tx) { return shown(postgres::read_proposal(tx, first_run)); }},
        decide("a proposal is approved", "UPDATE connections SET health = 'held';", true),
        decide("a proposal is rejected, where theirs has one more", "UPDATE connections SET health = 'held';",
               false),
    };
}

}  // namespace tributary::mutants
