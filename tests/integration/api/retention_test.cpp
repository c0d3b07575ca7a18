// The feed and the past where both are let go of while they are read.
#include <doctest/doctest.h>
#include <spdlog/spdlog.h>

#include <atomic>
#include <map>
#include <random>
#include <thread>

#include "adapters/system/system_clock.hpp"
#include "reading.hpp"
#include "services/retention/purger.hpp"

using namespace tributary;
using namespace tests;
using domain::EntityKind;
using domain::ports::ChangePage;
using domain::ports::ChangeQuery;

namespace {

constexpr std::chrono::hours day{24};

struct Kept {
    Reading reading{10};
    domain::ports::RetentionStore& retention = reading.store.retention();

    /// Commit n of `newest` becomes newest - n days old.
    void age() const {
        reading.value(
            "UPDATE commits c SET at = c.at - (h.commit_no - c.commit_no) * interval '1 day' FROM feed_head "
            "h "
            "WHERE c.tenant_id = $T AND h.tenant_id = $T RETURNING 1");
    }

    [[nodiscard]] domain::Result<ChangePage> after(std::int64_t commit,
                                                   std::optional<std::int64_t> ordinal = {}) {
        ChangeQuery query;
        query.limit = 1'000;
        query.after = position(commit);
        query.after->ordinal = ordinal;
        return run_task(reading.store.changes().changes(reading.tenant, query));
    }

    [[nodiscard]] domain::Position position(std::int64_t commit) const {
        const std::string microseconds = reading.value(
            "SELECT (extract(epoch FROM at) * 1000000)::bigint FROM commits WHERE tenant_id = $T AND "
            "commit_no = " +
            std::to_string(commit));
        const auto at = microseconds.empty() ? 0 : std::stoll(microseconds);
        return {commit, std::nullopt, domain::mark_of(domain::Timestamp(std::chrono::microseconds(at)))};
    }

    void purge(std::chrono::seconds kept) {
        good(retention.move_horizon(reading.tenant, kept));
        while (good(retention.purge(reading.tenant, {.rows = 2})).more) {
        }
    }
};

std::vector<std::string> bodies_of(const domain::ports::DocumentPage& page) {
    std::vector<std::string> bodies;
    for (const auto& document : page.documents)
        bodies.push_back(document.body);
    return bodies;
}

}  // namespace

TEST_CASE_FIXTURE(Kept,
                  "a feed goes on from the horizon without a gap, and a position before it is expired") {
    for (int i = 0; i < 8; ++i)
        reading.write("doc-" + std::to_string(i % 3), i % 4 == 3);
    age();
    std::map<std::int64_t, domain::Position> positions;
    for (std::int64_t commit = 1; commit <= 8; ++commit)
        positions[commit] = position(commit);
    purge(4 * day);
    CHECK(reading.value("SELECT horizon FROM feed_head WHERE tenant_id = $T") == "4");
    ChangeQuery query;
    query.after = positions[3];
    CHECK(error_of(reading.store.changes().changes(reading.tenant, query)) == "expired");
    CHECK(error_of(reading.store.changes().changes(reading.tenant, {})) == "expired");
    for (std::int64_t commit = 4; commit <= 8; ++commit) {
        query.after = positions[commit];
        const ChangePage page = good(reading.store.changes().changes(reading.tenant, query));
        REQUIRE(std::ssize(page.changes) == 8 - commit);
        for (std::size_t i = 0; i < page.changes.size(); ++i) {
            CHECK(page.changes[i].commit.number == commit + 1 + static_cast<std::int64_t>(i));
            CHECK((page.changes[i].operation == "changed") == !page.changes[i].body.has_value());
        }
    }
    // A position within the horizon's own commit.
    CHECK(std::ssize(good(after(4, 0)).changes) == 5);
    const auto expired = run_task(reading.store.reads().moment({reading.tenant, 3}));
    REQUIRE(!expired);
    CHECK(expired.error().detail.contains("commit 4 of 20"));
}

TEST_CASE_FIXTURE(Kept, "what changed since a time that is no longer kept is told as before") {
    for (int i = 0; i < 6; ++i)
        reading.write("doc-" + std::to_string(i));
    reading.write("doc-0");
    domain::ports::ListQuery query = list_of(EntityKind::account);
    std::map<std::string, std::vector<std::string>> before;
    const auto read = [&](const std::string& commit) {
        const auto at = domain::parse_timestamp(reading.value(
            "SELECT to_char(changed_at AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"') "
            "FROM (SELECT commit_no, changed_at FROM documents WHERE tenant_id = $T UNION ALL SELECT "
            "valid_from, changed_at FROM history WHERE tenant_id = $T) v WHERE commit_no = " +
            commit));
        REQUIRE(at);
        query.changed_since = *at;
        return bodies_of(good(reading.store.reads().list({reading.tenant}, query)));
    };
    for (int commit = 2; commit <= 7; ++commit)
        before[std::to_string(commit)] = read(std::to_string(commit));
    CHECK(before["2"].size() == 6);
    CHECK(before["6"].size() == 2);
    reading.value("UPDATE feed_head SET horizon = 5 WHERE tenant_id = $T RETURNING 1");
    while (good(retention.purge(reading.tenant, {.rows = 2})).more) {
    }
    CHECK(reading.value("SELECT min(commit_no) FROM commits WHERE tenant_id = $T") == "5");
    for (int commit = 2; commit <= 7; ++commit) {
        CAPTURE(commit);
        CHECK(read(std::to_string(commit)) == before[std::to_string(commit)]);
    }
}

