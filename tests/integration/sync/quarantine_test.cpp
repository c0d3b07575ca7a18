// Objects that come without a usable key: what they cost, and how they come back.

#include <doctest/doctest.h>

#include "scripted_provider.hpp"
#include "services/sync/reprocess.hpp"

using namespace tributary;
using namespace tributary::tests;
using domain::ConnectionStatus;
using domain::ports::QuarantineEntry;

namespace {

struct QuarantineFixture : RunFixture {
    QuarantineFixture() {
        for (int i = 1; i <= 20; ++i) {
            script.listed.insert(key(i));
        }
    }

    static std::string key(int number) { return "k" + std::to_string(100 + number); }

    /// The object comes, and its key cannot be used: `raw` is what comes.
    void spoil(int number, json::Value raw) { script.unusable.insert_or_assign(key(number), std::move(raw)); }

    /// The same where only the decoder of the day did not know the key.
    void spoil(int number) { spoil(number, json::Object{{"id", key(number)}}); }

    std::string outcome_of_run() { return run().value().outcome.state; }

    domain::ports::ConnectionView now() {
        return good(store.connections().connection(tenant, connection.id));
    }

    domain::ports::StreamState stream() { return now().streams.at(0); }

    std::vector<QuarantineEntry> quarantined() { return good(store.quarantine().quarantine(tenant, {})); }

    domain::Result<sync::Reprocessed> reprocess(const domain::Uuid& id) {
        return run_task(sync::reprocess(
            {store.quarantine(), store.connections(), store.pages(), *sealer, providers}, tenant, id));
    }

    [[nodiscard]] std::string records_of(int number) const {
        return value("SELECT count(*) FROM records WHERE tenant_id = $T AND provider_id = '" + key(number) +
                     "'");
    }
};

}  // namespace

TEST_CASE_FIXTURE(QuarantineFixture, "one object without a key costs itself and nothing else") {
    spoil(3, json::Object{{"name", "x"}});
    CHECK(outcome_of_run() == "succeeded");
    CHECK(live() == "19");
    const auto kept = quarantined();
    REQUIRE(kept.size() == 1);
    CHECK(kept[0].stream == domain::ports::StreamRef{connection.id, "accounts"});
    CHECK(kept[0].reason == "no id");
    CHECK(kept[0].state == "waiting");
}

TEST_CASE_FIXTURE(QuarantineFixture,
                  "a page with too many objects without a key ends its stream as partial") {
    REQUIRE(outcome_of_run() == "succeeded");
    const std::string before = live();
    spoil(3);
    spoil(4);
    script.listed.erase(key(5));
    script.listed.insert("new");
    const auto failed = run().value().outcome;
    CHECK(failed.state == "partial");
    CHECK(failed.error_code == "contract");
    CHECK(failed.report.find("2 of the 20 objects") != std::string::npos);
    CHECK(live() == before);
    CHECK(records_of(3) == "1");
    CHECK(now().status == ConnectionStatus::degraded);
    CHECK(now().status_reason.find("2 of the 20 objects") != std::string::npos);
    CHECK(stream().verdict == "partial");
    CHECK(quarantined().size() == 2);

    script.unusable.clear();
    CHECK(outcome_of_run() == "succeeded");
    CHECK(now().status == ConnectionStatus::active);
}

TEST_CASE_FIXTURE(
    QuarantineFixture,
    "a page that failed does not move the resume point, so that the next owner asks for it again") {
    script.paging = domain::ports::Paging::cursor;
    script.page_limit = 5;
    spoil(6);
    spoil(7);
    const auto failed = run().value().outcome;
    CHECK(failed.state == "partial");
    CHECK(live() == "5");
    CHECK(value("SELECT resume FROM runs WHERE tenant_id = $T") ==
          R"({"stream":"accounts","cursor":"k105"})");
}

TEST_CASE_FIXTURE(QuarantineFixture,
                  "a stream whose key vanished is paused and skipped until somebody resumes it") {
    REQUIRE(outcome_of_run() == "succeeded");
    const auto fresh = stream();
    for (int i = 1; i <= 20; ++i) {
        spoil(i);
    }
    CHECK(outcome_of_run() == "partial");
    CHECK(stream().verdict == "paused");
    CHECK(stream().verified_complete_at == fresh.verified_complete_at);
    CHECK(now().status == ConnectionStatus::degraded);
    CHECK(now().next_step.find("connection resume") != std::string::npos);
    CHECK(live() == "20");

    script.unusable.clear();
    script.listed = {key(1)};
    script.asked.clear();
    const auto skipped = run().value().outcome;
    CHECK(skipped.state == "partial");
    CHECK(skipped.report.find("\"skipped\":true") != std::string::npos);
    CHECK(script.asked.empty());
    CHECK(live() == "20");
    CHECK(stream().verdict == "paused");
    CHECK(now().status == ConnectionStatus::degraded);

    script.listed.clear();
    for (int i = 1; i <= 20; ++i) {
        script.listed.insert(key(i));
    }
    good(store.connections().pause_connection(tenant, connection.id, false));
    CHECK(stream().verdict == "partial");
    CHECK(value("SELECT cause FROM runs WHERE tenant_id = $T AND state = 'queued'") == "resumed");
    CHECK(outcome_of_run() == "succeeded");
    CHECK(stream().verdict == "complete");
    CHECK(now().status == ConnectionStatus::active);
}

