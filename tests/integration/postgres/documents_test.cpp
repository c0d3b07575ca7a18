#include <doctest/doctest.h>

#include <atomic>
#include <set>
#include <thread>

#include "domain/json/parse.hpp"
#include "tests/support/store_fixture.hpp"

using namespace tributary;
using namespace tests;
using namespace domain::ports;
using domain::EntityKind;
using domain::Result;

namespace {

/// Reads a document, changes its content and commits; makes it where it is missing.
Commit put(StoreFixture& fixture, std::string_view name, const std::string& content, bool removed = false) {
    Commit commit;
    fixture.must([&](PageTransaction& page) {
        const auto before = good(page.documents(std::vector{id_of(name)}));
        DocumentWrite write = document(EntityKind::account, name, content,
                                       before.empty() ? std::nullopt : std::optional(before.front()));
        write.removed = removed;
        write.sources = {{id_of("connection"), "accounts"}};
        commit = good(page.commit_documents(by_operator, std::vector{write}));
    });
    return commit;
}

std::string member(const std::string& body, std::string_view key) {
    const auto parsed = json::parse(body);
    const json::Value* found = parsed->root.find(key);
    if (found == nullptr) return "absent";
    return found->if_string() != nullptr ? *found->if_string() : found->if_number()->lexeme;
}

}  // namespace

TEST_CASE_FIXTURE(StoreFixture, "a document carries its version, when it was made and when it changed") {
    const Commit first = put(*this, "a", R"({"n":1})");
    const Commit second = put(*this, "a", R"({"n":2})");
    CHECK(first.number == 1);
    CHECK(second.number == 2);
    CHECK(second.at >= first.at);
    const auto read = good(store.reads().document({tenant}, {EntityKind::account, id_of("a")}));
    REQUIRE(read.document);
    CHECK(read.document->version == 2);
    CHECK(read.document->sources == std::vector<StreamRef>{{id_of("connection"), "accounts"}});
    CHECK(member(read.document->body, "n") == "2");
    CHECK(member(read.document->body, "version") == "2");
    CHECK(member(read.document->body, "created_at") == domain::to_text(first.at));
    CHECK(member(read.document->body, "changed_at") == domain::to_text(second.at));
    CHECK(member(read.document->body, "deleted_at") == "absent");
}

TEST_CASE_FIXTURE(StoreFixture,
                  "a removed document says when, keeps saying it, and is itself again when restored") {
    const Commit made = put(*this, "a", R"({"n":1})");
    const Commit removed = put(*this, "a", R"({"n":1})", true);
    put(*this, "a", R"({"n":3})", true);
    auto read = good(store.reads().document({tenant}, {EntityKind::account, id_of("a")}));
    CHECK(read.document->removed);
    CHECK(member(read.document->body, "deleted_at") == domain::to_text(removed.at));
    put(*this, "a", R"({"n":4})");
    read = good(store.reads().document({tenant}, {EntityKind::account, id_of("a")}));
    CHECK_FALSE(read.document->removed);
    CHECK(member(read.document->body, "deleted_at") == "absent");
    CHECK(member(read.document->body, "created_at") == domain::to_text(made.at));
    CHECK(value("SELECT string_agg(operation || ' ' || version, ', ' ORDER BY commit_no) FROM changes WHERE "
                "tenant_id = $T") == "created 1, removed 2, changed 3, restored 4");
}

TEST_CASE_FIXTURE(StoreFixture, "changes stand in the order given, under their commit, with its cause") {
    const domain::Uuid run = id_of("run");
    must([&](PageTransaction& page) {
        DocumentWrite b = document(EntityKind::customer, "b", "{}");
        b.diff = R"([{"path":"name","after":"b"}])";
        good(page.commit_documents({"run", run, std::nullopt},
                                   std::vector{b, document(EntityKind::account, "a", "{}")}));
    });
    CHECK(value("SELECT string_agg(ordinal || kind || diff, ' ' ORDER BY ordinal) FROM changes WHERE "
                "tenant_id = $T") == R"(1customer[{"path":"name","after":"b"}] 2account[])");
    CHECK(value("SELECT cause || run_id FROM commits WHERE tenant_id = $T") == "run" + domain::to_text(run));
}

TEST_CASE_FIXTURE(StoreFixture, "a commit of several megabytes is one, and its changes keep their order") {
    put(*this, "b", R"({"n":1})");
    const std::string large = R"({"n":")" + std::string(700'000, 'x') + R"("})";
    must([&](PageTransaction& page) {
        const auto before = good(page.documents(std::vector{id_of("b")}));
        std::vector<DocumentWrite> writes{document(EntityKind::account, "d", large),
                                          document(EntityKind::account, "b", large, before.at(0))};
        for (const char* name : {"c", "a", "e"}) {
            writes.push_back(document(EntityKind::account, name, large));
        }
        CHECK(good(page.commit_documents(by_operator, writes)).number == 2);
    });
    CHECK(value("SELECT string_agg(ordinal || operation || version, ' ' ORDER BY ordinal) FROM changes WHERE "
                "tenant_id = $T AND commit_no = 2") == "1created1 2changed2 3created1 4created1 5created1");
    CHECK(
        value("SELECT count(*) || ' ' || min(length(body)) / 700000 FROM documents WHERE tenant_id = $T AND "
              "commit_no = 2") == "5 1");
    CHECK(value("SELECT count(*) FROM history WHERE tenant_id = $T AND valid_to = 2") == "1");
}

