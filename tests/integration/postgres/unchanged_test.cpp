#include <doctest/doctest.h>

#include "adapters/postgres/transaction.hpp"
#include "tests/support/store_fixture.hpp"

using namespace tributary;
using namespace tests;
using namespace domain::ports;
using domain::EntityKind;

namespace {

/// Rows written so far in every table, "table written" a line. With one thread, statistics are those of its
/// session, and are told at the end of the transaction that asks for it.
std::string written_rows(StoreFixture& fixture) {
    good(fixture.store.pool().run(
        {}, [](postgres::Transaction& tx) { tx.exec("SELECT pg_stat_force_next_flush()"); }));
    return fixture.value(
        "SELECT string_agg(relname || ' ' || n_tup_ins + n_tup_upd + n_tup_del, E'\\n' ORDER BY relname)"
        " FROM pg_stat_user_tables");
}

const StreamRef users{id_of("connection"), "users"};

/// One of everything a page writes.
void write_everything(PageTransaction& page, const ClaimedRun& claimed) {
    good(page.lock_entities(
        std::vector{anchor(EntityKind::profile, "ada"), anchor(EntityKind::account, "account")}));
    good(page.write_entities(std::vector<EntityWrite>{{id_of("ada"), "{}", std::nullopt},
                                                      {id_of("account"), "{}", id_of("group")}}));
    const std::vector<IdentifierMember> members = {
        {{IdentifierKind::email, std::string(64, 'a')}, id_of("ada")}};
    good(page.lock_identifiers(std::vector{members[0].key}));
    good(page.add_identifiers(members));
    Link link;
    link.low = std::min(id_of("ada"), id_of("bob"));
    link.high = std::max(id_of("ada"), id_of("bob"));
    link.evidence = "[]";
    good(page.write_links(std::vector{link}));
    const auto customers = good(page.lock_customers(std::vector{id_of("customer")}));
    good(page.write_memberships(std::vector<Membership>{{id_of("ada"), id_of("customer")}}));
    good(page.write_redirects(customers));
    good(page.quarantine(users, 0, std::vector<domain::Quarantined>{{json::Value("x"), "no id"}}));
    good(page.assign_self(claimed.connection.id, {"me", std::nullopt}));
    good(page.save_progress(claimed.run_id, R"({"n":1})", R"({"c":1})"));
    good(page.check_fence({claimed.connection.id, claimed.fence}));
}

void read_everything(PageTransaction& page) {
    const std::vector<domain::Uuid> ids = {id_of("ada"), id_of("account"), id_of("customer")};
    good(page.records(users, std::vector<std::string>{"u-1"}));
    good(page.live_record_ids(users, "", 10));
    good(page.entities(ids));
    good(page.contributions(ids));
    good(page.children(ids));
    good(page.access_of_profiles(ids));
    good(page.access_of_targets(ids));
    good(page.identifiers_of(ids));
    good(page.links_of(ids));
    good(page.memberships_of_profiles(ids));
    good(page.memberships_of_customers(ids));
    good(page.documents(ids));
    good(page.remove_records(users, std::vector<std::string>{"absent"}));
    good(page.drop_identifiers(
        std::vector<IdentifierMember>{{{IdentifierKind::phone, std::string(64, 'b')}, id_of("ada")}}));
}

}  // namespace

TEST_CASE("saying again what is stored writes no row in any table") {
    StoreFixture fixture(1);
    const domain::Uuid connection = fixture.connect("one").id;
    const ClaimedRun claimed = fixture.claim(connection);
    fixture.must([&](PageTransaction& page) { write_everything(page, claimed); });
    const std::string before = written_rows(fixture);
    REQUIRE(before.find("identifier_members") != std::string::npos);

    fixture.must([&](PageTransaction& page) { write_everything(page, claimed); });
    fixture.must([&](PageTransaction& page) { read_everything(page); });
    good(fixture.store.reads().list({fixture.tenant}, list_of(EntityKind::account)));
    good(fixture.store.reads().overview({fixture.tenant}, id_of("customer")));
    good(fixture.store.reads().freshness(fixture.tenant));
    good(fixture.store.admin().ready());
    CHECK(written_rows(fixture) == before);

    // The measure itself works.
    fixture.must(
        [&](PageTransaction& page) { good(page.save_progress(claimed.run_id, R"({"n":2})", R"({"c":1})")); });
    CHECK(written_rows(fixture) != before);
}

TEST_CASE("a finished run that found nothing new writes its bookkeeping and nothing else") {
    StoreFixture fixture(1);
    const domain::Uuid connection = fixture.connect("one").id;
    RunOutcome outcome = succeeded();
    outcome.streams = {
        {"users", domain::parse_timestamp("2026-01-02T03:04:05Z"), std::nullopt, "complete", "", "{}"}};
    outcome.next_due_in = std::chrono::milliseconds(0);
    const auto finish = [&] {
        const ClaimedRun claimed = fixture.claim(connection);
        good(fixture.store.connections().finish_run(fixture.tenant, {connection, claimed.fence},
                                                    claimed.run_id, outcome));
    };
    const auto written = [&fixture](const char* table) {
        good(fixture.store.pool().run(
            {}, [](postgres::Transaction& tx) { tx.exec("SELECT pg_stat_force_next_flush()"); }));
        return std::stoi(
            fixture.value(std::string("SELECT n_tup_ins + n_tup_upd + n_tup_del FROM pg_stat_user_tables"
                                      " WHERE relname = '") +
                          table + "'"));
    };
    finish();
    const int runs = written("runs");
    const int queue = written("due_queue");
    const int health = written("connections");
    const int streams = written("stream_states");
    finish();
    CHECK(written("runs") == runs + 2);        // made and finished
    CHECK(written("due_queue") == queue + 2);  // claimed and given back
    CHECK(written("connections") == health);
    CHECK(written("stream_states") == streams);
}
