// What becomes of a database that was filled before lists had filters.

#include <doctest/doctest.h>

#include "adapters/postgres/migrate.hpp"
#include "tests/support/store_fixture.hpp"

using namespace tributary;
using namespace tests;

namespace {

constexpr std::size_t before_lists = 19;

struct FilledBefore {
    Database database;
    const std::string tenant = "'" + to_text(id_of("tenant")) + "'";
    const std::string connection = to_text(id_of("connection"));
    const std::string sources = "'" + connection + " 0 accounts'";

    FilledBefore() {
        good(postgres::migrate(database.url(), postgres::embedded_migrations().first(before_lists)));
        database.run("INSERT INTO tenants (tenant_id, name, created_at) VALUES (" + tenant +
                     ", 'main', now())");
    }

    void add(const std::string& name, const std::string& body, bool removed = false) const {
        database.run(
            "INSERT INTO documents (tenant_id, document_id, kind, version, commit_no, created_at, "
            "deleted_at, "
            "body, sources) VALUES (" +
            tenant + ", '" + to_text(id_of(name)) + "', 'account', 2, 5, now(), " +
            (removed ? "now(), '" : "NULL, '") + body + "', " + (removed ? "''" : sources) + ")");
        database.run(
            "INSERT INTO history (tenant_id, kind, document_id, valid_from, valid_to, version, body, "
            "sources) "
            "VALUES (" +
            tenant + ", 'account', '" + to_text(id_of(name)) + "', 4, 5, 1, '" + body + "', " + sources +
            ")");
    }

    [[nodiscard]] std::string facets(const std::string& table, const std::string& name) const {
        return database.value("SELECT array_to_string(facets, ' ') FROM " + table + " WHERE document_id = '" +
                              to_text(id_of(name)) + "'");
    }
};

constexpr auto stamp = R"("created_at":"2026-11-20T10:00:00.000001Z"})";

}  // namespace

TEST_CASE_FIXTURE(FilledBefore,
                  "documents of before are found by what they say, removed ones by where they came from") {
    add("present", R"({"provider":"tdx","status":"active","type":"trading",)" + std::string(stamp));
    add("removed", R"({"provider":"tdx","status":"closed",)" + std::string(stamp), true);
    good(postgres::migrate(database.url()));
    for (const char* table : {"documents", "history"}) {
        CAPTURE(table);
        CHECK(facets(table, "present") ==
              "connection=" + connection + " provider=tdx status=active type=trading");
        CHECK(facets(table, "removed") == "connection=" + connection + " provider=tdx status=closed");
    }
    CHECK(database.value("SELECT DISTINCT created_at = '2026-11-20T10:00:00.000001Z' FROM history") == "t");
}

TEST_CASE_FIXTURE(FilledBefore, "a document that holds what no text can hold does not stop the migration") {
    add("null", R"({"provider":"tdx","name":"a\u0000b","nickname":"\\u0000","note":"\\\u0000",)" +
                    std::string(stamp));
    good(postgres::migrate(database.url()));
    CHECK(facets("documents", "null") == "connection=" + connection + " provider=tdx");
    CHECK(database.value("SELECT body LIKE '%a\\\\u0000b%' FROM documents") == "t");
}
