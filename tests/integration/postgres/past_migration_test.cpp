// What becomes of a database that was filled before the past could be read.

#include <doctest/doctest.h>

#include "adapters/postgres/migrate.hpp"
#include "domain/ids.hpp"
#include "tests/support/store_fixture.hpp"

using namespace tributary;
using namespace tests;
using domain::EntityKind;

namespace {

constexpr std::size_t before_past = 24;

std::string sql_text(const std::string& text) {
    return "'" + text + "'";
}

std::string id(const std::string& name) {
    return sql_text(to_text(id_of(name)));
}

/// One account that changed, and two customers of which the second was merged into the first at commit 3.
struct FilledBefore {
    Database database;
    SeededRandom random;
    const domain::Uuid tenant_id = id_of("tenant");
    const std::string tenant = sql_text(to_text(tenant_id));
    const domain::Uuid low = std::min(id_of("p1"), id_of("p2"));
    const domain::Uuid high = std::max(id_of("p1"), id_of("p2"));
    /// Of the account: text that PostgreSQL's own JSON values would rewrite.
    const std::string values =
        R"("before":{"b":1.10,"a":1e2,"b":-0},"after":[{"path":"x.y","z":"a\u0000b \" \\"},12345678901234567890.10])";
    const std::string account_now =
        R"({"number":"2","access":[{"customer_id":")" + to_text(id_of("c1")) + R"("}]})";

    FilledBefore() {
        good(postgres::migrate(database.url(), postgres::embedded_migrations().first(before_past)));
        insert("tenants (tenant_id, name, created_at)", tenant + ", 'main', now()");
        insert("feed_head (tenant_id, commit_no, at)", tenant + ", 3, '2026-11-03T00:00:00Z'");
        for (const char* commit : {"1", "2", "3"}) {
            insert("commits", tenant + ", " + commit + ", '2026-11-0" + commit +
                                  "T00:00:00Z', 'run', gen_random_uuid()");
        }
        was("account", "x1", 1, 2, R"({"number":"1"})");
        is("account", "x1", 2, 2, account_now);
        is("customer", "c1", 1, 1, R"({"name":"one"})");
        was("customer", "c2", 1, 3, R"({"name":"two"})");
        is("customer", "c2", 3, 2, R"({"name":"two"})", "'2026-11-03T00:00:00Z'");
        change(1, 1, "account", "x1", "created", 1, "[]");
        change(1, 2, "customer", "c1", "created", 1, "[]");
        change(1, 3, "customer", "c2", "created", 1, "[]");
        change(2, 1, "account", "x1", "changed", 2,
               R"([{"path":"details.half~life.a/b",)" + values +
                   R"(},{"path":"number","before":"1","after":"2"}])");
        change(3, 1, "customer", "c2", "removed", 2, "[]");
        insert("customers", tenant + ", " + id("c1") + ", now(), NULL");
        insert("customers", tenant + ", " + id("c2") + ", now(), " + id("c1"));
        insert("links (tenant_id, low, high, state, rule, evidence, by_operator, decided_at, link_id)",
               tenant + ", " + sql_text(to_text(low)) + ", " + sql_text(to_text(high)) +
                   ", 'linked', 'contact_and_name', '[\"email\"]', false, now(), " +
                   sql_text(to_text(domain::identity_link_id(tenant_id, low, high))));
        for (const char* profile : {"p1", "p2"}) {
            insert("memberships (tenant_id, profile_id, customer_id)",
                   tenant + ", " + id(profile) + ", " + id("c1"));
        }
    }

    void insert(const std::string& into, const std::string& values_of_row) const {
        database.run("INSERT INTO " + into + " VALUES (" + values_of_row + ")");
    }

    void is(const std::string& kind, const std::string& name, int commit, int version,
            const std::string& body, const std::string& deleted = "NULL") const {
        insert(
            "documents (tenant_id, document_id, kind, version, commit_no, created_at, deleted_at, body, "
            "sources)",
            tenant + ", " + id(name) + ", " + sql_text(kind) + ", " + std::to_string(version) + ", " +
                std::to_string(commit) + ", '2026-11-01T00:00:00Z', " + deleted + ", " + sql_text(body) +
                ", ''");
    }

    void was(const std::string& kind, const std::string& name, int from, int to,
             const std::string& body) const {
        insert(
            "history (tenant_id, kind, document_id, valid_from, valid_to, version, created_at, body, "
            "sources)",
            tenant + ", " + sql_text(kind) + ", " + id(name) + ", " + std::to_string(from) + ", " +
                std::to_string(to) + ", 1, '2026-11-01T00:00:00Z', " + sql_text(body) + ", ''");
    }

    void change(int commit, int ordinal, const std::string& kind, const std::string& name,
                const std::string& operation, int version, const std::string& diff) const {
        insert("changes", tenant + ", " + std::to_string(commit) + ", " + std::to_string(ordinal) + ", " +
                              id(name) + ", " + sql_text(kind) + ", " + sql_text(operation) + ", " +
                              std::to_string(version) + ", " + sql_text(diff));
    }

    [[nodiscard]] postgres::PoolOptions options() const {
        good(postgres::migrate(database.url()));
        postgres::PoolOptions all;
        all.url = database.url();
        all.threads = 1;
        return all;
    }
};

}  // namespace

