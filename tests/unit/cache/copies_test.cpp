#include "services/cache/copies.hpp"

#include <doctest/doctest.h>

#include <functional>
#include <utility>

using namespace tributary;
using namespace std::chrono_literals;
using cache::Copies;
using cache::DocumentKey;
using cache::ReadyDocument;
using domain::Result;
using domain::Timestamp;
using domain::Uuid;
using domain::ports::Commit;
using domain::ports::News;
using domain::ports::OwnNews;
using domain::ports::Task;

namespace {

Uuid id_of(std::string_view name) {
    return domain::named_uuid({}, name);
}

/// Whoever looks at it may have something happen first.
struct EventfulClock final : domain::ports::Clock {
    [[nodiscard]] Timestamp now() const override { return {}; }

    [[nodiscard]] std::chrono::steady_clock::time_point steady_now() const override {
        if (const auto happens = std::exchange(next, {})) happens();
        return std::chrono::steady_clock::time_point{1h};
    }

    Task<Result<void>> sleep(std::chrono::steady_clock::duration) override { co_return Result<void>(); }

    mutable std::function<void()> next;
};

Commit commit(std::int64_t number) {
    return {number, Timestamp(std::chrono::seconds(1'000 + number))};
}

/// One document, of which a copy was made at commit 7.
struct Fixture {
    EventfulClock clock;
    Copies copies{std::size_t{1024} * 1024, clock};
    Uuid tenant = id_of("tenant");
    DocumentKey key{tenant, id_of("document"), false};
    std::shared_ptr<cache::TenantFeed> feed;

    Fixture() {
        copies.on_first_read([](const Uuid&, const std::shared_ptr<cache::TenantFeed>&) {});
        feed = copies.feed_of(tenant);
        News news;
        news.head = commit(7);
        copies.looked(tenant, *feed, news, std::chrono::steady_clock::time_point{1h});
        keep(7);
    }

    void keep(std::int64_t loaded_at) {
        auto made = std::make_shared<ReadyDocument>();
        made->feed = feed;
        made->loaded_at = loaded_at;
        copies.keep(key, std::move(made));
    }

    void change(std::int64_t at) {
        OwnNews news;
        news.tenant = tenant;
        news.commits = {commit(at), commit(at)};
        news.documents = {key.document};
        copies.heard(news);
    }
};

}  // namespace

TEST_CASE_FIXTURE(Fixture, "a copy is found with the position up to which it is known to be good") {
    const auto found = copies.find(key, std::nullopt);
    REQUIRE(found.copy);
    CHECK(found.copy->loaded_at == 7);
    CHECK(found.position == position_of(commit(7)));
}

TEST_CASE("a copy that changes while it is looked for is not sent under the position of its change") {
    for (const bool asks_for_it : {false, true}) {
        Fixture fresh;
        fresh.clock.next = [&] { fresh.change(8); };
        const auto wanted = asks_for_it ? std::optional(position_of(commit(8))) : std::nullopt;
        CHECK_FALSE(fresh.copies.find(fresh.key, wanted).copy);
        CHECK(fresh.feed->position() == position_of(commit(8)));
    }
}

TEST_CASE_FIXTURE(Fixture, "a copy that gives way to another while it is looked for is not sent") {
    clock.next = [&] {
        change(8);
        keep(8);
    };
    CHECK_FALSE(copies.find(key, std::nullopt).copy);
    const auto now = copies.find(key, position_of(commit(8)));
    REQUIRE(now.copy);
    CHECK(now.copy->loaded_at == 8);
    CHECK(now.position == position_of(commit(8)));
}
