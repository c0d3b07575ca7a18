// What a follower is told, held against what was written.
#include <doctest/doctest.h>

#include "tests/support/store_fixture.hpp"

using namespace tributary;
using namespace tests;
using domain::EntityKind;
using domain::ports::News;
using domain::ports::NewsQuery;
using domain::ports::PageTransaction;

namespace {

struct Fixture : StoreFixture {
    domain::ports::Commit write(const std::string& name) {
        domain::ports::Commit commit;
        must([&](PageTransaction& tx) {
            const auto before = good(tx.documents(std::vector{id_of(name)}));
            commit = good(tx.commit_documents(
                by_operator,
                std::vector{document(EntityKind::account, name, R"({"name":"x"})",
                                     before.empty() ? std::nullopt : std::optional(before[0]))}));
        });
        return commit;
    }

    News news(NewsQuery query = {}) { return good(store.news().news(tenant, query)); }

    /// The times of this subject's marks among the news.
    static std::vector<domain::Timestamp> marks_of(const News& news, const domain::Uuid& subject) {
        std::vector<domain::Timestamp> times;
        for (const auto& mark : news.marks) {
            if (mark.subject == subject) times.push_back(mark.at);
        }
        return times;
    }
};

}  // namespace

TEST_CASE_FIXTURE(Fixture, "news behind a commit name what changed behind it, up to the head") {
    write("a");
    const News first = news();
    CHECK(first.whole);
    CHECK(first.changed.empty());
    CHECK(news({.after = first.head}).changed.empty());
    const auto second = write("b");
    const auto third = write("a");
    const News next = news({.after = first.head});
    CHECK(next.whole);
    CHECK(next.head == third);
    REQUIRE(next.changed.size() == 2);
    CHECK(next.changed[0].document == id_of("b"));
    CHECK(next.changed[0].commit == second.number);
    CHECK(next.changed[1].document == id_of("a"));
    CHECK(next.changed[1].commit == third.number);
}

TEST_CASE_FIXTURE(Fixture,
                  "news that are more than the limit, or of another past, are told to be not whole") {
    const auto first = write("a");
    write("a");
    write("a");
    CHECK(news({.after = first, .limit = 2}).whole);
    CHECK_FALSE(news({.after = first, .limit = 1}).whole);
    auto other = first;
    other.at += std::chrono::microseconds(1);
    CHECK_FALSE(news({.after = other}).whole);
    CHECK_FALSE(news({.after = domain::ports::Commit{first.number + 70, first.at}}).whole);
}

TEST_CASE_FIXTURE(Fixture, "another tenant's commits and marks are no news") {
    const News before = news();
    Fixture other;
    other.write("a");
    other.connect("theirs");
    const News after = news({.after = before.head, .looked_at = before.looked_at});
    CHECK(after.changed.empty());
    CHECK(after.marks.empty());
}

TEST_CASE_FIXTURE(Fixture,
                  "whatever changes what is told of a connection's freshness marks it, each time later") {
    const auto connection = connect("bank");
    std::optional<domain::Timestamp> last;
    const auto moves = [&] {
        const auto times = marks_of(news(), connection.id);
        const bool moved = times.size() == 1 && (!last || times[0] > *last);
        if (!times.empty()) last = times[0];
        return moved;
    };
    const auto claimed = claim(connection.id);
    CHECK_FALSE(moves());
    good(store.connections().finish_run(tenant, lease_of(claimed), claimed.run_id, succeeded()));
    CHECK(moves());
    good(store.connections().request_run(tenant, connection.id, "manual"));
    CHECK(moves());
    good(store.connections().pause_connection(tenant, connection.id, true));
    CHECK(moves());
    good(store.connections().pause_connection(tenant, connection.id, false));
    CHECK(moves());
    good(store.connections().remove_connection(tenant, connection.id));
    CHECK(moves());
    CHECK_FALSE(moves());
}
