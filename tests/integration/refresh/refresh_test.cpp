// Readers who want an object fresher than it is, over a real store and a slow provider.

#include <doctest/doctest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include "services/api/fresh_read.hpp"
#include "slow_bank.hpp"

using namespace tributary;
using namespace tributary::tests;
using domain::Errc;
using domain::ports::Task;
using namespace std::chrono_literals;

namespace {

/// How many of the readers saw the work end before their time was up.
std::size_t demand_all(BankFixture& fixture, const std::vector<refresh::Refresher*>& replicas,
                       std::size_t readers, std::chrono::milliseconds wait) {
    std::size_t landed = 0;
    for (std::size_t i = 0; i < readers; ++i) {
        boost::asio::co_spawn(fixture.io, replicas[i % replicas.size()]->refresh(fixture.demand("a1", wait)),
                              [&landed](const std::exception_ptr& thrown, std::size_t ended) {
                                  CHECK_FALSE(thrown);
                                  landed += ended;
                              });
    }
    fixture.io.restart();
    fixture.io.run();
    return landed;
}

/// Performs the connection's run if there is one that waits.
Task<void> perform_run(BankFixture& fixture) {
    auto& connections = fixture.store.connections();
    auto claimed = co_await connections.claim_connection(id_of("owner"), fixture.connection.id, 60s);
    REQUIRE(claimed.has_value());
    if (claimed->empty()) {
        co_return;
    }
    const domain::ports::Lease lease = lease_of(claimed->front());
    const domain::Uuid run_id = claimed->front().run_id;
    const auto done =
        co_await sync::perform_run(fixture.tools(), std::move(claimed->front()), [] { return true; });
    REQUIRE(done.has_value());
    const auto finished = co_await connections.finish_run(fixture.tenant, lease, run_id, done->outcome);
    CHECK(finished.has_value());
}

Task<void> perform_runs(BankFixture& fixture, const bool& done) {
    while (!done) {
        co_await perform_run(fixture);
        const auto slept = co_await fixture.clock.sleep(10ms);
        REQUIRE(slept.has_value());
    }
}

/// What a list of accounts is told that must be of this very moment, while runs are performed.
api::MetDemand demand_list(BankFixture& fixture) {
    const api::FreshReads reads(fixture.store.reads(), *fixture.refresher, fixture.clock, fixture.providers);
    const auto demand = reads.demand_of(*http::split_query("max_age=0s&wait=20s"));
    REQUIRE(demand.has_value());
    api::AnswerSources accounts{.kind = domain::EntityKind::account};
    bool done = false;
    std::optional<api::MetDemand> told;
    boost::asio::co_spawn(fixture.io, perform_runs(fixture, done), boost::asio::detached);
    boost::asio::co_spawn(fixture.io, reads.meet(fixture.tenant, *demand, std::move(accounts)),
                          [&](const std::exception_ptr& thrown, const auto& met) {
                              done = true;
                              CHECK_FALSE(thrown);
                              REQUIRE(met.has_value());
                              told = *met;
                          });
    fixture.io.restart();
    fixture.io.run();
    return told.value();
}

/// For more objects, of two connections, than there is room for of one tenant.
refresh::Demand very_much(BankFixture& fixture) {
    refresh::Demand many = fixture.demand("a0", 0ms);
    many.wants.clear();
    for (const char* name : {"second", "third"}) {
        fixture.connection = fixture.connect(name);
        fixture.walk();
        for (int i = 0; i < 20; ++i) {
            many.wants.push_back(fixture.demand("a" + std::to_string(i), 0ms).wants.front());
        }
    }
    return many;
}

}  // namespace

TEST_CASE_FIXTURE(BankFixture,
                  "a hundred readers at two replicas cause one read, and all of them wait for it") {
    const auto second = replica();
    bank.accounts["a1"].name = "new";
    bank.delay = 300ms;
    CHECK(demand_all(*this, {refresher.get(), second.get()}, 100, 20s) == 100);
    CHECK(bank.reads == std::vector<std::string>{"a1"});
    CHECK(stored_name("a1") == "new");
    CHECK(runs("queued") == "0");
    CHECK(value("SELECT count(*) FROM commits WHERE tenant_id = $T AND cause = 'on_demand'") == "1");
}

