#include <doctest/doctest.h>

#include <algorithm>
#include <random>
#include <set>

#include "domain/facet.hpp"
#include "tests/support/store_fixture.hpp"

using namespace tributary;
using namespace tests;
using namespace domain::ports;
using domain::EntityKind;

namespace {

/// Accounts whose facets, creation and change differ from each other, in an order that is that of no id.
struct Accounts : StoreFixture {
    Commit put(std::string_view name, std::vector<std::string> facets, bool removed = false) {
        Commit commit;
        must([&](PageTransaction& page) {
            const auto before = good(page.documents(std::vector{id_of(name)}));
            const std::string content = R"({"n":)" + std::to_string(++writes_) + "}";
            DocumentWrite write = document(EntityKind::account, name, content,
                                           before.empty() ? std::nullopt : std::optional(before.front()));
            write.facets = std::move(facets);
            write.removed = removed;
            commit = good(page.commit_documents(by_operator, std::vector{write}));
        });
        return commit;
    }

    /// The names of all documents, page by page.
    std::vector<std::string> walk(ListQuery query, const std::vector<std::string>& names,
                                  std::optional<Moment> moment = std::nullopt) {
        std::vector<std::string> seen;
        DocumentPage page;
        do {
            page = good(store.reads().list({tenant, moment}, query));
            for (const StoredDocument& shown : page.documents) {
                const auto name = std::ranges::find_if(
                    names, [&shown](const std::string& known) { return id_of(known) == shown.id; });
                seen.push_back(name == names.end() ? "?" : *name);
            }
            moment = page.moment;
            query.after = page.last;
        } while (page.more);
        return seen;
    }

  private:
    int writes_ = 0;
};

using Names = std::vector<std::string>;

ListQuery ordered(ListOrder order, bool descending, std::size_t limit = 2) {
    ListQuery query = list_of(EntityKind::account, limit);
    query.order = order;
    query.descending = descending;
    return query;
}

}  // namespace

TEST_CASE_FIXTURE(Accounts,
                  "a list in the order of creation or change gives every object once, in either direction") {
    const Names names{"a", "b", "c", "d", "e"};
    for (const std::string& name : names) {
        put(name, {});
    }
    put("b", {});
    put("a", {});
    CHECK(walk(ordered(ListOrder::created_at, false), names) == names);
    CHECK(walk(ordered(ListOrder::created_at, true), names) == Names{"e", "d", "c", "b", "a"});
    CHECK(walk(ordered(ListOrder::changed_at, false), names) == Names{"c", "d", "e", "b", "a"});
    CHECK(walk(ordered(ListOrder::changed_at, true), names) == Names{"a", "b", "e", "d", "c"});
    auto down = walk(ordered(ListOrder::id, true), names);
    std::ranges::reverse(down);
    CHECK(down == walk(ordered(ListOrder::id, false), names));
}

TEST_CASE_FIXTURE(Accounts,
                  "a list in any order shows the moment of its first page, whatever changes meanwhile") {
    Names names;
    for (int i = 0; i < 9; ++i) {
        names.push_back("n" + std::to_string(i));
        put(names.back(), {});
    }
    put("n4", {}, true);
    for (const ListOrder order : {ListOrder::id, ListOrder::created_at, ListOrder::changed_at}) {
        for (const bool descending : {false, true}) {
            CAPTURE(static_cast<int>(order));
            CAPTURE(descending);
            const Names before = walk(ordered(order, descending, 50), names);
            REQUIRE(before.size() == 8);
            ListQuery query = ordered(order, descending, 3);
            const DocumentPage first = good(store.reads().list({tenant}, query));
            query.after = first.last;
            put("n1", {});
            put("n7", {});
            put("n4", {});
            put("late", {});
            Names after(before.begin(), before.begin() + 3);
            std::ranges::copy(walk(query, names, first.moment), std::back_inserter(after));
            CHECK(after == before);
            put("n4", {}, true);
            put("late", {}, true);
        }
    }
}

