#include "services/cache/follower.hpp"

#include <doctest/doctest.h>

#include <boost/asio/io_context.hpp>
#include <deque>

using namespace tributary;
using namespace std::chrono_literals;
using cache::Copies;
using cache::TenantFeed;
using domain::Result;
using domain::Timestamp;
using domain::Uuid;
using domain::ports::News;
using domain::ports::NewsQuery;
using domain::ports::Task;

namespace {

struct StillClock final : domain::ports::Clock {
    [[nodiscard]] Timestamp now() const override { return {}; }

    [[nodiscard]] std::chrono::steady_clock::time_point steady_now() const override { return at; }

    Task<Result<void>> sleep(std::chrono::steady_clock::duration) override { co_return Result<void>(); }

    std::chrono::steady_clock::time_point at{1h};
};

/// Answers each look with the next of these, and tells of none when there are no more.
struct Scripted final : domain::ports::NewsStore, domain::ports::FeedSignal {
    std::deque<Result<News>> script;
    std::vector<NewsQuery> asked;

    Task<Result<News>> news(Uuid, NewsQuery query) override {
        asked.push_back(query);
        REQUIRE_FALSE(script.empty());
        Result<News> next = std::move(script.front());
        script.pop_front();
        co_return next;
    }

    void announce(const Uuid&, std::int64_t) override {}

    Task<Result<void>> wait(Uuid, std::int64_t, std::chrono::milliseconds) override {
        if (script.empty()) co_return domain::fail(domain::Errc::cancelled, "The script is at its end.");
        co_return Result<void>();
    }

    void stop() override {}
};

domain::ports::Commit commit(std::int64_t number) {
    return {number, Timestamp(std::chrono::seconds(1'000 + number))};
}

News up_to(std::int64_t number) {
    News news;
    news.head = commit(number);
    return news;
}

struct Fixture {
    StillClock clock;
    Copies copies{std::size_t{1024} * 1024, clock};
    Scripted scripted;
    Uuid tenant = domain::named_uuid({}, "tenant");
    std::shared_ptr<TenantFeed> feed;
    boost::asio::io_context io;

    /// The script to its end, as it is followed from the first read on.
    void play(std::deque<Result<News>> script) {
        scripted.script = std::move(script);
        cache::follow_on(io.get_executor(), {scripted, scripted, clock, copies});
        feed = copies.feed_of(tenant);
        io.run();
    }
};

}  // namespace

TEST_CASE_FIXTURE(Fixture, "a follower goes on from what it reached, and a look that fails is made again") {
    play({up_to(7), domain::fail(domain::Errc::unavailable, "The database is away."), up_to(9)});
    REQUIRE(scripted.asked.size() == 3);
    CHECK_FALSE(scripted.asked[0].after.has_value());
    CHECK(scripted.asked[1].after == commit(7));
    CHECK(scripted.asked[2].after == commit(7));
}

TEST_CASE_FIXTURE(
    Fixture, "a follower that cannot be told everything gives its feed up, and the next read begins anew") {
    News too_much = up_to(90'000);
    too_much.whole = false;
    play({up_to(7), too_much});
    CHECK(feed->is_dead());
    CHECK(scripted.asked.size() == 2);
    CHECK(copies.feed_of(tenant) != feed);
}

TEST_CASE_FIXTURE(Fixture, "a follower that ends leaves no feed behind that would serve") {
    play({up_to(7)});
    CHECK(feed->is_dead());
    CHECK_FALSE(feed->serves(clock.at));
}

TEST_CASE("without memory nobody is followed and nothing kept") {
    StillClock clock;
    Copies copies(0, clock);
    bool followed = false;
    copies.on_first_read([&](const Uuid&, std::shared_ptr<TenantFeed>) { followed = true; });
    CHECK(copies.feed_of(domain::named_uuid({}, "tenant")) == nullptr);
    CHECK_FALSE(followed);
}

TEST_CASE_FIXTURE(Fixture, "of more tenants than are followed at once the later ones are not kept") {
    std::size_t followed = 0;
    copies.on_first_read([&](const Uuid&, std::shared_ptr<TenantFeed>) { ++followed; });
    for (std::size_t i = 0; i < Copies::most_tenants; ++i) {
        REQUIRE(copies.feed_of(domain::named_uuid({}, std::to_string(i))) != nullptr);
    }
    CHECK(copies.feed_of(tenant) == nullptr);
    CHECK(followed == Copies::most_tenants);
    const Uuid first = domain::named_uuid({}, "0");
    copies.give_up(first, *copies.feed_of(first));
    CHECK(copies.feed_of(tenant) != nullptr);
}
