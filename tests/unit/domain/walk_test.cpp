#include "domain/walk.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <random>

using namespace tributary::domain;
using ports::Paging;
using ports::StreamFacts;

namespace {

StreamFacts facts(Paging paging, std::uint32_t limit = 3, bool gives_total = true) {
    StreamFacts made;
    made.name = "things";
    made.paging = paging;
    made.page_limit = limit;
    made.has_total = paging == Paging::offset && gives_total;
    return made;
}

/// An offset-paged provider whose collection may change between answers.
struct Collection {
    std::vector<std::string> items;
    bool gives_total = true;

    [[nodiscard]] Page answer(const ports::PageRequest& request) const {
        Page page;
        if (gives_total) {
            page.total = items.size();
        }
        for (std::size_t i = request.offset; i < items.size() && page.item_keys.size() < request.limit; ++i) {
            page.item_keys.push_back(items[i]);
        }
        return page;
    }
};

Page cursor_page(std::vector<std::string> keys, std::optional<std::string> next) {
    Page page;
    page.item_keys = std::move(keys);
    page.next_cursor = std::move(next);
    return page;
}

}  // namespace

TEST_CASE("an offset walk overlaps its pages by one item and is complete when count and total agree") {
    const Collection things{{"a", "b", "c", "d", "e", "f"}};
    Walk walk(facts(Paging::offset));
    std::vector<std::uint64_t> offsets;
    while (!walk.finished()) {
        offsets.push_back(walk.next().offset);
        REQUIRE(walk.take(things.answer(walk.next())));
    }
    CHECK(offsets == std::vector<std::uint64_t>{0, 2, 4});
    CHECK(walk.verdict() == Completeness::complete);
    CHECK(walk.saw("a"));
    CHECK(walk.saw("f"));
    CHECK_FALSE(walk.saw("g"));
}

TEST_CASE("a walk that ends on a full page looks once more, and is complete where nothing follows") {
    const Collection things{{"a", "b", "c", "d", "e"}};
    Walk walk(facts(Paging::offset));
    std::vector<std::uint64_t> offsets;
    while (!walk.finished()) {
        offsets.push_back(walk.next().offset);
        REQUIRE(walk.take(things.answer(walk.next())));
    }
    CHECK(offsets == std::vector<std::uint64_t>{0, 2, 4});
    CHECK(walk.verdict() == Completeness::complete);
}

