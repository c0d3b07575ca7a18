#include <doctest/doctest.h>

#include <algorithm>

#include "tests/support/store_fixture.hpp"

using namespace tributary;
using namespace tests;
using namespace domain::ports;
using domain::Uuid;

namespace {

RunOutcome with_report() {
    RunOutcome outcome = succeeded();
    outcome.report = R"({"users":{"pages":1}})";
    outcome.next_due_in = std::chrono::minutes(5);
    outcome.streams = {
        {"users", domain::parse_timestamp("2026-01-02T03:04:05Z"), std::nullopt, "partial", "why", "{}"}};
    return outcome;
}

}  // namespace

TEST_CASE_FIXTURE(StoreFixture, "a new connection is due at once, with its first run queued") {
    const ConnectionView made = connect("one");
    CHECK(made.status == ConnectionStatus::pending);
    CHECK(made.next_due_at);
    const RunView first = good(store.connections().run(tenant, made.last_run_id.value()));
    CHECK(first.cause == "first");
    CHECK(first.state == "queued");
    const ConnectionView read = good(store.connections().connection(tenant, made.id));
    CHECK(read.name == "one");
    CHECK(read.provider == "upvest");
    CHECK(read.environment == domain::ProviderEnvironment::production);
    CHECK(read.base_url == "https://example.org");
    CHECK(read.period == std::chrono::seconds(300));
    CHECK(read.settings == "{}");
    CHECK(good(store.connections().connections(tenant)).size() == 1);
}

TEST_CASE_FIXTURE(StoreFixture, "a connection's name is taken within its tenant alone") {
    connect("one");
    NewConnection again;
    again.id = id_of("another id");
    again.name = "one";
    CHECK(error_of(store.connections().create_connection(tenant, again)) == "conflict");
    StoreFixture other;
    other.connect("one");
    CHECK(error_of(other.store.connections().connection(other.tenant, domain::named_uuid(tenant, "one"))) ==
          "not_found");
    CHECK(error_of(store.connections().create_connection(id_of("no tenant"), again)) == "not_found");
}

TEST_CASE_FIXTURE(StoreFixture,
                  "a finished run leaves its report, the health, the freshness and the next due time") {
    const Uuid id = connect("one").id;
    const ClaimedRun claimed = claim(id);
    RunOutcome outcome = with_report();
    outcome.health = {ConnectionStatus::degraded, "one stream was denied", "ask for the right", 3};
    outcome.error_code = "permission_denied";
    outcome.error_detail = "ask for the scope";
    good(store.connections().finish_run(tenant, lease_of(claimed), claimed.run_id, outcome));

    const RunView run = good(store.connections().run(tenant, claimed.run_id));
    CHECK(run.state == "succeeded");
    CHECK(run.report == outcome.report);
    CHECK(run.started_at);
    CHECK(run.finished_at);
    CHECK(run.error_code == "permission_denied");
    CHECK(run.error_detail == "ask for the scope");
    const ConnectionView view = good(store.connections().connection(tenant, id));
    CHECK(view.status == ConnectionStatus::degraded);
    CHECK(view.status_reason == "one stream was denied");
    CHECK(view.next_step == "ask for the right");
    REQUIRE(view.streams.size() == 1);
    CHECK(view.streams[0].fetched_at == outcome.streams[0].fetched_at);
    CHECK_FALSE(view.streams[0].verified_complete_at);
    CHECK(view.streams[0].verdict == "partial");
    CHECK(view.next_due_at.value() > run.finished_at.value());
    CHECK(error_of(store.connections().finish_run(tenant, lease_of(claimed), claimed.run_id, outcome)) ==
          "stale_owner");
    const auto freshness = good(store.reads().freshness(tenant));
    REQUIRE(freshness.size() == 1);
    CHECK(freshness[0].source == StreamRef{id, "users"});
    CHECK(freshness[0].provider == "upvest");
    CHECK(freshness[0].status == "degraded");
    CHECK(freshness[0].next_due_at == view.next_due_at);
}

