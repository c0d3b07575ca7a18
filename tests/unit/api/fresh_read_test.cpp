#include "services/api/fresh_read.hpp"

#include <doctest/doctest.h>

#include <array>

#include "tests/support/run_task.hpp"
#include "unasked_reads.hpp"

using namespace tributary;
using namespace std::chrono_literals;
using api::AnswerSources;
using domain::EntityKind;
using domain::Errc;
using domain::Result;
using domain::Timestamp;
using domain::Uuid;
using domain::ports::Freshness;
using domain::ports::StreamFacts;
using domain::ports::Task;

namespace {

const Uuid bank = domain::named_uuid({}, "bank");
const Uuid broker = domain::named_uuid({}, "broker");
const Uuid document = domain::named_uuid({}, "document");
const Timestamp noon = *domain::parse_timestamp("2026-01-02T12:00:00Z");

Freshness fetched(const Uuid& connection, std::string stream, std::optional<Timestamp> at,
                  std::string status = "active", std::string verdict = "complete") {
    Freshness fresh;
    fresh.source = {connection, std::move(stream)};
    fresh.provider = connection == bank ? "bank" : "broker";
    fresh.fetched_at = at;
    fresh.status = std::move(status);
    fresh.verdict = std::move(verdict);
    return fresh;
}

/// The bank has accounts only; of the broker nobody knows.
class Bank final : public domain::ports::Provider {
  public:
    [[nodiscard]] std::string_view name() const override { return "bank"; }

    [[nodiscard]] std::span<const StreamFacts> streams() const override {
        static const std::array<StreamFacts, 1> facts{{{.name = "accounts", .kind = EntityKind::account}}};
        return facts;
    }

    [[nodiscard]] std::vector<domain::Error> check(const json::Object&, const json::Object&) const override {
        return {};
    }

    [[nodiscard]] Result<domain::Page> decode(std::string_view, const json::Value&,
                                              const domain::SelfIds&) const override {
        return domain::fail(Errc::internal, "Not asked here.");
    }

    [[nodiscard]] Result<std::unique_ptr<domain::ports::ProviderSession>> open(
        domain::ports::ConnectionContext, domain::ports::ProviderTools) const override {
        return domain::fail(Errc::internal, "Not asked here.");
    }
};

/// Stands still at noon but for what refreshing takes.
class Watch final : public domain::ports::Clock {
  public:
    [[nodiscard]] Timestamp now() const override {
        return noon + std::chrono::duration_cast<Timestamp::duration>(passed);
    }

    [[nodiscard]] std::chrono::steady_clock::time_point steady_now() const override {
        return std::chrono::steady_clock::time_point(passed);
    }

    Task<Result<void>> sleep(std::chrono::steady_clock::duration) override { co_return Result<void>(); }

    std::chrono::steady_clock::duration passed{};
};

class Stored final : public tests::UnaskedReads {
  public:
    Task<Result<std::vector<Freshness>>> freshness(Uuid) override { co_return all; }

    Task<Result<std::vector<Freshness>>> freshness_of(Uuid, Uuid) override { co_return all; }

    std::vector<Freshness> all;
};

struct Fixture : refresh::Refreshing {
    Fixture() {
        providers.add(std::make_unique<Bank>());
        stored.all = {fetched(bank, "accounts", noon - 60s)};
    }

    /// Takes a second; each refresh fetches what is next in `results`, and nothing ends where none is left.
    Task<std::size_t> refresh(refresh::Demand demand) override {
        demands.push_back(std::move(demand));
        watch.passed += 1s;
        if (results.empty()) {
            co_return 0;
        }
        stored.all = {results.front()};
        results.erase(results.begin());
        co_return 1;
    }

    api::MetDemand meet(const char* query, AnswerSources answer = {.sources = {{bank, "accounts"}}}) {
        const api::FreshReads reads(stored, *this, watch, providers);
        const auto demand = reads.demand_of(*http::split_query(query));
        REQUIRE(demand.has_value());
        auto met = tests::run_task(reads.meet({}, *demand, std::move(answer)));
        REQUIRE(met.has_value());
        return *std::move(met);
    }

