// What pages differ by travels with the run, whoever owns it, and becomes entries when the run ends.

#include <doctest/doctest.h>

#include "scripted_provider.hpp"

using namespace tributary;
using namespace tributary::tests;
using domain::DriftKind;
using domain::ports::DriftEntry;

namespace {

struct DriftFixture : RunFixture {
    DriftFixture() {
        script.paging = domain::ports::Paging::cursor;
        script.page_limit = 2;
        script.listed = {"a", "b", "c", "d", "e", "f"};
        script.drift = {{DriftKind::new_field, "nickname", "string"}};
    }

    std::vector<DriftEntry> entries() { return good(store.drift().drift(tenant, {})); }
};

}  // namespace

TEST_CASE_FIXTURE(DriftFixture, "the differences of a run become entries, and another run counts on") {
    REQUIRE(run());
    auto kept = entries();
    REQUIRE(kept.size() == 1);
    const DriftEntry first = kept[0];
    CHECK(first.provider == "upvest");
    CHECK(first.stream == "accounts");
    CHECK(first.note == script.drift[0]);
    CHECK(first.state == "open");
    CHECK(first.times == 3);
    CHECK(first.connection_id == connection.id);
    CHECK(first.first_seen_at == first.last_seen_at);
    REQUIRE(run());
    kept = entries();
    REQUIRE(kept.size() == 1);
    CHECK(kept[0].id == first.id);
    CHECK(kept[0].times == 6);
    CHECK(kept[0].first_seen_at == first.first_seen_at);
    CHECK(kept[0].last_seen_at > first.last_seen_at);
    CHECK(kept[0].run_id != first.run_id);
}

TEST_CASE_FIXTURE(DriftFixture, "differences of committed pages outlive the owner who saw them") {
    const auto stopped = run([this] { return live() != "4"; });
    REQUIRE_FALSE(stopped);
    CHECK(live() == "4");
    CHECK(entries().empty());
    script.drift.clear();
    REQUIRE(run());
    const auto kept = entries();
    REQUIRE(kept.size() == 1);
    CHECK(kept[0].times == 2);
}

TEST_CASE_FIXTURE(DriftFixture, "a run that fails midway still tells what it saw") {
    script.refuses_page = [](const domain::ports::PageRequest& request) {
        return request.cursor ? std::optional(domain::Errc::unavailable) : std::nullopt;
    };
    REQUIRE(run());
    CHECK(entries().size() == 1);
}