TEST_CASE_FIXTURE(Kept, "while two let go of the past, each reader gets the exact answer or none") {
    constexpr std::int64_t commits = 60;
    std::map<std::int64_t, std::vector<std::string>> truth;
    for (std::int64_t commit = 1; commit <= commits; ++commit) {
        reading.write("doc-" + std::to_string(commit % 7), commit % 5 == 0);
        truth[commit] = bodies_of(
            good(reading.store.reads().list({reading.tenant}, list_of(EntityKind::account, 1'000))));
    }
    age();
    std::map<std::int64_t, domain::Position> positions;
    for (std::int64_t commit = 1; commit <= commits; ++commit)
        positions[commit] = position(commit);
    std::atomic<bool> purging = true;
    std::atomic<int> exact = 0;
    std::atomic<int> expired = 0;
    std::atomic<int> wrong = 0;
    const auto count = [&](const auto& read, auto&& is_right) {
        if (!read) {
            ++(read.error().code == domain::Errc::expired ? expired : wrong);
        } else {
            ++(is_right(*read) ? exact : wrong);
        }
    };
    const auto follow = [&](unsigned seed) {
        std::mt19937 random(seed);
        do {
            const std::int64_t commit = 1 + static_cast<std::int64_t>(random() % commits);
            count(run_task(reading.store.reads().list({reading.tenant, commit},
                                                      list_of(EntityKind::account, 1'000))),
                  [&](const auto& page) { return bodies_of(page) == truth.at(commit); });
            ChangeQuery query;
            query.limit = 1'000;
            query.after = positions.at(commit);
            count(run_task(reading.store.changes().changes(reading.tenant, query)),
                  [&](const ChangePage& page) { return std::ssize(page.changes) == commits - commit; });
        } while (purging);
    };
    std::vector<std::thread> readers;
    for (unsigned seed = 0; seed < 4; ++seed)
        readers.emplace_back(follow, seed);
    std::vector<std::thread> purgers;
    for (int purger = 0; purger < 2; ++purger) {
        purgers.emplace_back([this] {
            for (std::int64_t days = commits - 1; days >= 1; --days)
                purge(day * days);
        });
    }
    for (std::thread& thread : purgers)
        thread.join();
    purging = false;
    for (std::thread& thread : readers)
        thread.join();
    // Whoever found the other at it went on: what is left is the next round's.
    purge(day);
    CHECK(wrong == 0);
    CHECK(exact > 0);
    CHECK(expired > 0);
    CHECK(reading.value("SELECT horizon FROM feed_head WHERE tenant_id = $T") == std::to_string(commits - 1));
    CHECK(reading.value("SELECT count(*) FROM changes WHERE tenant_id = $T") == "2");
    CHECK(reading.value("SELECT count(*) FROM history WHERE tenant_id = $T AND valid_to <= " +
                        std::to_string(commits - 1)) == "0");
    MESSAGE("exact answers: ", exact.load(), ", expired: ", expired.load(), ", wrong: ", wrong.load());
}

TEST_CASE_FIXTURE(Kept, "a round lets go of the past of every tenant, and keeps what is not old enough") {
    for (int i = 0; i < 5; ++i)
        reading.write("doc");
    StoreFixture other;
    age();
    boost::asio::io_context io;
    std::size_t told = 0;
    retention::PurgerTools tools{reading.store.admin(), retention, reading.clock,
                                 std::make_shared<spdlog::logger>("silent")};
    tools.on_deleted = [&told](std::size_t rows) { told += rows; };
    retention::PurgerOptions options;
    options.kept = 2 * day;
    options.batch = 1;
    retention::Purger purger(io.get_executor(), tools, options);
    good(run_task(io, purger.round()));
    CHECK(reading.value("SELECT horizon FROM feed_head WHERE tenant_id = $T") == "3");
    CHECK(reading.value("SELECT count(*) FROM history WHERE tenant_id = $T") == "2");
    // Two versions, two changes and two commits, and what tenants of other tests had.
    CHECK(told >= 6);
    CHECK(other.value("SELECT horizon FROM feed_head WHERE tenant_id = $T") == "0");
    CHECK(good(reading.store.reads().moment({reading.tenant})).number == 5);
}