TEST_CASE_FIXTURE(
    StoreFixture,
    "a run whose report cannot be stored ends all the same, with a code in the report's place") {
    const std::string half_a_character = "\xC3";
    const Uuid id = connect("one").id;
    for (const auto spoil : {+[](RunOutcome& o, const std::string& bad) { o.report += bad; },
                             +[](RunOutcome& o, const std::string& bad) { o.error_detail = bad; },
                             +[](RunOutcome& o, const std::string& bad) { o.health.reason = bad; },
                             +[](RunOutcome& o, const std::string& bad) { o.streams[0].reason = bad; }}) {
        const ClaimedRun claimed = claim(id);
        RunOutcome outcome = with_report();
        outcome.health.status = ConnectionStatus::degraded;
        outcome.streams.push_back({"accounts", std::nullopt, std::nullopt, "complete", "", "{}"});
        spoil(outcome, half_a_character);
        good(store.connections().finish_run(tenant, lease_of(claimed), claimed.run_id, outcome));

        const RunView run = good(store.connections().run(tenant, claimed.run_id));
        CHECK(run.state == "succeeded");
        CHECK(run.report.empty());
        CHECK(run.error_code == "internal");
        CHECK(run.error_detail.find("report") != std::string::npos);
        const ConnectionView view = good(store.connections().connection(tenant, id));
        CHECK(view.status == ConnectionStatus::degraded);
        CHECK(view.next_due_at);
        CHECK(
            std::ranges::any_of(view.streams, [](const auto& state) { return state.stream == "accounts"; }));
        good(store.connections().request_run(tenant, id, "manual"));
    }
}

TEST_CASE_FIXTURE(StoreFixture,
                  "a run that fetched nothing leaves when the stream last was fetched and proved") {
    const Uuid id = connect("one").id;
    RunOutcome outcome = with_report();
    outcome.streams[0].verified_complete_at = outcome.streams[0].fetched_at;
    const ClaimedRun first = claim(id);
    good(store.connections().finish_run(tenant, lease_of(first), first.run_id, outcome));

    good(store.connections().request_run(tenant, id, "manual"));
    const ClaimedRun second = claim(id);
    RunOutcome failed = outcome;
    failed.streams[0].fetched_at.reset();
    failed.streams[0].verified_complete_at.reset();
    failed.streams[0].verdict = "partial";
    good(store.connections().finish_run(tenant, lease_of(second), second.run_id, failed));

    const auto streams = good(store.connections().connection(tenant, id)).streams;
    REQUIRE(streams.size() == 1);
    CHECK(streams[0].verdict == "partial");
    CHECK(streams[0].fetched_at == outcome.streams[0].fetched_at);
    CHECK(streams[0].verified_complete_at == outcome.streams[0].fetched_at);
}

TEST_CASE_FIXTURE(StoreFixture,
                  "a connection that never fetched anything is told among the sources with its trouble") {
    const Uuid id = connect("one").id;
    const ClaimedRun claimed = claim(id);
    RunOutcome refused;
    refused.state = "failed";
    refused.health = {ConnectionStatus::reauth_required, "the key was refused", "repair it", 1};
    good(store.connections().finish_run(tenant, lease_of(claimed), claimed.run_id, refused));

    const auto freshness = good(store.reads().freshness(tenant));
    REQUIRE(freshness.size() == 1);
    CHECK(freshness[0].source == StreamRef{id, ""});
    CHECK(freshness[0].status == "reauth_required");
    CHECK(freshness[0].reason == "the key was refused");
    CHECK(freshness[0].next_step == "repair it");
    CHECK_FALSE(freshness[0].fetched_at);
}

TEST_CASE_FIXTURE(StoreFixture, "freshness is read without settings and sealed credentials") {
    const Uuid id = connect("one").id;
    const std::string role =
        database.value("SELECT tableowner FROM pg_tables WHERE tablename = 'connections'");
    const std::string told =
        "SELECT (tenant_id, connection_id, provider, lifecycle, health, health_reason, "
        "next_step)";
    database.run("REVOKE SELECT ON connections FROM " + role);
    database.run("GRANT " + told + " ON connections TO " + role);
    const auto freshness = run_task(store.reads().freshness(tenant));
    const bool whole_rows = run_task(store.connections().connection(tenant, id)).has_value();
    database.run("REVOKE " + told + " ON connections FROM " + role);
    database.run("GRANT SELECT ON connections TO " + role);
    CHECK_FALSE(whole_rows);
    REQUIRE(freshness);
    CHECK(freshness->size() == 1);
}