TEST_CASE_FIXTURE(StoreFixture, "an empty set of documents takes no commit") {
    put(*this, "a", "{}");
    must([](PageTransaction& page) {
        CHECK(good(page.commit_documents(by_operator, std::vector<DocumentWrite>{})).number == 1);
    });
    CHECK(put(*this, "a", R"({"n":2})").number == 2);
}

TEST_CASE_FIXTURE(StoreFixture,
                  "a write based on a document that changed meanwhile runs the job again, and then fits") {
    put(*this, "a", "{}");
    int attempts = 0;
    must([&](PageTransaction& page) {
        const auto before = good(page.documents(std::vector{id_of("a")}));
        if (++attempts == 1) put(*this, "a", R"({"by":"somebody else"})");
        const auto committed = page.commit_documents(
            by_operator, std::vector{document(EntityKind::account, "a", R"({"by":"me"})", before.at(0))});
        CHECK(error_of(committed) == (attempts == 1 ? "conflict" : "none"));
    });
    CHECK(attempts == 2);
    const auto read = good(store.reads().document({tenant}, {EntityKind::account, id_of("a")}));
    CHECK(read.document->version == 3);
    CHECK(member(read.document->body, "by") == "me");
}

TEST_CASE_FIXTURE(StoreFixture, "one document twice in a commit is refused") {
    const auto outcome = page([](PageTransaction& page) -> Result<void> {
        const auto committed = page.commit_documents(
            by_operator,
            std::vector{document(EntityKind::account, "a", "{}"), document(EntityKind::account, "a", "{}")});
        return committed ? Result<void>() : std::unexpected(committed.error());
    });
    CHECK(error_of(outcome) == "contract");
}

TEST_CASE("commits of concurrent transactions are gapless and in commit order, also when some fail") {
    constexpr int threads = 4;
    constexpr int rounds = 40;
    StoreFixture fixture(threads);
    std::atomic<int> ended_otherwise{0};
    std::vector<std::thread> running;
    for (int thread = 0; thread < threads; ++thread) {
        running.emplace_back([&fixture, &ended_otherwise, thread] {
            for (int round = 0; round < rounds; ++round) {
                const bool given_up = round % 4 == 3;
                const std::string name = "t" + std::to_string(thread) + "r" + std::to_string(round);
                const auto ended = fixture.page([&](PageTransaction& page) -> Result<void> {
                    good(page.commit_documents(by_operator,
                                               std::vector{document(EntityKind::account, name, "{}")}));
                    return given_up
                               ? domain::fail(domain::Errc::invalid_input, "given up after taking a number")
                               : Result<void>();
                });
                if (ended.has_value() == given_up) ++ended_otherwise;
            }
        });
    }
    for (std::thread& thread : running) {
        thread.join();
    }
    CHECK(ended_otherwise == 0);
    const std::string expected = std::to_string(threads * rounds * 3 / 4);
    CHECK(fixture.value("SELECT count(*) FROM commits WHERE tenant_id = $T") == expected);
    CHECK(fixture.value("SELECT max(commit_no) FROM commits WHERE tenant_id = $T") == expected);
    CHECK(fixture.value("SELECT commit_no FROM feed_head WHERE tenant_id = $T") == expected);
    CHECK(fixture.value(
              "SELECT count(*) FROM (SELECT at < lag(at) OVER (ORDER BY commit_no) AS back FROM commits"
              " WHERE tenant_id = $T) AS steps WHERE back") == "0");
}

TEST_CASE_FIXTURE(StoreFixture,
                  "a walk over an older commit shows that moment, whatever was committed since") {
    std::vector<std::string> names;
    for (int i = 0; i < 7; ++i) {
        names.push_back("doc-" + std::to_string(i));
        put(*this, names.back(), R"({"n":1})");
    }
    put(*this, "doc-6", "{}", true);
    ListQuery query = list_of(EntityKind::account, 3);
    DocumentPage page = good(store.reads().list({tenant}, query));
    const Commit moment = page.moment;
    CHECK(moment.number == 8);

    // The world moves on under the walk.
    put(*this, "doc-0", R"({"n":2})");
    put(*this, "doc-0", R"({"n":3})");
    put(*this, "doc-1", "{}", true);
    put(*this, "doc-6", R"({"n":9})");
    put(*this, "doc-new", R"({"n":1})");

    std::set<domain::Uuid> seen;
    const ReadAt then{tenant, moment};
    for (;;) {
        CHECK(page.moment.number == moment.number);
        CHECK(page.moment.at == moment.at);
        for (const StoredDocument& shown : page.documents) {
            CHECK(member(shown.body, "n") == "1");
            CHECK(seen.insert(shown.id).second);
        }
        if (!page.more) break;
        query.after = page.last;
        page = good(store.reads().list(then, query));
    }
    CHECK(seen.size() == 6);
    CHECK_FALSE(seen.contains(id_of("doc-6")));
    CHECK_FALSE(seen.contains(id_of("doc-new")));

    query = list_of(EntityKind::account);
    query.include_removed = true;
    CHECK(good(store.reads().list(then, query)).documents.size() == 7);
    query = list_of(EntityKind::account);
    CHECK(good(store.reads().list({tenant}, query)).documents.size() == 7);
    CHECK(good(store.reads().list({tenant, 0}, query)).documents.empty());
    CHECK(error_of(store.reads().list({tenant, 10'000}, query)) == "invalid_input");
}
