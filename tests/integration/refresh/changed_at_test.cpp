// The newest change at a provider that the walks of a stream have seen.

#include <doctest/doctest.h>

#include "slow_bank.hpp"

using namespace tributary;
using namespace tributary::tests;

namespace {

std::optional<domain::Timestamp> changed_at(BankFixture& fixture) {
    const auto all = good(fixture.store.reads().freshness(fixture.tenant));
    const auto view = good(fixture.store.connections().connection(fixture.tenant, fixture.connection.id));
    CHECK(view.streams.at(0).changed_at == all.at(0).changed_at);
    return all.at(0).changed_at;
}

const auto january = domain::parse_timestamp("2026-01-02T12:00:00Z");
const auto march = domain::parse_timestamp("2026-03-02T12:00:00Z");

}  // namespace

TEST_CASE_FIXTURE(BankFixture, "without update times, a change is as old as the walk that found it") {
    const auto first = changed_at(*this);
    REQUIRE(first.has_value());
    walk();
    CHECK(changed_at(*this) == first);
    bank.accounts["a1"].name = "new";
    walk();
    CHECK(changed_at(*this) > first);
}

TEST_CASE_FIXTURE(BankFixture, "with update times, the newest of all objects counts, unchanged ones too") {
    BankFixture other;
    other.bank.accounts = {{"a1", {"one", january}}, {"a2", {"two", march}}};
    StoreFixture::value("UPDATE stream_states SET changed_at = NULL WHERE tenant_id = '" +
                        to_text(other.tenant) + "' RETURNING 'cleared'");
    other.walk();
    CHECK(changed_at(other) == march);
    // It never goes back, also where its object is gone, and nothing in the future is believed.
    other.bank.accounts = {{"a1", {"one", january}},
                           {"a3", {"three", domain::parse_timestamp("2096-01-02T12:00:00Z")}}};
    other.bank.accounts["a1"].updated_at = january;
    other.walk();
    const auto later = changed_at(other);
    REQUIRE(later.has_value());
    CHECK(*later >= *march);
    CHECK(*later <= other.clock.now());
}