TEST_CASE_FIXTURE(QuarantineFixture,
                  "a stream resumed while a run skips it is walked by the run that follows") {
    for (int i = 1; i <= 20; ++i) {
        spoil(i);
    }
    REQUIRE(outcome_of_run() == "partial");
    script.unusable.clear();
    good(store.connections().request_run(tenant, connection.id, "manual"));
    const auto overtaken = claim(connection.id);
    good(store.connections().pause_connection(tenant, connection.id, false));
    domain::ports::RunOutcome skipped = succeeded();
    CHECK(error_of(store.connections().finish_run(tenant, {connection.id, overtaken.fence}, overtaken.run_id,
                                                  skipped)) == "stale_owner");
    CHECK(outcome_of_run() == "succeeded");
    CHECK(live() == "20");
}

TEST_CASE_FIXTURE(QuarantineFixture, "new credentials resume paused streams too") {
    for (int i = 1; i <= 20; ++i) {
        spoil(i);
    }
    REQUIRE(outcome_of_run() == "partial");
    good(store.connections().repair_connection(tenant, {connection.id, "sealed again", std::nullopt}));
    CHECK(stream().verdict == "partial");
}

TEST_CASE_FIXTURE(QuarantineFixture, "what a complete walk meets no more leaves quarantine by itself") {
    spoil(3, json::Object{{"name", "a"}});
    REQUIRE(outcome_of_run() == "succeeded");
    spoil(3, json::Object{{"name", "b"}});
    REQUIRE(outcome_of_run() == "succeeded");
    CHECK(value("SELECT string_agg(raw, ',') FROM quarantine WHERE tenant_id = $T") == R"({"name":"b"})");
    script.unusable.clear();
    REQUIRE(outcome_of_run() == "succeeded");
    CHECK(quarantined().empty());
    CHECK(live() == "20");
}

TEST_CASE_FIXTURE(QuarantineFixture, "an object that can be decoded now is stored and leaves quarantine") {
    spoil(3);
    REQUIRE(outcome_of_run() == "succeeded");
    CHECK(records_of(3) == "0");
    const auto done = good(reprocess(quarantined().at(0).id));
    CHECK(done.outcome == "stored");
    CHECK(records_of(3) == "1");
    CHECK(value("SELECT count(*) FROM documents WHERE tenant_id = $T") == "20");
    CHECK(value("SELECT count(*) FROM commits WHERE tenant_id = $T AND cause = 'operator'") == "1");
    CHECK(quarantined().empty());
}

TEST_CASE_FIXTURE(QuarantineFixture, "an object that still cannot be decoded stays, with the reason") {
    spoil(3, json::Object{{"name", "x"}});
    REQUIRE(outcome_of_run() == "succeeded");
    const domain::Uuid id = quarantined().at(0).id;
    const auto refused = reprocess(id);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == domain::Errc::conflict);
    CHECK(refused.error().detail.find("no id") != std::string::npos);
    CHECK(quarantined().at(0).state == "failed");
    CHECK(live() == "19");
}

TEST_CASE_FIXTURE(QuarantineFixture, "decoding again overwrites nothing that a run stored since") {
    spoil(3);
    REQUIRE(outcome_of_run() == "succeeded");
    const domain::Uuid id = quarantined().at(0).id;
    must([&](domain::ports::PageTransaction& page) {
        good(page.write_records({connection.id, "accounts"},
                                std::vector{record(key(3), "newer", R"({"id":"newer"})")}));
    });
    CHECK(good(reprocess(id)).outcome == "superseded");
    CHECK(value("SELECT normalized FROM records WHERE tenant_id = $T AND provider_id = '" + key(3) + "'") ==
          R"({"id":"newer"})");
    CHECK(quarantined().empty());
}

TEST_CASE_FIXTURE(QuarantineFixture, "decoding again brings nothing back that was removed since") {
    spoil(3);
    REQUIRE(outcome_of_run() == "succeeded");
    const domain::Uuid id = quarantined().at(0).id;
    const domain::ports::StreamRef stream{connection.id, "accounts"};
    must([&](domain::ports::PageTransaction& page) {
        good(page.write_records(stream, std::vector{record(key(3), "gone", "{}")}));
        good(page.remove_records(stream, std::vector{key(3)}));
    });
    const auto refused = reprocess(id);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == domain::Errc::conflict);
    CHECK(value("SELECT count(*) FROM records WHERE tenant_id = $T AND provider_id = '" + key(3) +
                "' AND removed_at IS NULL") == "0");
    CHECK(quarantined().size() == 1);
}

TEST_CASE_FIXTURE(QuarantineFixture, "nothing is decoded again while a run of the connection is under way") {
    spoil(3);
    REQUIRE(outcome_of_run() == "succeeded");
    good(store.connections().request_run(tenant, connection.id, "manual"));
    const auto claimed = claim(connection.id);
    const auto refused = reprocess(quarantined().at(0).id);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == domain::Errc::conflict);
    CHECK(quarantined().at(0).state == "waiting");
    CHECK(records_of(3) == "0");
}
