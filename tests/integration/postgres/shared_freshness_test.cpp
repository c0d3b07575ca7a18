#include "adapters/postgres/shared_freshness.hpp"

#include <doctest/doctest.h>

#include "event_loop.hpp"
#include "statement_gate.hpp"
#include "tests/support/store_fixture.hpp"

using namespace tributary;
using namespace tests;
using namespace domain::ports;
using domain::Result;
using domain::Uuid;
using postgres::Pool;
using postgres::PoolOptions;
using postgres::SharedFreshness;

namespace {

using Streams = Result<std::vector<Freshness>>;

struct Sharing : StoreFixture {
    /// Of readings of a tenant's freshness.
    StatementGate readings{"LEFT JOIN object_reads o",
                           "SELECT 1 / ($1::uuid IS NULL)::integer WHERE $2::uuid IS NULL"};
    // Loops outlive the pool.
    EventLoop loop;
    EventLoop other_loop;
    Pool pool{options()};
    /// In which no reading starts because a test took its time.
    SharedFreshness freshness{pool, std::chrono::hours(1)};

    Sharing() { connect("fresh"); }

    ~Sharing() { readings.hold(false); }

    PoolOptions options() {
        PoolOptions all = pool_options(3);
        all.rewrite = [this](std::string sql) { return readings.pass(std::move(sql)); };
        return all;
    }

    std::vector<std::future<ToldAt<Streams>>> ask(EventLoop& on, std::size_t count, const Uuid& whose) {
        return ask(on, count, whose, freshness);
    }

    static std::vector<std::future<ToldAt<Streams>>> ask(EventLoop& on, std::size_t count, const Uuid& whose,
                                                         SharedFreshness& of) {
        return on.ask(
            std::vector<std::function<Task<Streams>()>>(count, [&of, whose] { return of.read(whose); }));
    }

    /// A reading that is under way, and stays so until hold(false).
    std::vector<std::future<ToldAt<Streams>>> one_held() {
        readings.hold(true);
        auto first = ask(loop, 1, tenant);
        readings.await(1);
        return first;
    }
};

}  // namespace

TEST_CASE_FIXTURE(Sharing, "readers who ask at once are told by one reading, each on his own thread") {
    auto first = one_held();
    auto ours = ask(loop, 20, tenant);
    auto theirs = ask(other_loop, 20, tenant);
    readings.hold(false);
    for (auto* readers : {&first, &ours, &theirs}) {
        for (auto& reader : *readers) {
            const auto one = told(reader);
            CHECK(good(one.answer).size() == 1);
            CHECK(one.at_home);
        }
    }
    CHECK(readings.passed() == 2);
}

TEST_CASE_FIXTURE(Sharing, "who asks after a change is told it, though a reading was under way") {
    auto first = one_held();
    CHECK(value("UPDATE connections SET provider = 'tdx' WHERE tenant_id = $T RETURNING 1") == "1");
    auto after = ask(other_loop, 1, tenant);
    readings.hold(false);
    CHECK(good(told(after.front()).answer).front().provider == "tdx");
    good(told(first.front()).answer);
    CHECK(readings.passed() == 2);
}

TEST_CASE_FIXTURE(Sharing, "a reading that fails fails each of its readers alike, and the next is answered") {
    readings.fail(true);
    for (int i = 1; i <= 3; ++i) {
        auto readers = ask(loop, 3, tenant);
        for (auto& reader : readers)
            CHECK(error_of(told(reader).answer) == "internal");
        CHECK(readings.passed() == i);
    }
    readings.fail(false);
    auto again = ask(loop, 1, tenant);
    CHECK(good(told(again.front()).answer).size() == 1);
}

TEST_CASE_FIXTURE(Sharing, "a reading that hangs keeps the next readers for a moment only") {
    SharedFreshness impatient(pool, std::chrono::milliseconds(1));
    readings.hold(true);
    auto first = ask(loop, 1, tenant, impatient);
    readings.await(1);
    auto next = ask(loop, 2, tenant, impatient);
    readings.await(2);
    readings.hold(false);
    for (auto* readers : {&first, &next}) {
        for (auto& reader : *readers)
            good(told(reader).answer);
    }
}

TEST_CASE_FIXTURE(Sharing, "a reading that hangs keeps nobody of another tenant, and tells him his own") {
    const Uuid other = id_of("fresh-elsewhere");
    good(store.admin().create_tenant(other, "fresh-elsewhere"));
    auto first = one_held();
    auto elsewhere = ask(loop, 1, other);
    readings.await(2);
    readings.hold(false);
    CHECK(good(told(elsewhere.front()).answer).empty());
    CHECK(good(told(first.front()).answer).size() == 1);
}

TEST_CASE_FIXTURE(Sharing, "a reader that goes away harms nobody who waits with him") {
    auto first = one_held();
    boost::asio::cancellation_signal gone;
    auto going = loop.ask<Streams>({[&] { return freshness.read(tenant); }}, &gone);
    auto staying = ask(loop, 2, tenant);
    loop.cancel(gone);
    readings.hold(false);
    for (auto* readers : {&first, &staying}) {
        for (auto& reader : *readers)
            CHECK(good(told(reader).answer).size() == 1);
    }
    told(going.front());
    CHECK(readings.passed() == 2);
}

// What sanitizers look at: whoever destroys one loop destroys nothing of another.
TEST_CASE_FIXTURE(Sharing,
                  "loops that end while a reading hangs end readers of each other's, in whatever order") {
    SharedFreshness patient(pool, std::chrono::milliseconds(200));
    readings.hold(true);
    auto first = ask(loop, 1, tenant, patient);
    readings.await(1);
    auto ours = ask(loop, 1, tenant, patient);
    auto theirs = ask(other_loop, 1, tenant, patient);
    readings.await(2);
    auto waiting = ask(other_loop, 1, tenant, patient);
    CHECK(readings.passed() == 2);
    loop.stop();
    other_loop.stop();
}
