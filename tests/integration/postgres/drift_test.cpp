#include <doctest/doctest.h>

#include <algorithm>

#include "tests/support/store_fixture.hpp"

using namespace tributary;
using namespace tests;
using namespace domain::ports;
using domain::DriftKind;
using domain::DriftSighting;

namespace {

DriftSighting seen(std::string path, std::uint64_t times = 1, std::string stream = "users") {
    return {std::move(stream), {DriftKind::new_field, std::move(path), "string"}, times};
}

struct DriftFixture : StoreFixture {
    domain::Uuid connection = connect("one").id;

    /// A run that saw this.
    domain::Uuid finish(const std::vector<DriftSighting>& drift) { return finish(connection, drift); }

    domain::Uuid finish(const domain::Uuid& of, const std::vector<DriftSighting>& drift) {
        good(store.connections().request_run(tenant, of, "manual"));
        const ClaimedRun claimed = claim(of);
        RunOutcome outcome = succeeded();
        outcome.drift = drift;
        good(store.connections().finish_run(tenant, {of, claimed.fence}, claimed.run_id, outcome));
        return claimed.run_id;
    }

    std::vector<DriftEntry> entries(DriftQuery query = {}) {
        return good(store.drift().drift(tenant, query));
    }
};

}  // namespace

TEST_CASE_FIXTURE(DriftFixture, "a fingerprint is one row for all connections of its provider") {
    const domain::Uuid other = connect("two").id;
    finish({seen("a", 2), seen("b")});
    const domain::Uuid last = finish(other, {seen("a", 3)});
    const auto all = entries();
    REQUIRE(all.size() == 2);
    const DriftEntry& a = all[0].note.path == "a" ? all[0] : all[1];
    CHECK(a.times == 5);
    CHECK(a.connection_id == other);
    CHECK(a.run_id == last);
}

TEST_CASE_FIXTURE(DriftFixture, "an accepted entry stays accepted however often it is seen again") {
    finish({seen("a")});
    const domain::Uuid id = entries().at(0).id;
    const DriftEntry accepted = good(store.drift().accept_drift(tenant, id, "a test"));
    CHECK(accepted.state == "accepted");
    CHECK(accepted.accepted_by == "a test");
    CHECK(good(store.drift().accept_drift(tenant, id, "somebody else")).accepted_by == "a test");
    finish({seen("a"), seen("b")});
    CHECK(entries({.state = "open"}).size() == 1);
    CHECK(entries({.state = "open"}).at(0).note.path == "b");
    CHECK(entries({.state = "accepted"}).at(0).times == 2);
    CHECK(error_of(store.drift().accept_drift(tenant, id_of("none"), "a test")) == "not_found");
}

TEST_CASE_FIXTURE(DriftFixture, "lists are filtered by equality and walked by id without gap or repetition") {
    std::vector<DriftSighting> many;
    for (int i = 0; i < 25; ++i) {
        many.push_back(seen("field_" + std::to_string(i), 1, i < 5 ? "accounts" : "users"));
    }
    finish(many);
    CHECK(entries({.stream = "accounts"}).size() == 5);
    CHECK(entries({.provider = "upvest", .stream = "users"}).size() == 20);
    CHECK(entries({.provider = "tdx"}).empty());
    DriftQuery query{.limit = 10};
    std::vector<domain::Uuid> walked;
    for (auto page = entries(query); !page.empty(); page = entries(query)) {
        for (const DriftEntry& entry : page) {
            walked.push_back(entry.id);
        }
        query.after = walked.back();
    }
    CHECK(walked.size() == 25);
    CHECK(std::ranges::is_sorted(walked));
}

TEST_CASE_FIXTURE(DriftFixture, "a stream keeps so many entries, and what is new then is summed in one") {
    std::vector<DriftSighting> many;
    for (std::size_t i = 0; i < domain::most_drift_entries; ++i) {
        many.push_back(seen("field_" + std::to_string(i)));
    }
    finish(many);
    finish({seen("field_0"), seen("new", 4), seen("newer", 5), seen("elsewhere", 1, "accounts")});
    finish({seen("newest", 6)});
    CHECK(entries({.stream = "users", .limit = 2000}).size() == domain::most_drift_entries + 1);
    CHECK(entries({.stream = "accounts"}).size() == 1);
    CHECK(value("SELECT times FROM drift WHERE tenant_id = $T AND kind = 'other' AND path = ''") == "15");
    CHECK(value("SELECT times FROM drift WHERE tenant_id = $T AND path = 'field_0'") == "2");
}

TEST_CASE_FIXTURE(DriftFixture, "a run that differs in nothing writes no drift") {
    finish({});
    CHECK(entries().empty());
}

TEST_CASE_FIXTURE(DriftFixture, "a difference that cannot be stored does not keep its run from ending") {
    finish({seen(std::string("a\0b", 3)), seen("fine")});
    REQUIRE(entries().size() == 1);
    CHECK(entries()[0].note.path == "fine");
}

TEST_CASE_FIXTURE(DriftFixture, "no tenant sees another's entries") {
    finish({seen("a")});
    StoreFixture other;
    CHECK(good(other.store.drift().drift(other.tenant, {})).empty());
    CHECK(error_of(other.store.drift().accept_drift(other.tenant, entries()[0].id, "a test")) == "not_found");
}