TEST_CASE_FIXTURE(Accounts, "filters choose the objects that have all of them, as they were at that moment") {
    const auto of = [](std::string_view provider, std::string_view status) {
        return Names{domain::facet("provider", provider), domain::facet("status", status),
                     domain::connection_facet(id_of("connection"))};
    };
    const Names names{"a", "b", "c", "d"};
    put("a", of("upvest", "active"));
    put("b", of("upvest", "closed"));
    put("c", of("tdx", "active"));
    const Commit moment = put("d", {});
    ListQuery query = ordered(ListOrder::created_at, false, 1);
    query.facets = {"provider=upvest"};
    CHECK(walk(query, names) == Names{"a", "b"});
    query.facets = {"provider=upvest", "status=active"};
    CHECK(walk(query, names) == Names{"a"});
    query.facets = {domain::connection_facet(id_of("connection"))};
    CHECK(walk(query, names) == Names{"a", "b", "c"});
    query.facets = {"provider=upv"};
    CHECK(walk(query, names).empty());

    put("a", of("upvest", "closed"));
    put("b", of("upvest", "closed"), true);
    query.facets = {"status=active"};
    CHECK(walk(query, names) == Names{"c"});
    CHECK(walk(query, names, moment) == Names{"a", "c"});
    query.facets = {"status=closed"};
    CHECK(walk(query, names) == Names{"a"});
    query.include_removed = true;
    CHECK(walk(query, names) == Names{"a", "b"});
}

TEST_CASE_FIXTURE(Accounts, "a list of what changed since a time begins with the change of that very time") {
    const Names names{"a", "b", "c"};
    const Commit first = put("a", {});
    const Commit second = put("b", {});
    const Commit third = put("c", {});
    ListQuery query = ordered(ListOrder::changed_at, false, 1);
    query.changed_since = second.at;
    CHECK(walk(query, names) == Names{"b", "c"});
    query.changed_since = second.at + std::chrono::microseconds(1);
    CHECK(walk(query, names) == (second.at == third.at ? Names{} : Names{"c"}));
    query.changed_since = first.at - std::chrono::hours(1);
    CHECK(walk(query, names) == names);
    query.changed_since = third.at + std::chrono::hours(1);
    CHECK(walk(query, names).empty());

    put("a", {}, true);
    query.changed_since = third.at + std::chrono::microseconds(1);
    CHECK(walk(query, names).empty());
    query.include_removed = true;
    CHECK(walk(query, names) == Names{"a"});
    query.order = ListOrder::id;
    CHECK(walk(query, names) == Names{"a"});
}

TEST_CASE_FIXTURE(Accounts, "a version that the reader has is named, and its body is not read") {
    const Commit first = put("a", {});
    const Commit second = put("a", {});
    const auto read = [this](KnownVersions known) {
        return good(store.reads().document({tenant}, {EntityKind::account, id_of("a"), std::move(known)}))
            .document.value();
    };
    const KnownVersion one{1, first.at};
    const KnownVersion two{2, second.at};
    CHECK(read({{one, two}}).known);
    CHECK(read({{one, two}}).body.empty());
    CHECK(read({{one, two}}).version == 2);
    CHECK_FALSE(read({{one, {3, second.at}}}).known);
    CHECK_FALSE(read({{one, {3, second.at}}}).body.empty());
    // The same number, given away before a restore.
    CHECK_FALSE(read({{{2, second.at + std::chrono::microseconds(1)}}}).known);
    CHECK(read({{}, true}).known);
}

TEST_CASE_FIXTURE(Accounts,
                  "several objects come in the order asked, at one moment, and a hole where there is none") {
    put("a", {});
    const Commit newest = put("b", {}, false);
    const auto read = good(store.reads().batch({tenant}, EntityKind::account,
                                               {id_of("b"), id_of("nobody"), id_of("a"), id_of("b")}));
    CHECK(read.moment.number == newest.number);
    REQUIRE(read.documents.size() == 4);
    CHECK(read.documents[0].value().id == id_of("b"));
    CHECK_FALSE(read.documents[1]);
    CHECK(read.documents[2].value().id == id_of("a"));
    CHECK(read.documents[3].value().id == id_of("b"));
    const auto others = good(store.reads().batch({tenant}, EntityKind::customer, {id_of("a")}));
    CHECK_FALSE(others.documents.at(0));
}