TEST_CASE_FIXTURE(StoreFixture,
                  "a requested run joins one that is queued or running, and is another after it ended") {
    const Uuid id = connect("one").id;
    auto& connections = store.connections();
    const Uuid first = good(connections.request_run(tenant, id, "manual")).id;
    const ClaimedRun claimed = claim(id);
    CHECK(claimed.run_id == first);
    CHECK(claimed.run_cause == "first");
    CHECK(good(connections.request_run(tenant, id, "manual")).id == first);
    CHECK(good(connections.request_run(tenant, id, "manual")).state == "running");
    good(connections.finish_run(tenant, lease_of(claimed), first, with_report()));
    const RunView next = good(connections.request_run(tenant, id, "manual"));
    CHECK(next.id != first);
    CHECK(next.state == "queued");
    CHECK(claim(id).run_id == next.id);
    CHECK(error_of(connections.request_run(tenant, id_of("absent"), "manual")) == "not_found");
}

TEST_CASE_FIXTURE(StoreFixture,
                  "a paused connection is claimed only when asked, and keeps its health for later") {
    const Uuid id = connect("one").id;
    auto& connections = store.connections();
    ClaimedRun claimed = claim(id);
    good(connections.pause_connection(tenant, id, true));  // while a run is under way
    RunOutcome outcome = with_report();
    outcome.next_due_in = std::chrono::milliseconds(0);
    good(connections.finish_run(tenant, lease_of(claimed), claimed.run_id, outcome));
    CHECK(good(connections.connection(tenant, id)).status == ConnectionStatus::paused);
    CHECK_FALSE(good(connections.connection(tenant, id)).next_due_at);
    CHECK(good(connections.claim_connection(id_of("owner"), id, std::chrono::seconds(60))).empty());

    good(connections.request_run(tenant, id, "manual"));
    claimed = claim(id);
    good(connections.finish_run(tenant, lease_of(claimed), claimed.run_id, outcome));
    CHECK(good(connections.claim_connection(id_of("owner"), id, std::chrono::seconds(60))).empty());

    good(connections.pause_connection(tenant, id, false));
    CHECK(good(connections.connection(tenant, id)).status == ConnectionStatus::active);
    CHECK(claim(id).run_cause == "schedule");
}

TEST_CASE_FIXTURE(StoreFixture,
                  "removing destroys the credentials, stales the owner and queues the withdrawal") {
    const Uuid id = connect("one").id;
    auto& connections = store.connections();
    const ClaimedRun before = claim(id);
    CHECK(before.sealed_credentials == "sealed:one");
    must([&](PageTransaction& page) {
        good(page.write_records({id, "users"}, std::vector{record("u-1", "ada", "{}")}));
        good(page.check_fence(lease_of(before)));
    });
    good(connections.remove_connection(tenant, id));
    good(connections.remove_connection(tenant, id));
    CHECK(value("SELECT count(*) FROM connections WHERE tenant_id = $T AND sealed_credentials IS NULL") ==
          "1");
    CHECK(good(connections.connection(tenant, id)).status == ConnectionStatus::removing);
    CHECK(good(connections.run(tenant, before.run_id)).error_code == "cancelled");
    CHECK(error_of(page([&](PageTransaction& page) { return page.check_fence(lease_of(before)); })) ==
          "stale_owner");
    CHECK(error_of(connections.request_run(tenant, id, "manual")) == "conflict");
    CHECK(error_of(connections.pause_connection(tenant, id, true)) == "conflict");

    const ClaimedRun withdrawal = claim(id);
    CHECK(withdrawal.run_cause == "connection_removed");
    CHECK(withdrawal.sealed_credentials.empty());
    CHECK(error_of(connections.forget_connection(tenant, lease_of(before))) == "stale_owner");
    CHECK(error_of(connections.forget_connection(tenant, lease_of(withdrawal))) == "conflict");
    must([&](PageTransaction& page) {
        good(page.remove_records({id, "users"}, std::vector<std::string>{"u-1"}));
    });
    good(connections.forget_connection(tenant, lease_of(withdrawal)));
    CHECK(error_of(connections.connection(tenant, id)) == "not_found");
    for (const char* table : {"runs", "stream_states", "records", "raw_payloads", "due_queue"}) {
        CAPTURE(table);
        CHECK(value(std::string("SELECT count(*) FROM ") + table + " WHERE tenant_id = $T") == "0");
    }
    connect("one");  // the name is free again
}

TEST_CASE_FIXTURE(StoreFixture, "a withdrawal that failed is tried again") {
    const Uuid id = connect("one").id;
    good(store.connections().remove_connection(tenant, id));
    const ClaimedRun claimed = claim(id);
    RunOutcome failed;
    failed.state = "failed";
    good(store.connections().finish_run(tenant, lease_of(claimed), claimed.run_id, failed));
    CHECK(good(store.connections().connection(tenant, id)).next_due_at);
}

