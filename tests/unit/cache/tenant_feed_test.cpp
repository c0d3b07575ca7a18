#include "services/cache/tenant_feed.hpp"

#include <doctest/doctest.h>

#include <chrono>

using namespace tributary;
using namespace std::chrono_literals;
using cache::ReadyDocument;
using cache::TenantFeed;
using domain::Timestamp;
using domain::Uuid;
using domain::ports::Commit;
using domain::ports::FreshnessMark;
using domain::ports::News;
using domain::ports::OwnNews;

namespace {

const TenantFeed::Clock::time_point start{1h};

Uuid id_of(std::string_view name) {
    return domain::named_uuid({}, name);
}

Commit commit(std::int64_t number) {
    return {number, Timestamp(std::chrono::seconds(1'000 + number))};
}

News news_of(std::int64_t head, std::vector<News::Changed> changed = {}) {
    News news;
    news.head = commit(head);
    news.changed = std::move(changed);
    return news;
}

OwnNews own(std::int64_t first, std::int64_t last, std::vector<Uuid> documents = {}) {
    OwnNews news;
    news.commits = {commit(first), commit(last)};
    news.documents = std::move(documents);
    return news;
}

struct Fixture {
    TenantFeed feed;
    std::vector<std::pair<Uuid, std::int64_t>> forgotten;
    TenantFeed::Forget forget = [this](const Uuid& document, std::int64_t at) {
        forgotten.emplace_back(document, at);
    };

    void look(const News& news, TenantFeed::Clock::time_point at = start) { feed.looked(news, at, forget); }

    bool keeps(const Uuid& document, std::int64_t loaded_at) {
        bool kept = false;
        feed.keep_if_good(document, loaded_at, [&] { kept = true; });
        return kept;
    }

    [[nodiscard]] std::int64_t reached() const { return feed.position().commit; }
};

}  // namespace

TEST_CASE_FIXTURE(Fixture, "a feed that nobody looked at yet serves nothing and keeps nothing") {
    CHECK_FALSE(feed.serves(start));
    CHECK_FALSE(keeps(id_of("a"), 7));
    feed.heard(own(8, 8, {id_of("a")}), forget);
    CHECK_FALSE(feed.serves(start));
    CHECK_FALSE(keeps(id_of("b"), 8));
}

TEST_CASE_FIXTURE(Fixture, "a look counts for a second, from when it began") {
    look(news_of(7));
    CHECK(feed.serves(start));
    CHECK(feed.serves(start + 1s));
    CHECK_FALSE(feed.serves(start + 1s + 1ms));
    look(news_of(7), start + 1s);
    CHECK(feed.serves(start + 2s));
}

TEST_CASE_FIXTURE(Fixture, "what was loaded before a change is not kept, what was loaded with it is") {
    look(news_of(7));
    CHECK(keeps(id_of("a"), 7));
    look(news_of(9, {{id_of("a"), 8}, {id_of("b"), 9}}));
    CHECK(forgotten == std::vector<std::pair<Uuid, std::int64_t>>{{id_of("a"), 8}, {id_of("b"), 9}});
    CHECK_FALSE(keeps(id_of("a"), 7));
    CHECK(keeps(id_of("a"), 8));
    CHECK_FALSE(keeps(id_of("b"), 8));
    CHECK(keeps(id_of("b"), 10));
    CHECK(keeps(id_of("other"), 7));
}

TEST_CASE_FIXTURE(Fixture, "what was loaded before the first look is not kept: its changes were not seen") {
    look(news_of(7));
    CHECK_FALSE(keeps(id_of("a"), 6));
}

TEST_CASE_FIXTURE(Fixture, "a commit of this process that was heard during the first look stays known") {
    feed.heard(own(8, 8, {id_of("a")}), forget);
    look(news_of(7));
    CHECK_FALSE(keeps(id_of("a"), 7));
    CHECK(keeps(id_of("a"), 8));
    CHECK(reached() == 8);
}

TEST_CASE_FIXTURE(Fixture, "own commits that follow what is known are known, others wait for the feed") {
    look(news_of(7));
    feed.heard(own(9, 9, {id_of("b")}), forget);
    CHECK(reached() == 7);
    CHECK_FALSE(keeps(id_of("b"), 8));
    feed.heard(own(8, 8, {id_of("a")}), forget);
    CHECK(reached() == 9);
    feed.heard(own(10, 11), forget);
    CHECK(reached() == 11);
    feed.heard(own(13, 13), forget);
    CHECK(reached() == 11);
    look(news_of(12));
    CHECK(reached() == 13);
}

TEST_CASE_FIXTURE(Fixture, "a look that began before a commit of this process does not take the feed back") {
    look(news_of(7));
    feed.heard(own(8, 8), forget);
    look(news_of(7));
    CHECK(reached() == 8);
}

TEST_CASE_FIXTURE(Fixture,
                  "once somebody was told of a commit nothing is served until all up to it is known") {
    look(news_of(7));
    feed.told(position_of(commit(9)));
    CHECK_FALSE(feed.serves(start));
    look(news_of(8));
    CHECK_FALSE(feed.serves(start));
    look(news_of(9));
    CHECK(feed.serves(start));
    feed.told(position_of(commit(8)));
    CHECK(feed.serves(start));
}

TEST_CASE_FIXTURE(Fixture, "a position is covered where it is reached and known to be of this past") {
    look(news_of(7));
    CHECK(feed.covers(position_of(commit(7))));
    CHECK(feed.covers({0, std::nullopt, 0}));
    CHECK_FALSE(feed.covers(position_of(commit(8))));
    CHECK_FALSE(feed.covers({7, std::nullopt, position_of(commit(7)).mark + 1}));
    // It may well be, but nobody here knows its mark.
    CHECK_FALSE(feed.covers(position_of(commit(3))));
    feed.heard(own(8, 9), forget);
    CHECK(feed.covers(position_of(commit(9))));
    CHECK(feed.covers({9, 17, position_of(commit(9)).mark}));
}

TEST_CASE_FIXTURE(Fixture,
                  "a copy is good until a mark that it depends on moves, and good again when made anew") {
    look(news_of(7));
    const Uuid connection = id_of("connection");
    ReadyDocument copy;
    copy.stamps = {feed.stamp(connection, Timestamp{}), feed.stamp(id_of("a"), Timestamp{})};
    CHECK(feed.is_good(copy));
    OwnNews marks;
    marks.marks = {FreshnessMark{connection, Timestamp(5s)}};
    feed.heard(marks, forget);
    CHECK_FALSE(feed.is_good(copy));
    ReadyDocument again;
    again.stamps = {feed.stamp(connection, Timestamp(5s)), feed.stamp(id_of("a"), Timestamp{})};
    CHECK(feed.is_good(again));
    // A load that saw the mark before is none that counts.
    ReadyDocument late;
    late.stamps = {feed.stamp(connection, Timestamp{})};
    CHECK_FALSE(feed.is_good(late));
    CHECK(feed.is_good(again));
    News news = news_of(7);
    news.marks = {FreshnessMark{id_of("a"), Timestamp(6s)}};
    look(news);
    CHECK_FALSE(feed.is_good(again));
}

TEST_CASE_FIXTURE(Fixture, "where too much changed to remember, nothing is kept that was loaded before it") {
    look(news_of(7));
    News news = news_of(9);
    for (std::size_t i = 0; i < TenantFeed::most_remembered; ++i) {
        news.changed.push_back({id_of(std::to_string(i)), 8 + static_cast<std::int64_t>(i % 2)});
    }
    look(news);
    CHECK(keeps(id_of("other"), 7));
    look(news_of(10, {{id_of("another"), 10}}));
    CHECK_FALSE(keeps(id_of("1"), 8));
    CHECK_FALSE(keeps(id_of("other"), 8));
    CHECK(keeps(id_of("other"), 9));
    CHECK_FALSE(keeps(id_of("another"), 9));
}

TEST_CASE_FIXTURE(Fixture, "a feed that was given up serves and keeps nothing") {
    look(news_of(7));
    feed.give_up();
    CHECK_FALSE(feed.serves(start));
    CHECK_FALSE(keeps(id_of("a"), 7));
}

TEST_CASE_FIXTURE(Fixture, "the next look goes on where the feed is, own commits included") {
    CHECK_FALSE(feed.next_query().after.has_value());
    News news = news_of(7);
    news.looked_at = Timestamp(42s);
    look(news);
    feed.heard(own(8, 8), forget);
    CHECK(feed.next_query().after == commit(8));
    CHECK(feed.next_query().looked_at == Timestamp(42s));
}

TEST_CASE_FIXTURE(Fixture, "a mark that was told while a load was under way counts for the copy made of it") {
    look(news_of(7));
    OwnNews own_mark;
    own_mark.marks = {FreshnessMark{id_of("paused here"), Timestamp(5s)}};
    feed.heard(own_mark, forget);
    News elsewhere = news_of(7);
    elsewhere.marks = {FreshnessMark{id_of("paused elsewhere"), Timestamp(5s)}};
    look(elsewhere, start + 1s);
    // As many as may be under way for as long as a load takes.
    for (int second = 2; second < 25; ++second)
        look(news_of(7), start + std::chrono::seconds(second));
    for (const std::string_view subject : {"paused here", "paused elsewhere"}) {
        ReadyDocument before, after;
        before.stamps = {feed.stamp(id_of(subject), Timestamp(4s))};
        CHECK_FALSE(feed.is_good(before));
        after.stamps = {feed.stamp(id_of(subject), Timestamp(5s))};
        CHECK(feed.is_good(after));
    }
}

TEST_CASE_FIXTURE(Fixture, "a feed that was given up remembers nothing, however many copies still name it") {
    look(news_of(7));
    const domain::Position reached_once = position_of(commit(7));
    ReadyDocument copy;
    copy.stamps = {feed.stamp(id_of("connection"), Timestamp(5s))};
    CHECK(feed.covers(reached_once));
    feed.give_up();
    CHECK_FALSE(feed.covers(reached_once));
    CHECK(feed.marks_remembered() == 0);
}

TEST_CASE_FIXTURE(Fixture, "marks are remembered for the copies there are, however many were read") {
    const FreshnessMark connection{id_of("connection"), Timestamp(5s)};
    ReadyDocument kept;
    kept.stamps = {feed.stamp(connection.subject, connection.at)};
    for (std::size_t i = 0; i < 10 * TenantFeed::fewest_marks; ++i) {
        ReadyDocument passing;
        passing.stamps = {feed.stamp(id_of(std::to_string(i)), {}),
                          feed.stamp(connection.subject, connection.at)};
    }
    CHECK(feed.marks_remembered() <= TenantFeed::fewest_marks);
    CHECK(feed.is_good(kept));
    News news = news_of(1);
    news.marks = {{connection.subject, Timestamp(6s)}};
    look(news);
    CHECK_FALSE(feed.is_good(kept));
}

TEST_CASE_FIXTURE(Fixture, "marks of all copies are remembered, however many there are") {
    std::vector<ReadyDocument> copies(3 * TenantFeed::fewest_marks);
    for (std::size_t i = 0; i < copies.size(); ++i) {
        copies[i].stamps = {feed.stamp(id_of(std::to_string(i)), {})};
    }
    News news = news_of(1);
    for (std::size_t i = 0; i < copies.size(); i += 2) {
        news.marks.push_back({id_of(std::to_string(i)), Timestamp(1s)});
    }
    look(news);
    for (std::size_t i = 0; i < copies.size(); ++i)
        CHECK(feed.is_good(copies[i]) == (i % 2 == 1));
    CHECK(feed.marks_remembered() == copies.size());
}
