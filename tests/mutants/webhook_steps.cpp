#include "adapters/postgres/webhooks.hpp"
#include "tests/mutants/step.hpp"

namespace tributary::mutants {

using namespace domain::ports;
using domain::Uuid;
using postgres::Transaction;

namespace {

InboxEvent event(std::string id) {
    InboxEvent made;
    made.id = std::move(id);
    made.content_hash = std::string(64, 'a');
    made.type = "account.changed";
    made.stream = "accounts";
    made.object_id = "k1";
    made.payload = "{}";
    return made;
}

Step release(std::string name, std::string arranged, const Uuid& connection) {
    return {std::move(name), leased + std::move(arranged), silently([connection](Transaction& tx) {
                postgres::release_inbox(tx, {connection, 7}, std::chrono::seconds(30));
            })};
}

constexpr auto only_theirs_waits =
    "DELETE FROM webhook_events WHERE tenant_id = $ours AND state = 'waiting';";

}  // namespace

std::vector<Step> webhook_steps() {
    return {
        {"the target of a delivery", "",
         [](Transaction& tx) { return shown(postgres::read_webhook_target(tx, shared).connection); },
         std::nullopt},
        {"events are received, one again, of which theirs has another content",
         "UPDATE webhook_events SET content_hash = 'other' WHERE tenant_id = $theirs;"
         "UPDATE webhook_events SET content_hash = content_hash WHERE tenant_id = $ours;",
         [](Transaction& tx) {
             return shown(postgres::receive_events(tx, shared, {event("waits"), event("new")}));
         }},
        {"an inbox is claimed", "UPDATE webhook_queue SET next_at = now() WHERE connection_id = $shared;",
         [](Transaction& tx) {
             auto taken =
                 postgres::claim_inbox(tx, domain::named_uuid({}, "owner"), std::chrono::seconds(60));
             return taken ? shown(taken->connection) : "none";
         },
         std::nullopt},
        {"the events that wait", "",
         [](Transaction& tx) { return shown(postgres::read_waiting_events(tx, shared, 10)); }},
        {"events are settled", "", silently([](Transaction& tx) {
             postgres::settle_events(tx, shared, std::vector<EventOutcome>{{"waits", "applied", ""}});
         })},
        release("an inbox is released", "", shared),
        release("an inbox is released, where only theirs has events that wait", only_theirs_waits, shared),
        release("an inbox with a hint is released, where only theirs is in health",
                "UPDATE webhook_queue SET hinted = true; UPDATE connections SET health = 'disabled' WHERE "
                "tenant_id = "
                "$ours;",
                shared),
        release("an inbox is released, where only theirs was paused",
                "UPDATE connections SET lifecycle = 'paused' WHERE tenant_id = $theirs;", shared),
        release("an inbox of a paused connection is released, where theirs runs",
                "UPDATE connections SET lifecycle = 'paused'; UPDATE runs SET state = 'running' WHERE "
                "tenant_id = "
                "$theirs AND run_id = $run2;",
                shared),
        release("an inbox of a connection that is theirs to schedule is released", "", lent),
        {"an inbox", "", [](Transaction& tx) { return shown(postgres::read_inbox(tx, shared)); }},
        {"settled events are dropped", "",
         [](Transaction& tx) { return shown(postgres::drop_settled_of_tenant(tx, std::chrono::hours(1))); }},
    };
}

}  // namespace tributary::mutants