TEST_CASE_FIXTURE(StoreFixture, "a connection without a period leaves the schedule after its run") {
    const Uuid id = connect("one").id;
    const ClaimedRun claimed = claim(id);
    RunOutcome outcome = with_report();
    outcome.next_due_in.reset();
    good(store.connections().finish_run(tenant, lease_of(claimed), claimed.run_id, outcome));
    CHECK_FALSE(good(store.connections().connection(tenant, id)).next_due_at);
}

TEST_CASE_FIXTURE(StoreFixture, "the first ids that a provider knows us by stick") {
    const Uuid id = connect("one").id;
    must([&](PageTransaction& page) { good(page.assign_self(id, {"me-1", std::nullopt})); });
    must([&](PageTransaction& page) { good(page.assign_self(id, {"me-2", "account-2"})); });
    const ConnectionView view = good(store.connections().connection(tenant, id));
    CHECK(view.self == domain::SelfIds{"me-1", "account-2"});
}

TEST_CASE_FIXTURE(StoreFixture,
                  "a disabled connection refuses runs until it is resumed, which allows one more try") {
    const Uuid id = connect("one").id;
    auto& connections = store.connections();
    const ClaimedRun claimed = claim(id);
    RunOutcome outcome = succeeded();
    outcome.health = {ConnectionStatus::disabled, "refused", "repair it", 3};
    good(connections.finish_run(tenant, lease_of(claimed), claimed.run_id, outcome));
    CHECK(error_of(connections.request_run(tenant, id, "manual")) == "conflict");

    good(connections.pause_connection(tenant, id, false));
    const ClaimedRun again = claim(id);
    CHECK(again.health.status == ConnectionStatus::reauth_required);
    CHECK(again.health.failures == domain::refusals_allowed - 1);
}

TEST_CASE_FIXTURE(StoreFixture,
                  "a connection that is paused while a replay or its events hold it is not due afterwards") {
    const Uuid id = connect("one").id;
    auto& connections = store.connections();
    const ClaimedRun first = claim(id);
    good(connections.finish_run(tenant, lease_of(first), first.run_id, succeeded()));
    database.run(
        "UPDATE due_queue SET due_at = now(), lease_owner = gen_random_uuid(), lease_until = now() + "
        "interval '1 hour'");
    good(connections.pause_connection(tenant, id, true));
    database.run("UPDATE due_queue SET lease_owner = NULL, lease_until = NULL");
    CHECK_FALSE(good(connections.connection(tenant, id)).next_due_at);
}

TEST_CASE_FIXTURE(StoreFixture,
                  "resuming a paused connection whose credentials were refused starts nothing") {
    const Uuid id = connect("one").id;
    auto& connections = store.connections();
    const ClaimedRun claimed = claim(id);
    RunOutcome outcome = succeeded();
    outcome.health = {ConnectionStatus::reauth_required, "refused", "repair it", 1};
    good(connections.finish_run(tenant, lease_of(claimed), claimed.run_id, outcome));
    good(connections.pause_connection(tenant, id, true));
    CHECK(good(connections.connection(tenant, id)).status_reason == "An operator paused it.");
    good(connections.pause_connection(tenant, id, false));
    const ConnectionView view = good(connections.connection(tenant, id));
    CHECK(view.status == ConnectionStatus::reauth_required);
    CHECK(view.status_reason == "refused");
    CHECK_FALSE(view.next_due_at);
}

TEST_CASE_FIXTURE(StoreFixture, "a page of connections begins after the last one of the page before, by id") {
    for (const char* name : {"one", "two", "three"}) {
        connect(name);
    }
    StoreFixture other;
    other.connect("one");
    const auto all = good(store.connections().connections(tenant));
    const auto first = good(store.connections().connection_page(tenant, {std::nullopt, 2}));
    REQUIRE(first.size() == 2);
    CHECK(first[0].id == all[0].id);
    CHECK(first[1].id == all[1].id);
    const auto second = good(store.connections().connection_page(tenant, {first[1].id, 2}));
    REQUIRE(second.size() == 1);
    CHECK(second[0].name == all[2].name);
    CHECK(good(store.connections().connection_page(tenant, {second[0].id, 2})).empty());
}