TEST_CASE_FIXTURE(FilledBefore, "commits from before the past could be read are read as they were") {
    postgres::Store store(options(), random);
    const auto account_at = [&](std::int64_t commit) {
        return *good(store.reads().document({tenant_id, commit}, {EntityKind::account, id_of("x1")}))
                    .document;
    };
    CHECK(account_at(1).body == R"({"number":"1"})");
    CHECK(account_at(1).changed_at == *domain::parse_timestamp("2026-11-01T00:00:00Z"));
    CHECK(account_at(2).body == account_now);
    CHECK(account_at(2).changed_at == *domain::parse_timestamp("2026-11-02T00:00:00Z"));
    CHECK(good(store.reads().moment({tenant_id, *domain::parse_timestamp("2026-11-02T12:00:00Z")})).number ==
          2);
    const auto second_at = [&](std::int64_t commit) {
        return good(store.reads().document({tenant_id, commit}, {EntityKind::customer, id_of("c2")}));
    };
    CHECK(!second_at(2).redirect_to);
    CHECK(second_at(2).document->body == R"({"name":"two"})");
    CHECK(second_at(3).redirect_to == id_of("c1"));
}

TEST_CASE_FIXTURE(FilledBefore,
                  "changes from before name each field by its pointer, and say the same to the letter") {
    postgres::Store store(options(), random);
    domain::ports::ChangeQuery query;
    query.limit = 100;
    const auto page = good(store.changes().changes(tenant_id, query));
    REQUIRE(page.changes.size() == 6);
    CHECK(page.changes[3].diff == R"([{"path":"/details/half~0life/a~1b",)" + values +
                                      R"(},{"path":"/number","before":"1","after":"2"}])");
    CHECK(page.changes[4].merged_into == id_of("c1"));
    CHECK(page.changes[0].diff == "[]");
    // The account names its customer only since the second commit.
    query.customer = id_of("c1");
    std::vector<std::string> of_first;
    for (const auto& change : good(store.changes().changes(tenant_id, query)).changes) {
        of_first.push_back(std::to_string(change.commit.number) + "-" + std::to_string(change.ordinal));
    }
    CHECK(of_first == std::vector<std::string>{"1-2", "2-1", "4-1"});
}

TEST_CASE_FIXTURE(FilledBefore, "links from before are documents from one more commit on") {
    postgres::Store store(options(), random);
    const auto newest = good(store.reads().moment({tenant_id}));
    CHECK(newest.number == 4);
    const auto link_at = [&](std::int64_t commit) {
        return good(store.reads().document(
                        {tenant_id, commit},
                        {EntityKind::identity_link, domain::identity_link_id(tenant_id, low, high)}))
            .document;
    };
    CHECK(!link_at(3));
    REQUIRE(link_at(4));
    CHECK(link_at(4)->body.contains(
        R"("state":"linked","rule":"contact_and_name","evidence":["email"],"by":"rule")"));
    CHECK(link_at(4)->changed_at == newest.at);
    // Whoever was at the newest commit is told of them.
    domain::ports::ChangeQuery query;
    const auto third = good(store.reads().moment({tenant_id, 3}));
    query.after = position_of(third);
    const auto page = good(store.changes().changes(tenant_id, query));
    REQUIRE(page.changes.size() == 1);
    CHECK(page.changes[0].kind == EntityKind::identity_link);
    CHECK(page.changes[0].operation == "created");
}