TEST_CASE("a total that is too small or too big proves nothing") {
    const Collection things{{"a", "b", "c", "d", "e", "f", "g"}};
    for (const std::uint64_t total : {3U, 5U, 6U, 8U, 1'000'000'000U}) {
        CAPTURE(total);
        Walk walk(facts(Paging::offset));
        int requests = 0;
        while (!walk.finished() && requests < 100) {
            ++requests;
            Page page = things.answer(walk.next());
            page.total = total;
            REQUIRE(walk.take(page));
        }
        CHECK(walk.finished());
        CHECK(walk.verdict() == Completeness::partial);
    }
}

TEST_CASE("an empty collection is complete") {
    Walk walk(facts(Paging::offset));
    REQUIRE(walk.take(Collection{}.answer(walk.next())));
    CHECK(walk.finished());
    CHECK(walk.verdict() == Completeness::complete);
}

TEST_CASE("an offset walk without a total is complete once a page holds the overlap alone") {
    for (std::uint32_t limit = 2; limit <= 5; ++limit) {
        Collection things{{}, false};
        for (int size = 0; size <= 12; ++size) {
            CAPTURE(limit);
            CAPTURE(size);
            Walk walk(facts(Paging::offset, limit, false));
            while (!walk.finished()) {
                REQUIRE(walk.take(things.answer(walk.next())));
            }
            CHECK(walk.verdict() == Completeness::complete);
            CHECK(std::ranges::all_of(things.items, [&](const auto& item) { return walk.saw(item); }));
            things.items.push_back("i" + std::to_string(size));
        }
    }
}

TEST_CASE("a walk is unproven where the stream gives a total and an answer left it out") {
    const Collection things{{"a", "b", "c", "d"}, false};
    Walk walk(facts(Paging::offset));
    while (!walk.finished()) {
        REQUIRE(walk.take(things.answer(walk.next())));
    }
    CHECK(walk.verdict() == Completeness::unproven);
    CHECK(walk.reason() == "The provider left out how many items the stream has.");
}

TEST_CASE("a cursor walk is unproven where its last page left out whether more follows") {
    for (const bool unsaid : {false, true}) {
        Walk walk(facts(Paging::cursor));
        Page first;
        first.item_keys = {"a"};
        first.next_cursor = "2";
        REQUIRE(walk.take(first));
        Page last;
        last.item_keys = {"b"};
        last.end_unsaid = unsaid;
        REQUIRE(walk.take(last));
        CHECK(walk.finished());
        CHECK(walk.verdict() == (unsaid ? Completeness::unproven : Completeness::complete));
        CHECK(walk.saw("b"));
    }
}

TEST_CASE("pages with room for the overlap alone prove nothing without a total") {
    Walk walk(facts(Paging::offset, 1, false));
    const Collection things{{"a", "b"}, false};
    while (!walk.finished()) {
        REQUIRE(walk.take(things.answer(walk.next())));
    }
    CHECK(walk.verdict() == Completeness::partial);
}

TEST_CASE("one item removed and one added between pages is noticed and the walk starts again") {
    Collection things{{"a", "b", "c", "d", "e", "f"}};
    Walk walk(facts(Paging::offset));
    REQUIRE(walk.take(things.answer(walk.next())));
    things.items = {"b", "c", "d", "e", "f", "g"};
    while (!walk.finished()) {
        REQUIRE(walk.take(things.answer(walk.next())));
    }
    CHECK(walk.verdict() == Completeness::complete);
    CHECK(walk.saw("d"));
    CHECK_FALSE(walk.saw("a"));
}

TEST_CASE("a collection that never holds still is partial after three restarts and says why") {
    Collection things{{"a", "b", "c", "d", "e", "f"}};
    Walk walk(facts(Paging::offset));
    for (int i = 0; !walk.finished() && i < 100; ++i) {
        REQUIRE(walk.take(things.answer(walk.next())));
        things.items.insert(things.items.begin(), "new" + std::to_string(i));
    }
    CHECK(walk.finished());
    CHECK(walk.verdict() == Completeness::partial);
    CHECK_FALSE(walk.reason().empty());
}

TEST_CASE("a live item is never unseen by a complete walk, whatever happens between the pages") {
    std::mt19937 random(20261121);
    int completed = 0;
    int completed_without_total = 0;
    for (int round = 0; round < 4'000; ++round) {
        Collection things{{}, round % 2 == 0};
        for (int i = 0; i < 12; ++i) {
            things.items.push_back("i" + std::to_string(i));
        }
        const std::vector<std::string> at_first = things.items;
        Walk walk(facts(Paging::offset, 4, things.gives_total));
        int next = 100;
        while (!walk.finished()) {
            REQUIRE(walk.take(things.answer(walk.next())));
            if (random() % 3 == 0 && !things.items.empty()) {
                things.items.erase(things.items.begin() +
                                   static_cast<std::ptrdiff_t>(random() % things.items.size()));
            }
            if (random() % 3 == 0) {
                things.items.push_back("i" + std::to_string(next++));
            }
        }
        if (walk.verdict() != Completeness::complete) {
            continue;
        }
        ++(things.gives_total ? completed : completed_without_total);
        for (const std::string& item : at_first) {
            const bool alive = std::ranges::find(things.items, item) != things.items.end();
            REQUIRE((!alive || walk.saw(item)));
        }
    }
    CHECK(completed > 100);
    CHECK(completed_without_total > 100);
}

TEST_CASE("a cursor walk ends where no next cursor is given") {
    Walk walk(facts(Paging::cursor));
    CHECK_FALSE(walk.next().cursor.has_value());
    REQUIRE(walk.take(cursor_page({"a"}, "c1")));
    CHECK(walk.next().cursor == "c1");
    REQUIRE(walk.take(cursor_page({"b"}, std::nullopt)));
    CHECK(walk.verdict() == Completeness::complete);
}

TEST_CASE("a cursor that comes again ends the walk as partial instead of looping for ever") {
    Walk walk(facts(Paging::cursor));
    REQUIRE(walk.take(cursor_page({"a"}, "c1")));
    REQUIRE(walk.take(cursor_page({"b"}, "c2")));
    const auto taken = walk.take(cursor_page({"c"}, "c1"));
    REQUIRE_FALSE(taken.has_value());
    CHECK(taken.error().code == Errc::contract);
    CHECK(walk.verdict() == Completeness::partial);
}

TEST_CASE("a walk that was resumed proves nothing") {
    Walk walk(facts(Paging::cursor), ResumePoint{"c7", 0});
    CHECK(walk.next().cursor == "c7");
    REQUIRE(walk.take(cursor_page({"z"}, std::nullopt)));
    CHECK(walk.verdict() == Completeness::unproven);
}

TEST_CASE("a walk stopped by a failed request is partial") {
    Walk walk(facts(Paging::offset));
    REQUIRE(walk.take(Collection{{"a", "b", "c", "d"}}.answer(walk.next())));
    walk.stop("The provider answered 500.");
    CHECK(walk.finished());
    CHECK(walk.verdict() == Completeness::partial);
    CHECK(walk.reason() == "The provider answered 500.");
}

TEST_CASE("an offset walk that is resumed must meet the item it stopped at, or starts over") {
    Collection things{{"a", "b", "c", "d", "e", "f", "g"}};
    Walk first(facts(Paging::offset));
    REQUIRE(first.take(things.answer(first.next())));
    const ResumePoint point = first.resume_point();
    CHECK(point == ResumePoint{std::nullopt, 2, "c", 7});

    Walk same(facts(Paging::offset), point);
    CHECK(same.at_resume_point());
    while (!same.finished()) {
        REQUIRE(same.take(things.answer(same.next())));
    }
    CHECK(same.verdict() == Completeness::unproven);
    CHECK_FALSE(same.at_resume_point());

    things.items = {"b", "c", "d", "e", "f", "g", "h"};
    Walk shifted(facts(Paging::offset), point);
    while (!shifted.finished()) {
        REQUIRE(shifted.take(things.answer(shifted.next())));
    }
    CHECK(shifted.verdict() == Completeness::complete);
    CHECK(shifted.saw("b"));

    things.items = {"a"};
    Walk shrunk(facts(Paging::offset), point);
    while (!shrunk.finished()) {
        REQUIRE(shrunk.take(things.answer(shrunk.next())));
    }
    CHECK(shrunk.verdict() == Completeness::complete);
    CHECK_FALSE(shrunk.saw("c"));
}

TEST_CASE("a walk that starts over forgets where it was resumed and proves what it sees") {
    Walk walk(facts(Paging::cursor), ResumePoint{"stale", 0});
    CHECK(walk.next().cursor == "stale");
    walk.start_over();
    CHECK_FALSE(walk.next().cursor);
    REQUIRE(walk.take(cursor_page({"a"}, std::nullopt)));
    CHECK(walk.verdict() == Completeness::complete);
}

TEST_CASE("a point at the beginning or of another paging resumes nothing") {
    for (const Paging paging : {Paging::cursor, Paging::offset, Paging::single}) {
        CHECK_FALSE(Walk(facts(paging), ResumePoint{}).at_resume_point());
    }
    CHECK_FALSE(Walk(facts(Paging::single), ResumePoint{"c", 3}).at_resume_point());
    CHECK_FALSE(Walk(facts(Paging::offset), ResumePoint{"c", 0}).at_resume_point());
    CHECK_FALSE(Walk(facts(Paging::cursor), ResumePoint{std::nullopt, 3}).at_resume_point());
}

TEST_CASE("a cursor walk stops when three pages in a row bring nothing new and still name another") {
    Walk walk(facts(Paging::cursor));
    REQUIRE(walk.take(cursor_page({"a", "b"}, "1")));
    REQUIRE(walk.take(cursor_page({}, "2")));
    REQUIRE(walk.take(cursor_page({"b"}, "3")));
    REQUIRE(walk.take(cursor_page({"c"}, "4")));
    REQUIRE(walk.take(cursor_page({}, "5")));
    REQUIRE(walk.take(cursor_page({"a"}, "6")));
    const auto taken = walk.take(cursor_page({"c"}, "7"));
    REQUIRE(!taken);
    CHECK(taken.error().code == Errc::contract);
    CHECK(walk.finished());
    CHECK(walk.verdict() == Completeness::partial);
}
