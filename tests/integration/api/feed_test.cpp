// The feed under concurrent writers: nothing left out, nothing twice, nothing out of order, and a copy that
// is kept by it is the source at every position where it stops.
#include <doctest/doctest.h>

#include <atomic>
#include <map>
#include <random>
#include <thread>

#include "copy.hpp"
#include "domain/document.hpp"
#include "domain/json/parse.hpp"
#include "reading.hpp"
#include "tests/support/full_check.hpp"

using namespace tributary;
using namespace tests;
using domain::EntityKind;
using domain::ports::ChangePage;
using domain::ports::ChangeQuery;
using domain::ports::StoredChange;

namespace {

constexpr int writers = 20;
constexpr int documents = 60;

struct Feed {
    Reading reading{writers + 4};
    std::atomic<int> written = 0;

    void write(unsigned seed, int all) {
        std::mt19937 random(seed);
        std::array<bool, documents / writers> there{};
        while (written.fetch_add(1) < all) {
            const auto own = random() % there.size();
            // What is not there comes, and what is there changes or goes.
            there.at(own) = !there.at(own) || random() % 5 != 0;
            reading.write("doc-" + std::to_string(own * writers + seed), !there.at(own));
        }
    }

    ChangePage page(const std::optional<domain::Position>& after, std::size_t limit) {
        ChangeQuery query;
        query.after = after;
        query.limit = limit;
        return good(reading.store.changes().changes(reading.tenant, query));
    }

    /// The source at the moment of a position.
    std::map<std::string, std::string> source_at(std::int64_t commit) {
        domain::ports::ListQuery query = list_of(EntityKind::account, 1'000);
        std::map<std::string, std::string> all;
        for (const auto& document :
             good(reading.store.reads().list({reading.tenant, commit}, query)).documents) {
            auto parsed = json::parse(domain::content_of(document.body));
            REQUIRE(parsed);
            all[to_text(document.id)] = Copy::sorted(*parsed->root.if_object());
        }
        return all;
    }
};

/// What a reader found wrong while it followed.
struct Followed {
    std::int64_t changes = 0;
    int out_of_order = 0;
    int gaps = 0;
    int differing = 0;
    int compared = 0;
};

Followed follow(Feed& feed, const std::atomic<bool>& writing, unsigned seed) {
    std::mt19937 random(seed);
    Followed followed;
    Copy copy;
    std::optional<domain::Position> after;
    std::int64_t commit = 0;
    std::int64_t ordinal = 0;
    for (;;) {
        const bool last = !writing.load();
        const ChangePage page = feed.page(after, 1 + random() % 200);
        for (const StoredChange& change : page.changes) {
            const bool next_commit = change.commit.number == commit + 1 && change.ordinal == 1;
            const bool next_ordinal = change.commit.number == commit && change.ordinal == ordinal + 1;
            if (!next_commit && !next_ordinal) {
                ++(change.commit.number < commit ? followed.out_of_order : followed.gaps);
            }
            commit = change.commit.number;
            ordinal = change.ordinal;
            ++followed.changes;
            copy.apply(change);
        }
        after = page.next;
        if (!page.next.ordinal && random() % 20 == 0) {
            ++followed.compared;
            followed.differing += static_cast<int>(copy.shown() != feed.source_at(page.next.commit));
        }
        if (last && !page.more && page.changes.empty()) {
            break;
        }
    }
    ++followed.compared;
    followed.differing += static_cast<int>(copy.shown() != feed.source_at(after->commit));
    return followed;
}

}  // namespace

TEST_CASE(
    "a feed that twenty write to tells every change once, in order, and keeps a copy that is the source") {
    Feed feed;
    const int all = full_or(100'000, 1'000);
    std::atomic<bool> writing = true;
    std::vector<std::thread> running;
    for (unsigned writer = 0; writer < writers; ++writer) {
        running.emplace_back([&feed, writer, all] { feed.write(writer, all); });
    }
    std::array<Followed, 3> readers;
    std::vector<std::thread> following;
    for (unsigned reader = 0; reader < readers.size(); ++reader) {
        following.emplace_back([&, reader] { readers.at(reader) = follow(feed, writing, reader); });
    }
    for (std::thread& thread : running)
        thread.join();
    writing = false;
    for (std::thread& thread : following)
        thread.join();
    const std::string stored = feed.reading.value("SELECT count(*) FROM changes WHERE tenant_id = $T");
    for (const Followed& followed : readers) {
        CHECK(std::to_string(followed.changes) == stored);
        CHECK(followed.out_of_order == 0);
        CHECK(followed.gaps == 0);
        CHECK(followed.differing == 0);
        MESSAGE("changes: ", followed.changes, ", gaps: ", followed.gaps,
                ", out of order: ", followed.out_of_order, ", copies compared: ", followed.compared,
                ", differing: ", followed.differing);
    }
    CHECK(readers[0].changes >= all);
}

TEST_CASE(
    "a position of another past, or of what is kept no more, is expired, and filters move the position") {
    Feed feed;
    for (int i = 0; i < 5; ++i)
        feed.reading.write("doc-" + std::to_string(i));
    const ChangePage first = feed.page(std::nullopt, 2);
    REQUIRE(first.changes.size() == 2);
    CHECK(first.more);
    CHECK(first.next.ordinal == 1);
    const auto error_after = [&feed](domain::Position position) {
        ChangeQuery query;
        query.after = position;
        return error_of(feed.reading.store.changes().changes(feed.reading.tenant, query));
    };
    domain::Position undone = first.next;
    ++undone.mark;
    CHECK(error_after(undone) == "expired");
    CHECK(error_after({first.newest.number + 1, std::nullopt, first.next.mark}) == "expired");

    ChangeQuery of_customers;
    of_customers.kinds = {EntityKind::customer};
    const ChangePage none = good(feed.reading.store.changes().changes(feed.reading.tenant, of_customers));
    CHECK(none.changes.empty());
    CHECK(none.next == position_of(first.newest));

    feed.reading.value("UPDATE feed_head SET horizon = 3 WHERE tenant_id = $T RETURNING 1");
    CHECK(error_after(first.next) == "expired");
    CHECK(error_of(feed.reading.store.changes().changes(feed.reading.tenant, {})) == "expired");
    CHECK(feed.page(
                  domain::Position{
                      3, std::nullopt,
                      domain::mark_of(good(feed.reading.store.reads().moment({feed.reading.tenant, 3})).at)},
                  50)
              .changes.size() == 2);
    CHECK(error_of(feed.reading.store.reads().moment({feed.reading.tenant, 2})) == "expired");
}

TEST_CASE("a read that must not be older than a position is not, and one of another past is expired") {
    Feed feed;
    feed.reading.write("doc-0");
    const auto now = good(feed.reading.store.reads().moment({feed.reading.tenant}));
    domain::Position seen = position_of(now);
    CHECK(good(feed.reading.store.reads().moment({feed.reading.tenant, {}, seen})) == now);
    ++seen.commit;
    CHECK(error_of(feed.reading.store.reads().moment({feed.reading.tenant, {}, seen})) == "expired");
    seen = position_of(now);
    ++seen.mark;
    CHECK(error_of(feed.reading.store.reads().moment({feed.reading.tenant, {}, seen})) == "expired");
}
