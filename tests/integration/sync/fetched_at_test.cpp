// Since when a stream's data are as they were at the provider.

#include <doctest/doctest.h>

#include "scripted_provider.hpp"

using namespace tributary;
using namespace tributary::tests;
using namespace std::chrono_literals;
using domain::ports::Paging;

namespace {

/// Three pages, each of which takes ten seconds.
struct ThreePages : RunFixture {
    ThreePages() {
        script.listed = {"k1", "k2", "k3", "k4", "k5"};
        script.paging = Paging::cursor;
        script.page_limit = 2;
        script.sleeps = 10s;
    }

    [[nodiscard]] domain::ports::StreamState stored() {
        return good(store.connections().connection(tenant, connection.id)).streams.front();
    }

    static domain::Timestamp second(std::chrono::seconds passed) {
        return domain::Timestamp(std::chrono::duration_cast<domain::Timestamp::duration>(passed));
    }
};

}  // namespace

TEST_CASE_FIXTURE(ThreePages, "a walk's objects are as fresh as its first page, whatever changes behind it") {
    script.refuses_page = [this](const domain::ports::PageRequest& request) -> std::optional<domain::Errc> {
        if (request.cursor) script.listed.insert("k0");
        return std::nullopt;
    };
    REQUIRE(run());
    CHECK(clock.passed == 30s);
    CHECK(live() == "5");
    CHECK(stored().verdict == "complete");
    CHECK(stored().fetched_at == second(0s));
    CHECK(stored().verified_complete_at == second(0s));
    REQUIRE(run());
    CHECK(live() == "6");
    CHECK(stored().fetched_at == second(30s));
}

TEST_CASE_FIXTURE(ThreePages, "a walk that fails at its second page makes nothing fresh") {
    REQUIRE(run());
    const auto before = stored().fetched_at;
    REQUIRE(before.has_value());
    script.refuses_page = [](const domain::ports::PageRequest& request) {
        return request.cursor ? std::optional(domain::Errc::contract) : std::nullopt;
    };
    REQUIRE(run());
    CHECK(stored().verdict == "partial");
    CHECK(stored().fetched_at == before);
}

TEST_CASE_FIXTURE(ThreePages, "a walk that another owner ends is as fresh as its first owner's first page") {
    REQUIRE_FALSE(run([this] { return script.asked.empty(); }));
    REQUIRE(run());
    CHECK(clock.passed == 30s);
    CHECK(stored().verdict == "unproven");
    CHECK(stored().fetched_at == second(0s));
    CHECK_FALSE(stored().verified_complete_at);
}

TEST_CASE_FIXTURE(ThreePages, "a walk that begins again is as fresh as where it began last") {
    script.paging = Paging::offset;
    script.refuses_page = [this](const domain::ports::PageRequest&) -> std::optional<domain::Errc> {
        // Behind what was read, so that the next page does not begin where this one ended.
        if (script.asked.size() == 2) script.listed.erase("k1");
        return std::nullopt;
    };
    REQUIRE(run());
    CHECK(stored().verdict == "complete");
    CHECK(stored().fetched_at == second(20s));
}
