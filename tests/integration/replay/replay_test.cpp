// What a replay commits, what it leaves alone, and that an interruption costs nothing.
#include <doctest/doctest.h>

#include "replay_fixture.hpp"

using namespace tributary;
using namespace tributary::tests;
using domain::Errc;
using replay::ReplayReport;
using replay::StreamReplay;

namespace {

const StreamReplay& only_stream(const ReplayReport& report) {
    REQUIRE(report.streams.size() == 1);
    return report.streams.front();
}

std::vector<json::Object> many_users(int count) {
    std::vector<json::Object> users;
    for (int i = 0; i < count; ++i) {
        const std::string id = "u" + std::to_string(1000 + i);
        users.push_back(user(id, id + "@example.com"));
    }
    return users;
}

}  // namespace

TEST_CASE("an unchanged decoder's replay writes its run and no data row") {
    ReplayFixture fixture(1);
    const auto today = decoder();
    fixture.say({user("u1"), user("u2", "bob@example.com")}, *today);
    const std::string before = fixture.data_rows();
    const auto report = good(fixture.replay(*today));
    CHECK(only_stream(report).versions() == 2);
    CHECK(only_stream(report).differing() == 0);
    CHECK(only_stream(report).refused() == 0);
    CHECK(fixture.data_rows() == before);

    // The measure itself works.
    fixture.say({user("u3", "carol@example.com")}, *today);
    CHECK(fixture.data_rows() != before);
}

TEST_CASE_FIXTURE(ReplayFixture, "a field that the decoder learned to read arrives by replay, once") {
    const auto today = decoder();
    say({user("u1")}, *decoder(without_email));
    CHECK(profile_member("u1", "email").empty());
    REQUIRE(customer_version("u1") == "1");
    const std::string times =
        "SELECT changed_at || ' ' || source_updated_at FROM records WHERE tenant_id = $T";
    const std::string before = value(times);
    const std::string due = value("SELECT due_at FROM due_queue WHERE tenant_id = $T");

    const auto report = good(replay(*today));
    CHECK(profile_member("u1", "email") == "ada@example.com");
    CHECK(customer_version("u1") == "2");
    CHECK(only_stream(report).differing() == 1);
    CHECK(only_stream(report).rewritten() == 1);
    REQUIRE(only_stream(report).fields().contains("email"));
    CHECK(only_stream(report).fields().at("email").added == 1);
    REQUIRE(report.run.has_value());
    CHECK(
        value("SELECT cause || ' ' || run_id FROM commits WHERE tenant_id = $T ORDER BY commit_no DESC LIMIT "
              "1") == "replay " + to_text(*report.run));
    CHECK(
        value(
            "SELECT cause || ' ' || state || ' ' || (finished_at IS NOT NULL) FROM runs WHERE tenant_id = $T "
            "AND run_id = '" +
            to_text(*report.run) + "'") == "replay succeeded true");

    // The record is as old as it was, and nothing was fetched.
    CHECK(value(times) == before);
    CHECK(value("SELECT count(*) FROM raw_history WHERE tenant_id = $T") == "0");
    CHECK(value("SELECT count(*) FROM stream_states WHERE tenant_id = $T") == "0");
    CHECK(value("SELECT due_at FROM due_queue WHERE tenant_id = $T AND lease_owner IS NULL") == due);

    const auto again = good(replay(*today));
    CHECK(only_stream(again).differing() == 0);
    CHECK(customer_version("u1") == "2");
}

TEST_CASE_FIXTURE(ReplayFixture,
                  "a replay writes what another decoder dates earlier, and keeps a time it lost") {
    const auto dated = [](const char* time) {
        return decoder([time](domain::Page& page) {
            page.observations.front().source_updated_at = domain::parse_timestamp(time);
            without_email(page);
        });
    };
    say({user("u1", "ada@example.com", "2026-01-02T03:04:05Z")}, *dated("2026-03-01T00:00:00Z"));
    const std::string time =
        "SELECT to_char(source_updated_at AT TIME ZONE 'UTC', 'YYYY-MM-DD') FROM records WHERE tenant_id = "
        "$T";
    REQUIRE(value(time) == "2026-03-01");
    CHECK(only_stream(good(replay(*decoder()))).rewritten() == 1);
    CHECK(value(time) == "2026-01-02");
    const auto timeless = decoder([](domain::Page& page) {
        page.observations.front().source_updated_at.reset();
        without_email(page);
    });
    CHECK(only_stream(good(replay(*timeless))).rewritten() == 1);
    CHECK(value(time) == "2026-01-02");
}