    [[nodiscard]] std::size_t too_old(const AnswerSources& answer, const std::vector<Freshness>& all) const {
        return api::sources_older_than(noon - 30s, answer, all, providers).size();
    }

    sync::Providers providers;
    Watch watch;
    Stored stored;
    std::vector<Freshness> results;
    std::vector<refresh::Demand> demands;
};

}  // namespace

TEST_CASE_FIXTURE(Fixture, "a source is too old when it was fetched before the moment asked for, or never") {
    const AnswerSources answer{.sources = {{bank, "accounts"}}};
    CHECK(too_old(answer, {fetched(bank, "accounts", noon - 30s)}) == 0);
    CHECK(too_old(answer, {fetched(bank, "accounts", noon - 30001ms)}) == 1);
    CHECK(too_old(answer, {fetched(bank, "accounts", std::nullopt)}) == 1);
    CHECK(too_old(answer, {fetched(bank, "accounts", noon), fetched(bank, "groups", std::nullopt),
                           fetched(broker, "accounts", std::nullopt)}) == 0);
    CHECK(too_old(answer, {fetched(bank, "accounts", std::nullopt, "active", "denied")}) == 0);
}

TEST_CASE_FIXTURE(Fixture, "a plain list is made of every connection that may have such objects") {
    const std::vector<Freshness> all{fetched(bank, "accounts", std::nullopt),
                                     fetched(broker, "", std::nullopt)};
    CHECK(too_old({.kind = EntityKind::account}, all) == 2);
    CHECK(too_old({.kind = EntityKind::sub_account}, all) == 1);
    CHECK(too_old({.kind = EntityKind::account, .connection = broker}, all) == 1);
    CHECK(too_old({.kind = EntityKind::account, .provider = "bank"}, all) == 1);
}

TEST_CASE_FIXTURE(Fixture, "what filters leave of a list is asked for with all connections of its provider") {
    Freshness again = fetched(domain::named_uuid({}, "the bank again"), "accounts", std::nullopt);
    again.provider = "bank";
    stored.all = {fetched(bank, "accounts", noon), again, fetched(broker, "accounts", std::nullopt)};
    CHECK(too_old({.kind = EntityKind::account, .connection = bank}, stored.all) == 1);
    CHECK(too_old({.kind = EntityKind::account, .connection = bank, .provider = "broker"}, stored.all) == 0);
    CHECK(too_old({.kind = EntityKind::account, .connection = document}, stored.all) == 0);
    CHECK(meet("", {.kind = EntityKind::account, .connection = bank}).in_question().size() == 2);
    CHECK(meet("", {.kind = EntityKind::account, .provider = "broker"}).in_question().size() == 1);
    CHECK(meet("", {.kind = EntityKind::account, .connection = document}).in_question().empty());
}

TEST_CASE_FIXTURE(Fixture,
                  "customers are merged over providers, so no filter takes a source from their list") {
    stored.all = {fetched(bank, "accounts", noon), fetched(broker, "profiles", noon - 9h)};
    for (const AnswerSources& answer : {AnswerSources{.kind = EntityKind::customer, .provider = "bank"},
                                        AnswerSources{.kind = EntityKind::customer, .connection = bank}}) {
        CHECK(too_old(answer, stored.all) == 1);
        CHECK(meet("", answer).in_question().size() == 2);
        CHECK(meet("max_age=1h", answer).stale == true);
    }
}

TEST_CASE_FIXTURE(Fixture, "filters leave out sources of a customer's lists too") {
    stored.all = {fetched(bank, "accounts", noon), fetched(broker, "accounts", noon - 9h)};
    AnswerSources answer{.sources = {{bank, "accounts"}, {broker, "accounts"}}};
    CHECK(meet("max_age=1m&on_stale=fail", answer).refused);
    answer.provider = "bank";
    CHECK_FALSE(meet("max_age=1m&on_stale=fail", answer).refused);
    answer.provider.reset();
    answer.connection = bank;
    CHECK_FALSE(meet("max_age=1m&on_stale=fail", answer).refused);
    answer.connection = broker;
    CHECK(meet("max_age=1m&on_stale=fail", answer).refused);
}

