#include "adapters/postgres/action_queue.hpp"
#include "adapters/postgres/actions.hpp"
#include "tests/mutants/step.hpp"
#include "tests/support/store_fixture.hpp"

namespace tributary::mutants {

using namespace domain::ports;
using domain::EntityKind;
using postgres::Transaction;
using tests::id_of;

namespace {

const ActionLease third_claim{id_of("act"), 3};

/// `arranged` for an action that is being carried out.
constexpr auto under_way = R"sql(
    UPDATE actions SET created_at = now(), sent_at = now(), state = 'sending';
    UPDATE action_queue SET next_at = now(), claim = 3, lease_owner = $shared, lease_until = now() + interval '1 hour';)sql";

/// The same for one that is due.
constexpr auto due = R"sql(
    UPDATE actions SET created_at = now(), sent_at = NULL;
    UPDATE action_queue SET next_at = now(), lease_owner = NULL, lease_until = NULL;
    UPDATE due_queue SET lease_owner = NULL, lease_until = NULL, fence = 7;)sql";

constexpr auto over = R"sql(
    UPDATE actions SET state = 'succeeded', sealed_arguments = NULL, ended_at = now(),
                       expires_at = now() - interval '1 hour';)sql";

NewAction again() {
    NewAction action;
    action.id = id_of("another act");
    action.key_hash = "hash of a key";
    action.kind = ActionKind::close_account_group;
    action.connection = shared;
    action.subject_kind = EntityKind::account_group;
    action.subject = id_of("g1");
    action.sealed_arguments = "sealed";
    return action;
}

std::string of_ours(const std::string& record) {
    return " WHERE tenant_id = $ours AND provider_id = '" + record + "';";
}

Step target(std::string name, std::string arranged) {
    return {std::move(name), std::move(arranged), [](Transaction& tx) {
                return shown(postgres::read_action_target(tx, {EntityKind::profile, id_of("p1"), "u1"}));
            }};
}

Step claim(std::string name, const std::string& arranged) {
    return {std::move(name), due + arranged,
            [](Transaction& tx) {
                return shown(postgres::claim_action(tx, id_of("owner"), std::chrono::seconds(60)));
            },
            std::nullopt};
}

template <class Act>
Step by_owner(std::string name, Act act, const std::string& arranged = "") {
    return {std::move(name), under_way + arranged, silently(act)};
}

}  // namespace

std::vector<Step> action_steps() {
    const std::string p1 = "'" + to_text(id_of("p1")) + "'";
    return {
        {"the action of a key", "",
         [](Transaction& tx) { return shown(postgres::read_action_of_key(tx, "hash of a key")); }},
        {"an action is begun under a key that stands for one", "",
         [](Transaction& tx) { return shown(postgres::begin_action(tx, again(), std::chrono::hours(24))); }},
        {"an action is begun under a key that is free again", over,
         [](Transaction& tx) { return shown(postgres::begin_action(tx, again(), std::chrono::hours(24))); }},
        {"an action", "", [](Transaction& tx) { return shown(postgres::read_action(tx, id_of("act"))); }},
        {"the actions", "", [](Transaction& tx) { return shown(postgres::read_actions(tx, {})); }},
        {"actions whose keys are free are dropped", over,
         [](Transaction& tx) { return shown(postgres::drop_expired_of_tenant(tx)); }},
        target("the target of an action", ""),
        target("the target of an action that only theirs has",
               "UPDATE entities SET normalized = NULL WHERE tenant_id = $ours AND entity_id = " + p1 + ";"),
        target("the target of an action that only theirs sees",
               "UPDATE records SET removed_at = now(), normalized = NULL" + of_ours("u1")),
        target(
            "the target of an action of which only theirs has a part",
            "UPDATE records SET entity_id = " + p1 + of_ours("k1") +
                "UPDATE records SET founds_entity = false WHERE tenant_id = $theirs AND provider_id = 'u1';"),
        claim("an action is claimed", ""),
        claim("an action of a connection that is theirs to schedule is claimed",
              "UPDATE actions SET connection_id = $lent;"),
        claim(
            "an action is claimed whose subject is closed in theirs",
            "UPDATE documents SET facets = '{status=closed}' WHERE tenant_id = $theirs AND document_id = '" +
                to_text(id_of("x1")) + "';"),
        by_owner("an action is about to be sent",
                 [](Transaction& tx) { postgres::begin_sending(tx, third_claim); }),
        by_owner(
            "an action that is theirs is about to be sent",
            [](Transaction& tx) { postgres::begin_sending(tx, third_claim); },
            "UPDATE action_queue SET tenant_id = $theirs;"),
        by_owner("an action's lease is renewed",
                 [](Transaction& tx) { postgres::renew_action(tx, third_claim, std::chrono::seconds(60)); }),
        by_owner("an action is put off",
                 [](Transaction& tx) {
                     postgres::put_off_action(tx, third_claim, "in_doubt", std::chrono::seconds(60));
                 }),
        by_owner("an action ends",
                 [](Transaction& tx) {
                     postgres::settle_action(tx, {.lease = third_claim, .state = "succeeded"});
                 }),
        by_owner("nothing is left to do of an action",
                 [](Transaction& tx) { postgres::finish_action(tx, third_claim); }),
        by_owner(
            "a commit is an action's",
            [](Transaction& tx) { postgres::note_action_commit(tx, id_of("act")); },
            "UPDATE feed_head SET commit_no = 99 WHERE tenant_id = $theirs;"
            "UPDATE feed_head SET commit_no = commit_no WHERE tenant_id = $ours;"),
    };
}

}  // namespace tributary::mutants