TEST_CASE_FIXTURE(BankFixture, "work that was begun goes on to its end when its reader has left") {
    bank.accounts["a1"].name = "new";
    bank.delay = 300ms;
    CHECK(demand_all(*this, {refresher.get()}, 1, 10ms) == 0);
    CHECK(stored_name("a1") == "new");
}

TEST_CASE_FIXTURE(BankFixture, "an object that did not change is noted as read and makes no commit") {
    const std::string commits = value("SELECT commit_no FROM feed_head WHERE tenant_id = $T");
    CHECK(demand_all(*this, {refresher.get()}, 1, 20s) == 1);
    CHECK(bank.reads.size() == 1);
    CHECK(value("SELECT commit_no FROM feed_head WHERE tenant_id = $T") == commits);
    CHECK(value("SELECT count(*) FROM object_reads WHERE tenant_id = $T AND read_at IS NOT NULL") == "1");
}

TEST_CASE_FIXTURE(BankFixture, "what is older by the provider's clock than what is stored is not stored") {
    bank.accounts["a1"] = {"newer", domain::parse_timestamp("2026-01-02T12:00:00Z")};
    walk();
    bank.accounts["a1"] = {"older", domain::parse_timestamp("2026-01-02T11:00:00Z")};
    CHECK(demand_all(*this, {refresher.get()}, 1, 20s) == 1);
    CHECK(stored_name("a1") == "newer");
}

TEST_CASE_FIXTURE(BankFixture, "a read that a run overtook writes nothing over it, and asks for a run") {
    bank.accounts["a1"].name = "as it was when the read began";
    bank.before_answer = [this]() -> Task<void> {
        bank.accounts["a1"].name = "as the run found it";
        co_await perform_run(*this);
        refresher->stop();
    };
    good(store.connections().request_run(tenant, connection.id, "schedule"));
    demand_all(*this, {refresher.get()}, 1, 100ms);
    CHECK(bank.reads.size() == 1);
    CHECK(stored_name("a1") == "as the run found it");
}

TEST_CASE_FIXTURE(BankFixture,
                  "an object that is gone, or refused credentials, remove nothing and ask for a run") {
    for (const Errc refusal : {Errc::gone, Errc::unauthenticated}) {
        bank.refuses = refusal;
        bank.before_answer = [this]() -> Task<void> {
            // Nobody performs the run here: the waiting for it ends with the refresher.
            boost::asio::co_spawn(io, clock.sleep(300ms),
                                  [this](const std::exception_ptr&, const auto&) { refresher->stop(); });
            co_return;
        };
        demand_all(*this, {refresher.get()}, 1, 100ms);
        CHECK(value("SELECT string_agg(cause, ' ') FROM runs WHERE tenant_id = $T AND state = 'queued'") ==
              "on_demand");
        CHECK(value("SELECT count(*) FROM records WHERE tenant_id = $T AND removed_at IS NOT NULL") == "0");
        refresher = replica();
    }
    CHECK(bank.reads.size() == 2);
}

TEST_CASE_FIXTURE(BankFixture, "a demand joins the run that is under way and ends with it") {
    good(store.connections().request_run(tenant, connection.id, "manual"));
    auto claimed = claim(connection.id);
    const auto lease = lease_of(claimed);
    const auto run_id = claimed.run_id;
    boost::asio::co_spawn(io, clock.sleep(300ms), [&](const std::exception_ptr&, const auto&) {
        boost::asio::co_spawn(io, store.connections().finish_run(tenant, lease, run_id, succeeded()),
                              [](const std::exception_ptr&, const auto& finished) { CHECK(finished); });
    });
    CHECK(demand_all(*this, {refresher.get()}, 10, 20s) == 10);
    CHECK(bank.reads.empty());
    CHECK(value("SELECT count(*) FROM runs WHERE tenant_id = $T") == "2");
    CHECK(runs("succeeded") == "2");
}

