#include <doctest/doctest.h>

#include "tests/support/store_fixture.hpp"

using namespace tributary;
using namespace tests;
using namespace domain::ports;
using domain::Uuid;

namespace {

RunOutcome refused(int failures) {
    RunOutcome outcome;
    outcome.state = "failed";
    outcome.health = {
        failures < domain::refusals_allowed ? ConnectionStatus::reauth_required : ConnectionStatus::disabled,
        "refused", "repair it", failures};
    return outcome;
}

}  // namespace

TEST_CASE_FIXTURE(
    StoreFixture,
    "a repair forgets quarantined objects, which were seen with credentials that may be another's") {
    const Uuid id = connect("one").id;
    const Uuid other = connect("two").id;
    must([&](PageTransaction& page) {
        const std::vector<domain::Quarantined> objects{{json::Value("an object"), "no key"}};
        good(page.quarantine({id, "users"}, 0, objects));
        good(page.quarantine({other, "users"}, 0, objects));
    });
    good(store.connections().repair_connection(tenant, {id, "sealed:new", R"({"mode":"b"})"}));
    CHECK(value("SELECT count(*) FROM quarantine WHERE tenant_id = $T") == "1");
    CHECK(value("SELECT connection_id FROM quarantine WHERE tenant_id = $T") == to_text(other));
}

TEST_CASE_FIXTURE(StoreFixture, "a repaired connection keeps its id, forgets its refusals and runs at once") {
    const Uuid id = connect("one").id;
    auto& connections = store.connections();
    const ClaimedRun claimed = claim(id);
    good(connections.finish_run(tenant, lease_of(claimed), claimed.run_id, refused(3)));
    CHECK_FALSE(good(connections.connection(tenant, id)).next_due_at);

    const ConnectionView repaired =
        good(connections.repair_connection(tenant, {id, "sealed:new", R"({"mode":"b"})"}));
    CHECK(repaired.id == id);
    CHECK(repaired.status == ConnectionStatus::pending);
    CHECK(repaired.settings == R"({"mode":"b"})");
    CHECK(repaired.next_due_at);
    const ClaimedRun again = claim(id);
    CHECK(again.sealed_credentials == "sealed:new");
    CHECK(again.run_cause == "repaired");
    CHECK(again.run_id != claimed.run_id);
    CHECK(again.health.failures == 0);
}

TEST_CASE_FIXTURE(StoreFixture, "a repair without settings leaves them") {
    const Uuid id = connect("one").id;
    CHECK(good(store.connections().repair_connection(tenant, {id, "sealed:new", {}})).settings == "{}");
    CHECK(claim(id).run_cause == "first");  // joined
}

TEST_CASE_FIXTURE(StoreFixture,
                  "a run under way when its connection is repaired begins anew, its owner stale") {
    const Uuid id = connect("one").id;
    auto& connections = store.connections();
    const ClaimedRun before = claim(id);
    must([&](PageTransaction& page) {
        good(page.save_progress(before.run_id, "counts", "resume"));
        good(page.assign_self(id, {"old-owner", "old-account"}));
        good(page.check_fence(lease_of(before)));
    });
    good(connections.repair_connection(tenant, {id, "sealed:new", {}}));
    CHECK(error_of(connections.finish_run(tenant, lease_of(before), before.run_id, refused(1))) ==
          "stale_owner");
    CHECK(error_of(page([&](PageTransaction& page) { return page.check_fence(lease_of(before)); })) ==
          "stale_owner");

    const ClaimedRun after = claim(id);
    CHECK(after.run_id == before.run_id);
    CHECK_FALSE(after.resumed);
    CHECK(after.resume.empty());
    CHECK(after.connection.self == domain::SelfIds{});
    CHECK(good(connections.connection(tenant, id)).status == ConnectionStatus::pending);
}

TEST_CASE_FIXTURE(StoreFixture, "only a connection that is there and stays can be repaired") {
    CHECK(error_of(store.connections().repair_connection(tenant, {id_of("absent"), "s", {}})) == "not_found");
    const Uuid id = connect("one").id;
    StoreFixture other;
    CHECK(error_of(other.store.connections().repair_connection(other.tenant, {id, "s", {}})) == "not_found");
    good(store.connections().remove_connection(tenant, id));
    CHECK(error_of(store.connections().repair_connection(tenant, {id, "s", {}})) == "conflict");
    CHECK(value("SELECT count(*) FROM connections WHERE tenant_id = $T AND sealed_credentials IS NULL") ==
          "1");
}