TEST_CASE_FIXTURE(Fixture, "nobody is asked where a person has to act first") {
    const std::vector<Freshness> too_old{fetched(bank, "accounts", std::nullopt),
                                         fetched(bank, "users", std::nullopt, "active", "paused"),
                                         fetched(broker, "accounts", std::nullopt, "reauth_required")};
    const auto wants = api::wants_of(too_old, {.document = document});
    REQUIRE(wants.size() == 1);
    CHECK(wants[0].source.stream == "accounts");
    CHECK(wants[0].document == document);
}

TEST_CASE_FIXTURE(Fixture, "without a demand nothing is refreshed and nothing is said to be stale") {
    const api::MetDemand met = meet("page_size=2");
    CHECK_FALSE(met.stale);
    CHECK_FALSE(met.read_again);
    CHECK(met.freshness.size() == 1);
    CHECK(demands.empty());
}

TEST_CASE_FIXTURE(Fixture, "of a moment that is past nothing is refreshed, refused or said to be stale") {
    const api::MetDemand met =
        meet("max_age=0s&wait=5s&on_stale=fail", {.kind = EntityKind::account, .of_a_past_moment = true});
    CHECK_FALSE(met.stale);
    CHECK_FALSE(met.refused);
    CHECK(met.freshness.size() == 1);
    CHECK(demands.empty());
}

TEST_CASE_FIXTURE(Fixture, "a source that no run has ended yet is too old for every demand") {
    const AnswerSources answer{.sources = {{bank, "accounts"}}};
    CHECK(too_old(answer, {fetched(bank, "", std::nullopt, "pending", "")}) == 1);
    CHECK(too_old(answer, {fetched(bank, "groups", noon)}) == 1);
    CHECK(too_old(answer, {fetched(broker, "", std::nullopt, "pending", "")}) == 0);
}

TEST_CASE_FIXTURE(Fixture, "what is fresh enough is answered at once") {
    const api::MetDemand met = meet("max_age=1m&wait=5s");
    CHECK(met.stale == false);
    CHECK(demands.empty());
}

TEST_CASE_FIXTURE(Fixture, "what is too old is refreshed within the wait, and then read again") {
    results = {fetched(bank, "accounts", noon)};
    const api::MetDemand met = meet("max_age=0s&wait=5s&on_stale=fail");
    CHECK(met.stale == false);
    CHECK(met.read_again);
    CHECK_FALSE(met.refused);
    REQUIRE(demands.size() == 1);
    CHECK(demands[0].not_before == noon);
    CHECK(demands[0].until == std::chrono::steady_clock::time_point(5s));
}

TEST_CASE_FIXTURE(Fixture, "a refresh that came too early for the reader is followed by another") {
    results = {fetched(bank, "accounts", noon - 40s), fetched(bank, "accounts", noon - 20s)};
    CHECK(meet("max_age=30s&wait=5s").stale == false);
    CHECK(demands.size() == 2);
}

TEST_CASE_FIXTURE(Fixture, "a refresh that does not help is not repeated for ever") {
    for (int i = 0; i < 10; ++i) {
        results.push_back(fetched(bank, "accounts", noon - 40s));
    }
    CHECK(meet("max_age=30s&wait=20s").stale == true);
    CHECK(demands.size() == 3);
}

TEST_CASE_FIXTURE(Fixture, "a reader whose time is up gets what is there, and is told") {
    const api::MetDemand served = meet("max_age=30s");
    CHECK(served.stale == true);
    CHECK_FALSE(served.refused);
    // Begun all the same: whoever reads next has it.
    CHECK(demands.size() == 1);
    results = {fetched(bank, "accounts", noon - 40s), fetched(bank, "accounts", noon)};
    CHECK(meet("max_age=30s&wait=500ms").stale == true);
    CHECK(demands.size() == 2);
    results.clear();
    CHECK(meet("max_age=30s&wait=500ms&on_stale=fail").refused);
}

TEST_CASE_FIXTURE(Fixture, "a source that may not be asked makes the answer stale at once") {
    stored.all = {fetched(bank, "accounts", noon - 60s, "disabled")};
    CHECK(meet("max_age=30s&wait=20s").stale == true);
    CHECK(demands.empty());
}