TEST_CASE_FIXTURE(ReplayFixture, "what today's decoder refuses keeps its last good form and is counted") {
    say({user("u1"), user("u2", "bob@example.com")}, *decoder(without_email));
    const auto picky = decoder([](domain::Page& page) {
        if (page.observations.front().provider_id == "u1") {
            page.quarantined.push_back({page.observations.front().raw, "no longer good enough"});
            page.observations.clear();
        }
    });
    const auto report = good(replay(*picky));
    CHECK(only_stream(report).versions() == 2);
    CHECK(only_stream(report).refused() == 1);
    CHECK(only_stream(report).rewritten() == 1);
    CHECK(profile_member("u1", "first_name") == "Ada");
    CHECK(profile_member("u2", "email") == "bob@example.com");
    CHECK(value("SELECT count(*) FROM quarantine WHERE tenant_id = $T") == "0");
    CHECK(value("SELECT count(*) FROM records WHERE tenant_id = $T AND removed_at IS NOT NULL") == "0");
}

TEST_CASE_FIXTURE(ReplayFixture, "an object that now has another key stays as it is") {
    say({user("u1")}, *decoder(without_email));
    const auto renaming =
        decoder([](domain::Page& page) { page.observations.front().provider_id = "somebody else"; });
    CHECK(only_stream(good(replay(*renaming))).refused() == 1);
    CHECK(value("SELECT string_agg(provider_id, ' ') FROM records WHERE tenant_id = $T") == "u1");
}

TEST_CASE_FIXTURE(ReplayFixture, "a removed object stays removed") {
    say({user("u1")}, *decoder(without_email));
    forget({"u1"});
    CHECK(only_stream(good(replay(*decoder()))).versions() == 0);
    CHECK(value("SELECT removed_at IS NOT NULL FROM records WHERE tenant_id = $T") == "t");
}

TEST_CASE_FIXTURE(ReplayFixture, "what a newer answer brings while a page is decoded is not written over") {
    const auto today = decoder();
    say({user("u1", "old@example.com"), user("u2", "bob@example.com")}, *decoder(without_email));
    bool said = false;
    const auto interrupted = decoder([&](domain::Page& page) {
        if (!said && page.observations.front().provider_id == "u2") {
            said = true;
            say({user("u1", "new@example.com", "2026-02-01T00:00:00Z")}, *today);
        }
    });
    CHECK(only_stream(good(replay(*interrupted))).rewritten() == 1);
    CHECK(profile_member("u1", "email") == "new@example.com");
    CHECK(profile_member("u2", "email") == "bob@example.com");
}

TEST_CASE_FIXTURE(ReplayFixture, "a replay waits for nobody: a connection in use is left alone") {
    say({user("u1")}, *decoder(without_email));
    const auto claimed = claim(connection.id);
    const auto refused = replay(*decoder());
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error().code == Errc::unavailable);
    CHECK(profile_member("u1", "email").empty());
    CHECK(value("SELECT count(*) FROM runs WHERE tenant_id = $T AND cause = 'replay'") == "0");
    good(store.connections().finish_run(tenant, {connection.id, claimed.fence}, claimed.run_id, succeeded()));
    CHECK(replay(*decoder()).has_value());
}

TEST_CASE_FIXTURE(ReplayFixture,
                  "no sync begins while a connection is replayed, and one that is asked for waits") {
    say({user("u1")}, *decoder(without_email));
    bool looked = false;
    const auto looking = decoder([&](domain::Page&) {
        looked = true;
        const auto asked = good(store.connections().request_run(tenant, connection.id, "manual"));
        CHECK(asked.cause == "first");
        CHECK(asked.state == "queued");
        CHECK(good(store.connections().claim_connection(id_of("worker"), connection.id,
                                                        std::chrono::seconds(60)))
                  .empty());
    });
    CHECK(only_stream(good(replay(*looking))).rewritten() == 1);
    CHECK(looked);
    CHECK(claim(connection.id).run_cause == "first");
}

