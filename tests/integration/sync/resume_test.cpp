// A run whose owner died: the next one goes on from the last committed page.

#include <doctest/doctest.h>

#include "adapters/postgres/transaction.hpp"
#include "domain/json/parse.hpp"
#include "domain/json/write.hpp"
#include "scripted_provider.hpp"

using namespace tributary;
using namespace tributary::tests;
using domain::ports::Paging;

namespace {

using Texts = std::vector<std::string>;

struct ResumeFixture : RunFixture {
    ResumeFixture() {
        for (int i = 1; i <= 7; ++i) {
            script.listed.insert("k" + std::to_string(i));
        }
        script.page_limit = 3;
    }

    /// Runs until so many pages were asked for, and leaves the run there.
    void stop_after(std::size_t pages) {
        const auto stopped = run([this, pages] { return script.asked.size() < pages; });
        REQUIRE_FALSE(stopped);
        CHECK(stopped.error().code == domain::Errc::cancelled);
        script.asked.clear();
    }

    /// Goes on with the run that was left; what it says of a stream.
    json::Value finish(const std::string& stream = "accounts") {
        result = run();
        REQUIRE(result);
        const auto report = json::parse(result->outcome.report);
        for (const json::Value& told : *report->root.find("streams")->if_array()) {
            if (*told.find("stream")->if_string() == stream) return told;
        }
        FAIL("the run tells nothing of this stream");
        return {};
    }

    domain::Result<sync::RunResult> result = sync::RunResult{};
};

std::string text(const json::Value& told, std::string_view key) {
    const json::Value* value = told.find(key);
    return value == nullptr ? "" : value->if_string() != nullptr ? *value->if_string() : json::write(*value);
}

}  // namespace

TEST_CASE_FIXTURE(ResumeFixture,
                  "a cursor walk goes on from the last committed page, proves nothing and removes nothing") {
    script.paging = Paging::cursor;
    REQUIRE(run());
    script.asked.clear();
    script.listed.erase("k1");
    script.listed.insert("k8");
    script.refuses_read = [](const std::string&) { return std::optional(domain::Errc::gone); };
    stop_after(2);
    const json::Value told = finish();
    CHECK(script.asked == Texts{"accounts after k7"});
    CHECK(text(told, "verdict") == "unproven");
    CHECK(text(told, "reason").find("resumed") != std::string::npos);
    CHECK(text(told, "items_read") == "7");
    CHECK(text(told, "unchanged") == "6");
    CHECK(text(told, "created") == "1");
    CHECK(told.find("verified_complete_at") == nullptr);
    CHECK(live() == "8");
    CHECK(result->outcome.state == "succeeded");
    CHECK(result->outcome.next_due_in < std::chrono::minutes(2));
    CHECK(result->outcome.next_due_in >= std::chrono::minutes(1));
    CHECK(value("SELECT count(*) FROM runs WHERE tenant_id = $T") == "2");

    CHECK(text(finish(), "verdict") == "complete");
    CHECK(live() == "7");
}

TEST_CASE_FIXTURE(ResumeFixture,
                  "a run whose owner died twice proves nothing and brings the next full walk forward") {
    script.paging = Paging::cursor;
    REQUIRE(run());
    script.asked.clear();
    stop_after(1);
    stop_after(1);
    const json::Value told = finish();
    CHECK(script.asked == Texts{"accounts after k6"});
    CHECK(text(told, "verdict") == "unproven");
    CHECK(text(told, "evidence").find("\"resumed\":true") != std::string::npos);
    CHECK(text(told, "unchanged") == "7");
    CHECK(result->outcome.state == "succeeded");
    CHECK(result->outcome.next_due_in < std::chrono::minutes(2));
    CHECK(result->outcome.next_due_in >= std::chrono::minutes(1));
    CHECK(value("SELECT count(*) FROM runs WHERE tenant_id = $T") == "2");

    CHECK(text(finish(), "verdict") == "complete");
}

TEST_CASE_FIXTURE(
    ResumeFixture,
    "a stream that was resumed before its run's owner died again brings the next full walk forward") {
    script.paging = Paging::cursor;
    script.groups = script.listed;
    REQUIRE(run());
    script.asked.clear();
    stop_after(1);
    stop_after(3);  // the rest of the accounts, and the first groups
    bool refused = false;
    script.refuses_page = [&refused](const domain::ports::PageRequest&) {
        return std::exchange(refused, true) ? std::nullopt : std::optional(domain::Errc::contract);
    };
    const json::Value accounts = finish("accounts");
    CHECK(script.asked == Texts{"groups after k3", "groups", "groups after k3", "groups after k6"});
    CHECK(text(accounts, "verdict") == "unproven");
    REQUIRE(result->outcome.streams.size() == 2);
    CHECK(result->outcome.streams[1].verdict == "complete");
    CHECK(result->outcome.next_due_in < std::chrono::minutes(2));
    CHECK(result->outcome.next_due_in >= std::chrono::minutes(1));
}

