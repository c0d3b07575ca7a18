// What is let go of, and what a reader sees that began before.
#include <doctest/doctest.h>

#include <chrono>
#include <pqxx/pqxx>
#include <thread>

#include "tests/support/store_fixture.hpp"

using namespace tributary;
using namespace tests;
using namespace domain::ports;
using domain::EntityKind;
using domain::Uuid;

namespace {

struct Retained : StoreFixture {
    Uuid former = domain::named_uuid(tenant, "former");

    /// One commit: the document "doc" says this; from then on the former id leads there, where that is told.
    void commit(const std::string& says, const std::vector<std::optional<Uuid>>& leads_to = {}) {
        must([&](PageTransaction& page) {
            const auto before = good(page.documents(std::array{id_of("doc")}));
            const DocumentWrite write =
                document(EntityKind::account, "doc", R"({"says":")" + says + "\"}",
                         before.empty() ? std::nullopt : std::optional(before.front()));
            for (const auto& place : leads_to) {
                good(page.write_redirects(std::array{CustomerState{former, {}, place}}));
            }
            good(page.commit_documents(by_operator, std::array{write}));
        });
    }

    [[nodiscard]] std::string led_to(std::int64_t at) {
        const auto read = good(store.reads().document({tenant, at}, {EntityKind::customer, former}));
        return read.redirect_to ? to_text(*read.redirect_to) : "nowhere";
    }
};

/// How many entries of indexes on `history` anybody has read so far. Told when a session ends.
std::int64_t index_entries_read(const StoreFixture& fixture) {
    return std::stoll(fixture.value(
        "SELECT sum(idx_tup_read)::bigint FROM pg_stat_user_indexes WHERE relname = 'history'"));
}

/// Until a statement of this program waits for the table; false where none does in four seconds.
bool is_waited_for(pqxx::work& work, const std::string& table) {
    const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(4);
    while (std::chrono::steady_clock::now() < until) {
        if (!work.exec("SELECT FROM pg_locks WHERE NOT granted AND relation = '" + table + "'::regclass")
                 .empty()) {
            return true;
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    return false;
}

}  // namespace

TEST_CASE_FIXTURE(
    Retained, "where a former id led is known at every commit from the horizon on, and no longer before") {
    const Uuid one = id_of("one");
    const Uuid two = id_of("two");
    commit("a", {one});
    commit("b", {two});
    commit("c");
    commit("d", {one});
    commit("e", {std::nullopt});
    const auto rows = [this] {
        return value(
            "SELECT string_agg(valid_from::text, ' ' ORDER BY valid_from) FROM redirects WHERE tenant_id = "
            "$T");
    };
    value("UPDATE feed_head SET horizon = 3 WHERE tenant_id = $T RETURNING 1");
    good(store.retention().purge(tenant, {.rows = 100}));
    CHECK(led_to(3) == to_text(two));
    CHECK(led_to(4) == to_text(one));
    CHECK(led_to(5) == "nowhere");
    CHECK(rows() == "2 4 5");
    value("UPDATE feed_head SET horizon = 5 WHERE tenant_id = $T RETURNING 1");
    good(store.retention().purge(tenant, {.rows = 100}));
    CHECK(led_to(5) == "nowhere");
    CHECK(rows() == "5");
}

TEST_CASE_FIXTURE(Retained,
                  "a reader that found its moment still kept gets all of it, also when it goes meanwhile") {
    commit("a");
    commit("b");
    commit("c");
    pqxx::connection connection(database.superuser_url());
    pqxx::work work(connection);
    // The reader has asked for the horizon, and stops in front of this table.
    work.exec("LOCK TABLE history");
    std::optional<domain::Result<DocumentRead>> read;
    std::thread reader(
        [&] { read = run_task(store.reads().document({tenant, 1}, {EntityKind::account, id_of("doc")})); });
    CHECK(is_waited_for(work, "history"));
    const std::string ours = " WHERE tenant_id = '" + to_text(tenant) + "'";
    work.exec("UPDATE feed_head SET horizon = 3" + ours);
    work.exec("DELETE FROM history" + ours);
    work.exec("DELETE FROM changes" + ours + " AND commit_no < 3");
    work.exec("DELETE FROM commits" + ours + " AND commit_no < 3");
    work.commit();
    reader.join();
    const DocumentRead found = good(std::move(*read));
    REQUIRE(found.document);
    CHECK(found.document->body.contains(R"("says":"a")"));
    CHECK(error_of(store.reads().document({tenant, 1}, {EntityKind::account, id_of("doc")})) == "expired");
}

TEST_CASE_FIXTURE(
    Retained,
    "letting go of many versions of one document and of one version of many looks at each a few times") {
    constexpr std::int64_t many = 20'000;
    pqxx::connection connection(database.superuser_url());
    const auto run = [&](std::string statement) {
        const std::pair<std::string_view, std::string> places[] = {
            {"$T", "'" + to_text(tenant) + "'::uuid"},
            {"$doc", "'" + to_text(id_of("doc")) + "'::uuid"},
            {"$n", std::to_string(many)},
            {"$each", "('22222222-2222-2222-2222-' || lpad(g::text, 12, '0'))::uuid"},
            {"$columns",
             "tenant_id, kind, document_id, valid_from, valid_to, version, created_at, changed_at, "
             "deleted_at, "
             "body, sources, facets"},
            {"$rest", "1, now(), now(), NULL, '{}', '', '{}' FROM generate_series(1, " +
                          std::to_string(many) + ") g"}};
        for (const auto& [name, value] : places) {
            for (auto at = statement.find(name); at != std::string::npos; at = statement.find(name)) {
                statement.replace(at, name.size(), value);
            }
        }
        pqxx::nontransaction(connection).exec(statement);
    };
    // One document changes in each of many commits, and then as many documents in one.
    run("INSERT INTO commits SELECT $T, g, now(), 'run', gen_random_uuid() FROM generate_series(1, $n + 4) "
        "g");
    run("INSERT INTO changes SELECT $T, g, 1, $doc, 'account', 'changed', g, '[]', '{}' FROM "
        "generate_series(1, $n + 1) g");
    run("INSERT INTO history ($columns) SELECT $T, 'account', $doc, g, g + 1, $rest");
    run("INSERT INTO changes SELECT $T, $n + 3, g, $each, 'sub_account', 'changed', 2, '[]', '{}' FROM "
        "generate_series(1, $n) g");
    run("INSERT INTO history ($columns) SELECT $T, 'sub_account', $each, $n + 2, $n + 3, $rest");
    run("UPDATE feed_head SET horizon = $n + 4, commit_no = $n + 4 WHERE tenant_id = $T");
    run("ANALYZE history, changes, commits");
    // Somebody looks at the database for long, so that what is gone stays in the indexes.
    pqxx::connection long_looking(database.superuser_url());
    pqxx::work look(long_looking);
    look.exec("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ");
    look.exec("SELECT count(*) FROM history");
    const std::int64_t before = index_entries_read(*this);
    std::size_t rows = 0;
    {
        postgres::Store own(pool_options(1), random);
        for (PurgedBatch batch{.more = true}; batch.more;) {
            batch = good(own.retention().purge(tenant, {.rows = 500, .stage = batch.stage}));
            rows += batch.rows;
        }
    }
    CHECK(rows == 5 * many + 4);
    CHECK(value("SELECT count(*) FROM history WHERE tenant_id = $T") == "0");
    std::int64_t read = 0;
    for (int tries = 0; tries < 100 && read < 2 * many; ++tries) {
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
        read = index_entries_read(*this) - before;
    }
    CHECK(read >= 2 * many);
    CHECK(read < 100 * many);
}