TEST_CASE_FIXTURE(ReplayFixture, "a replay that was overtaken stops, and the next one goes on where it was") {
    const auto today = decoder();
    say(many_users(450), *decoder(without_email));
    int decoded = 0;
    const auto overtaken = decoder([&](domain::Page&) {
        if (++decoded == 301) {
            database.run("UPDATE due_queue SET fence = fence + 1 WHERE tenant_id = '" + to_text(tenant) +
                         "'");
        }
    });
    const auto stopped = replay(*overtaken);
    REQUIRE_FALSE(stopped.has_value());
    CHECK(stopped.error().code == Errc::stale_owner);
    const std::string with_email =
        "SELECT count(*) FROM records WHERE tenant_id = $T AND normalized::jsonb->>'email' IS NOT NULL";
    CHECK(value(with_email) == "200");

    database.run("UPDATE due_queue SET lease_owner = NULL, lease_until = NULL WHERE tenant_id = '" +
                 to_text(tenant) + "'");
    const auto report = good(replay(*today));
    CHECK(only_stream(report).versions() == 450);
    CHECK(only_stream(report).rewritten() == 250);
    CHECK(value(with_email) == "450");
    CHECK(value("SELECT string_agg(DISTINCT version::text, ' ') FROM documents WHERE tenant_id = $T") == "2");
    CHECK(
        value("SELECT string_agg(state || ' ' || error_code, ', ' ORDER BY run_id) FROM runs WHERE tenant_id "
              "= $T AND cause = 'replay'") == "failed cancelled, succeeded ");
    CHECK(value("SELECT count(*) FROM commits WHERE tenant_id = $T AND cause = 'replay'") == "3");
}

TEST_CASE_FIXTURE(ReplayFixture,
                  "a replay whose process died hinders no sync and is closed by the next owner") {
    const auto dead =
        good(store.replays().begin_replay(tenant, connection.id, id_of("dead"), std::chrono::seconds(60)));
    good(store.connections().renew_lease(dead.lease, std::chrono::seconds(-1)));
    CHECK(good(store.connections().run(tenant, dead.run_id)).state == "running");
    const auto claimed = claim(connection.id);
    CHECK(claimed.run_id != dead.run_id);
    CHECK(claimed.run_cause == "first");
    CHECK(error_of(store.replays().end_replay(tenant, dead, {"succeeded", "", "", ""})) == "stale_owner");
    good(store.connections().finish_run(tenant, {connection.id, claimed.fence}, claimed.run_id, succeeded()));
    const auto closed = good(store.connections().run(tenant, dead.run_id));
    CHECK(closed.state == "failed");
    CHECK(closed.error_detail.find("replay again") != std::string::npos);
}

TEST_CASE_FIXTURE(ReplayFixture, "a repair ends the replay that is under way, and its own run is no replay") {
    say(many_users(250), *decoder(without_email));
    int decoded = 0;
    const auto repaired = decoder([&](domain::Page&) {
        if (++decoded == 201) {
            good(store.connections().repair_connection(tenant, {connection.id, "sealed anew", std::nullopt}));
        }
    });
    CHECK(error_of(replay(*repaired)) == "stale_owner");
    CHECK(value("SELECT string_agg(cause || ' ' || state, ', ' ORDER BY run_id) FROM runs WHERE tenant_id = "
                "$T") == "first queued, replay failed");
    CHECK(claim(connection.id).run_cause == "first");
}

TEST_CASE_FIXTURE(ReplayFixture, "a connection that is removed while it is replayed goes like any other") {
    say(many_users(250), *decoder(without_email));
    int decoded = 0;
    const auto removed = decoder([&](domain::Page&) {
        if (++decoded == 201) {
            good(store.connections().remove_connection(tenant, connection.id));
        }
    });
    CHECK(error_of(replay(*removed)) == "stale_owner");
    CHECK(
        value("SELECT count(*) FROM runs WHERE tenant_id = $T AND cause = 'replay' AND state = 'running'") ==
        "0");
    CHECK(claim(connection.id).run_cause == "connection_removed");
    CHECK(error_of(replay(*decoder())) == "conflict");
}
