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
    good(store.retention().purge(tenant, 100));
    CHECK(led_to(3) == to_text(two));
    CHECK(led_to(4) == to_text(one));
    CHECK(led_to(5) == "nowhere");
    CHECK(rows() == "2 4 5");
    value("UPDATE feed_head SET horizon = 5 WHERE tenant_id = $T RETURNING 1");
    good(store.retention().purge(tenant, 100));
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