TEST_CASE_FIXTURE(ResumeFixture, "an offset walk goes on with the item before, and counts nothing twice") {
    script.paging = Paging::offset;
    stop_after(2);
    const json::Value told = finish();
    CHECK(script.asked == Texts{"accounts from 4", "accounts from 6"});
    CHECK(text(told, "verdict") == "unproven");
    CHECK(text(told, "created") == "7");
    CHECK(live() == "7");
}

TEST_CASE_FIXTURE(ResumeFixture,
                  "an offset walk whose items moved while nobody read starts over and is complete") {
    script.paging = Paging::offset;
    stop_after(2);
    script.listed.erase("k1");
    script.listed.insert("k9");  // the total is what it was
    const json::Value told = finish();
    CHECK(script.asked ==
          Texts{"accounts from 4", "accounts", "accounts from 2", "accounts from 4", "accounts from 6"});
    CHECK(text(told, "verdict") == "complete");
    CHECK(text(told, "evidence").find("\"restarts\":1") != std::string::npos);
}

TEST_CASE_FIXTURE(ResumeFixture, "an offset walk whose total moved while nobody read starts over") {
    script.paging = Paging::offset;
    stop_after(2);
    script.listed.insert("k9");
    CHECK(text(finish(), "verdict") == "complete");
}

TEST_CASE_FIXTURE(ResumeFixture,
                  "a cursor that the provider no longer takes costs a walk from the beginning") {
    script.paging = Paging::cursor;
    stop_after(2);
    bool refused = false;
    script.refuses_page = [&refused](const domain::ports::PageRequest&) {
        return std::exchange(refused, true) ? std::nullopt : std::optional(domain::Errc::contract);
    };
    const json::Value told = finish();
    CHECK(script.asked.front() == "accounts after k6");
    CHECK(script.asked.at(1) == "accounts");
    CHECK(text(told, "verdict") == "complete");
    CHECK(result->outcome.error_code.empty());
}

TEST_CASE_FIXTURE(ResumeFixture, "a provider that refuses the first page too is not asked for ever") {
    script.paging = Paging::cursor;
    stop_after(2);
    script.refuses_page = [](const domain::ports::PageRequest&) {
        return std::optional(domain::Errc::contract);
    };
    CHECK(text(finish(), "verdict") == "partial");
    CHECK(script.asked.size() == 2);
}

TEST_CASE_FIXTURE(ResumeFixture, "streams that were done keep their verdict and are not asked for again") {
    script.paging = Paging::cursor;
    script.groups = script.listed;
    stop_after(5);
    const json::Value accounts = finish("accounts");
    CHECK(script.asked == Texts{"groups after k6"});
    CHECK(text(accounts, "verdict") == "complete");
    CHECK(text(accounts, "created") == "7");
    REQUIRE(result->outcome.streams.size() == 2);
    CHECK(result->outcome.streams[0].verified_complete_at);
    CHECK(result->outcome.streams[1].verdict == "unproven");
}

TEST_CASE_FIXTURE(
    ResumeFixture,
    "a run that died between two streams reads the last page of the first again, and proves the second") {
    script.paging = Paging::cursor;
    script.groups = script.listed;
    stop_after(3);
    const json::Value groups = finish("groups");
    CHECK(script.asked == Texts{"accounts after k6", "groups", "groups after k3", "groups after k6"});
    CHECK(text(groups, "verdict") == "complete");
    CHECK(result->outcome.streams[0].verdict == "unproven");
}

TEST_CASE_FIXTURE(ResumeFixture, "a stream that is no more is not gone on with") {
    script.paging = Paging::cursor;
    script.groups = script.listed;
    stop_after(4);
    script.groups.reset();
    const json::Value accounts = finish("accounts");
    CHECK(script.asked.empty());
    CHECK(text(accounts, "verdict") == "complete");
    CHECK(result->outcome.streams.size() == 1);
}

TEST_CASE_FIXTURE(ResumeFixture, "progress that nobody can read costs a walk from the beginning") {
    script.paging = Paging::cursor;
    stop_after(2);
    good(store.pool().run({tenant}, [](postgres::Transaction& tx) {
        tx.exec("UPDATE runs SET counts = 'x', resume = '[1' WHERE state = 'running'");
    }));
    CHECK(text(finish(), "verdict") == "complete");
    CHECK(script.asked.size() == 3);
}
