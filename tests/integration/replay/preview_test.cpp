// A preview tells by field what would change, over every version that is kept, and changes nothing.
#include <doctest/doctest.h>

#include "domain/json/write.hpp"
#include "replay_fixture.hpp"

using namespace tributary;
using namespace tributary::tests;
using replay::ReplayReport;
using replay::StreamReplay;

namespace {

const StreamReplay& only_stream(const ReplayReport& report) {
    REQUIRE(report.streams.size() == 1);
    return report.streams.front();
}

/// Two users, one of them with a version before, one removed.
void fill(ReplayFixture& fixture, const domain::ports::Provider& provider) {
    fixture.say({user("u1", "first@example.com"), user("u2", "bob@example.com")}, provider);
    fixture.say({user("u1", "second@example.com", "2026-02-01T00:00:00Z")}, provider);
    fixture.forget({"u2"});
}

}  // namespace

TEST_CASE("a preview counts past versions and removed objects too, and writes nothing") {
    ReplayFixture fixture(1);
    fill(fixture, *decoder(without_email));
    const std::string before = fixture.data_rows();
    const std::string queue = fixture.value("SELECT q::text FROM due_queue q WHERE tenant_id = $T");
    const auto report = good(fixture.preview(*decoder()));
    CHECK(fixture.data_rows() == before);
    CHECK(fixture.value("SELECT q::text FROM due_queue q WHERE tenant_id = $T") == queue);
    CHECK_FALSE(report.run.has_value());
    const StreamReplay& users = only_stream(report);
    CHECK(users.versions() == 3);
    CHECK(users.differing() == 3);
    CHECK(users.rewritten() == 0);
    CHECK(users.fields().at("email").added == 3);
    CHECK(users.fields().size() == 1);
}

TEST_CASE_FIXTURE(ReplayFixture, "a preview by an unchanged decoder finds no difference in any version") {
    const auto today = decoder();
    fill(*this, *today);
    const auto report = good(preview(*today));
    CHECK(only_stream(report).versions() == 3);
    CHECK(only_stream(report).differing() == 0);
}

TEST_CASE_FIXTURE(ReplayFixture, "a preview names fields and our ids, and no value of a person") {
    fill(*this, *decoder(without_email));
    const std::string told = json::write(good(preview(*decoder())).to_json());
    for (const char* personal : {"example.com", "Lovelace", "Ada", "u1", "u2"}) {
        CHECK_MESSAGE(told.find(personal) == std::string::npos, personal);
    }
    CHECK(told.find(value("SELECT entity_id FROM records WHERE tenant_id = $T AND provider_id = 'u1'")) !=
          std::string::npos);
}

TEST_CASE_FIXTURE(ReplayFixture, "a preview looks at what came since the time that is asked for") {
    fill(*this, *decoder(without_email));
    const auto came =
        domain::parse_timestamp(value("SELECT to_char(changed_at AT TIME ZONE 'UTC', "
                                      "'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"') FROM records WHERE "
                                      "tenant_id = $T AND provider_id = 'u1'"));
    REQUIRE(came.has_value());
    CHECK(only_stream(good(preview(*decoder(), came))).versions() == 1);
    CHECK(only_stream(good(preview(*decoder(), *came + std::chrono::microseconds(1)))).versions() == 0);
}

TEST_CASE_FIXTURE(ReplayFixture, "grants that another decoder reads show as access, and only as that") {
    const json::Object raw = user("u1");
    const auto granting = decoder([](domain::Page& page) {
        domain::AccessGrant grant;
        grant.profile = "u1";
        grant.target = {domain::EntityKind::account, "a1"};
        grant.level = domain::EnumPair<domain::AccessLevel>{domain::AccessLevel::owner};
        page.observations.front().access.push_back(grant);
    });
    say({raw}, *granting);
    const auto report = good(preview(*decoder()));
    REQUIRE(only_stream(report).fields().size() == 1);
    CHECK(only_stream(report).fields().at("access[]").removed == 1);

    const auto reading = decoder([](domain::Page& page) {
        domain::AccessGrant grant;
        grant.profile = "u1";
        grant.target = {domain::EntityKind::account, "a1"};
        grant.level = domain::EnumPair<domain::AccessLevel>{domain::AccessLevel::read_only};
        page.observations.front().access.push_back(grant);
    });
    const auto changed = good(preview(*reading));
    REQUIRE(only_stream(changed).fields().size() == 1);
    CHECK(only_stream(changed).fields().at("access[].level").changed == 1);
}

TEST_CASE_FIXTURE(ReplayFixture, "a version of which only the payload is known is decoded and not compared") {
    fill(*this, *decoder());
    database.run("UPDATE raw_history SET normalized = NULL WHERE tenant_id = '" + to_text(tenant) + "'");
    const auto report = good(preview(*decoder(without_email)));
    CHECK(only_stream(report).versions() == 3);
    CHECK(only_stream(report).differing() == 1);
    CHECK(json::write(only_stream(report).to_json()).find(R"("uncompared":2)") != std::string::npos);
}