TEST_CASE_FIXTURE(BankFixture, "many slow reads of one connection leave room for others, and for its run") {
    bank.delay = 300ms;
    refresh::Demand all = demand("a0", 0ms);
    for (int i = 1; i < 30; ++i) {
        all.wants.push_back(demand("a" + std::to_string(i), 0ms).wants.front());
    }
    refresh::Demand run = demand("a0", 0ms);
    run.wants.front().document.reset();
    boost::asio::co_spawn(io, refresher->refresh(all), boost::asio::detached);
    boost::asio::co_spawn(io, refresher->refresh(run), boost::asio::detached);
    boost::asio::co_spawn(io, clock.sleep(5s),
                          [this](const std::exception_ptr&, const auto&) { refresher->stop(); });
    io.restart();
    io.run();
    CHECK(bank.reads.size() == 24);
    CHECK(runs("queued") == "1");
}

TEST_CASE_FIXTURE(BankFixture, "two tenants whose readers want very much leave room for other tenants") {
    BankFixture greedy;
    BankFixture other;
    const refresh::Demand first = very_much(*this);
    const refresh::Demand second = very_much(greedy);
    bank.delay = 300ms;
    for (const refresh::Demand& demanded : {first, second, other.demand("a0", 0ms)}) {
        boost::asio::co_spawn(io, refresher->refresh(demanded), boost::asio::detached);
    }
    io.restart();
    io.run();
    CHECK(bank.reads.size() == 32 + 32 + 1);
}

TEST_CASE_FIXTURE(BankFixture, "a read that finds no room joins the run that the reads before it wait for") {
    bank.refuses = Errc::gone;
    refresh::Demand all = demand("a0", 0ms);
    for (int i = 1; i < 24; ++i) {
        all.wants.push_back(demand("a" + std::to_string(i), 0ms).wants.front());
    }
    std::size_t landed = 0;
    const auto read_another = [this, &landed] {
        boost::asio::co_spawn(io, refresher->refresh(demand("a24", 20s)),
                              [&landed](const std::exception_ptr& thrown, std::size_t ended) {
                                  CHECK_FALSE(thrown);
                                  landed = ended;
                              });
    };
    const auto when_all_wait = [](BankFixture& fixture, std::function<void()> then) -> Task<void> {
        while (fixture.bank.reads.size() < 24 || fixture.runs("queued") != "1") {
            const auto slept = co_await fixture.clock.sleep(10ms);
            REQUIRE(slept.has_value());
        }
        then();
        co_await perform_run(fixture);
    };
    boost::asio::co_spawn(io, refresher->refresh(all), boost::asio::detached);
    boost::asio::co_spawn(io, when_all_wait(*this, read_another), boost::asio::detached);
    io.restart();
    io.run();
    CHECK(landed == 1);
    CHECK(bank.reads.size() == 24);
}

TEST_CASE_FIXTURE(
    BankFixture,
    "a run that ends before all is read is a failure: asked for once, and not again for a while") {
    bank.goes_in_circles = true;
    CHECK(demand_list(*this).stale == true);
    CHECK(runs("partial") == "1");
    CHECK(demand_list(*this).stale == true);
    CHECK(runs("partial") == "1");
    bank.goes_in_circles = false;
    // Another replica may try.
    refresher = replica();
    CHECK(demand_list(*this).stale == false);
}

TEST_CASE_FIXTURE(BankFixture,
                  "a connection whose refreshing failed is left alone for a while, and its claim is free") {
    bank.refuses = Errc::unavailable;
    CHECK(demand_all(*this, {refresher.get()}, 5, 20s) == 5);
    CHECK(demand_all(*this, {refresher.get()}, 5, 20s) == 0);
    CHECK(bank.reads.size() == 1);
    CHECK(runs("queued") == "0");
    // Another replica may try.
    bank.refuses.reset();
    bank.accounts["a1"].name = "new";
    const auto second = replica();
    CHECK(demand_all(*this, {second.get()}, 1, 20s) == 1);
    CHECK(stored_name("a1") == "new");
}
