#include "adapters/postgres/budgets.hpp"

#include <doctest/doctest.h>

#include <future>
#include <random>
#include <vector>

#include "tests/support/store_fixture.hpp"

using namespace tributary;
using namespace tests;
using domain::BudgetState;
using domain::BudgetTerms;
using domain::Drawn;
using domain::Lane;
using domain::ports::BudgetKey;
using domain::ports::BudgetView;
using std::chrono::seconds;

namespace {

struct BudgetFixture : StoreFixture {
    domain::ports::BudgetStore& budgets = store.budgets();
    BudgetKey key{tenant, "upvest", std::string(64, 'a')};
    domain::Uuid connection = connect("one").id;

    void open(BudgetTerms terms) { good(budgets.open_budget(key, connection, terms)); }

    Drawn draw(Lane lane, std::int64_t wanted) { return good(budgets.draw_tokens(key, lane, wanted)); }

    BudgetView only_view() {
        const auto views = good(budgets.budgets(tenant, "upvest"));
        return views.size() == 1 ? views.front() : throw std::runtime_error("not one budget");
    }
};

}  // namespace

TEST_CASE_FIXTURE(BudgetFixture,
                  "a bucket is full at first, gives its burst once, and says when the next token is free") {
    open({1, 10});
    CHECK(draw(Lane::background, 100).granted == 8);
    CHECK(draw(Lane::background, 1).granted == 0);
    const Drawn rest = draw(Lane::interactive, 100);
    CHECK(rest.granted == 2);
    CHECK(rest.wait > 0);
    CHECK(rest.wait <= 1'000'000);
}

TEST_CASE_FIXTURE(BudgetFixture,
                  "nothing is drawn where no budget was opened, and opening it twice fills no bucket") {
    CHECK(error_of(budgets.draw_tokens(key, Lane::interactive, 1)) == "not_found");
    open({1, 10});
    CHECK(draw(Lane::interactive, 10).granted == 10);
    open({1, 10});
    CHECK(draw(Lane::interactive, 10).granted == 0);
    const std::string row = value("SELECT xmin FROM provider_budgets WHERE tenant_id = $T");
    open({1, 10});
    CHECK(value("SELECT xmin FROM provider_budgets WHERE tenant_id = $T") == row);
    open({1000, 10});
    CHECK(only_view().terms == BudgetTerms{1000, 10});
}

TEST_CASE_FIXTURE(BudgetFixture, "the database computes every draw as the domain does") {
    std::mt19937 random(5);
    int granted = 0;
    int refused = 0;
    for (const BudgetTerms terms : {BudgetTerms{3, 7}, {300, 30}, {5'000, 40}, {1, 1}}) {
        open(terms);
        good(store.pool().run({tenant}, [](postgres::Transaction& tx) {
            tx.exec("UPDATE provider_budgets SET tat_us = 0 WHERE tenant_id = $1", tx.tenant());
        }));
        BudgetState state;
        for (int step = 0; step < 150; ++step) {
            const Lane lane = random() % 2 == 0 ? Lane::background : Lane::interactive;
            const auto wanted = static_cast<std::int64_t>(random() % 9);
            const auto drawn = good(store.pool().run({tenant}, [&](postgres::Transaction& tx) {
                return postgres::draw_tokens(tx, key, lane, wanted);
            }));
            const Drawn expected = domain::draw(state, terms, lane, wanted, drawn.now_us);
            REQUIRE(drawn.drawn.granted == expected.granted);
            REQUIRE(drawn.drawn.wait == expected.wait);
            (expected.granted > 0 ? granted : refused) += 1;
        }
        CHECK(value("SELECT tat_us FROM provider_budgets WHERE tenant_id = $T") == std::to_string(state.tat));
    }
    CHECK(granted > 50);
    CHECK(refused > 50);
}

TEST_CASE_FIXTURE(BudgetFixture, "replicas that draw at once share one bucket and lose no token") {
    open({1, 500});
    const auto draw_many = [this] {
        StoreFixture replica(4);
        std::int64_t sum = 0;
        for (int i = 0; i < 100; ++i) {
            sum += good(const_cast<StoreFixture&>(replica).store.budgets().draw_tokens(key, Lane::interactive,
                                                                                       3))
                       .granted;
        }
        return sum;
    };
    std::vector<std::future<std::int64_t>> replicas;
    for (int i = 0; i < 4; ++i) {
        replicas.push_back(std::async(std::launch::async, draw_many));
    }
    std::int64_t sum = 0;
    for (auto& replica : replicas) {
        sum += replica.get();
    }
    CHECK(sum >= 500);
    // One a second comes back meanwhile; nobody waits for minutes here.
    CHECK(sum < 500 + 300);
}

TEST_CASE_FIXTURE(BudgetFixture,
                  "a block stops both lanes until it ends, and a shorter one does not shorten it") {
    open({1000, 100});
    good(budgets.block_budget({key, seconds(600)}));
    good(budgets.block_budget({key, seconds(1)}));
    for (const Lane lane : {Lane::interactive, Lane::background}) {
        const Drawn blocked = draw(lane, 5);
        CHECK(blocked.granted == 0);
        CHECK(blocked.wait > 590'000'000);
        CHECK(blocked.wait <= 600'000'000);
    }
    const BudgetView view = only_view();
    REQUIRE(view.blocked_until);
    CHECK(view.next_free_at == *view.blocked_until);
    good(store.pool().run({tenant}, [](postgres::Transaction& tx) {
        tx.exec(
            "UPDATE provider_budgets SET blocked_until_us = blocked_until_us - 600000000 WHERE tenant_id = "
            "$1",
            tx.tenant());
    }));
    CHECK(draw(Lane::background, 5).granted == 5);
    CHECK_FALSE(only_view().blocked_until);
}

TEST_CASE_FIXTURE(BudgetFixture, "an absurd block is cut to an hour") {
    open({1000, 100});
    good(budgets.block_budget({key, std::chrono::hours(100'000)}));
    CHECK(draw(Lane::interactive, 1).wait <= 3'600'000'000);
    CHECK(value("SELECT blocked_until_us < (extract(epoch FROM now()) + 3700) * 1000000 FROM provider_budgets"
                " WHERE tenant_id = $T") == "t");
}

TEST_CASE_FIXTURE(BudgetFixture,
                  "the view names the connections that share a credential and what each lane drew") {
    const domain::Uuid second = connect("two").id;
    const BudgetKey own{tenant, "upvest", std::string(64, 'b')};
    open({1, 10});
    good(budgets.open_budget(key, second, {1, 10}));
    good(budgets.open_budget(own, connect("three").id, {2, 20}));
    CHECK(draw(Lane::background, 3).granted == 3);
    CHECK(draw(Lane::interactive, 2).granted == 2);
    const auto views = good(budgets.budgets(tenant, "upvest"));
    REQUIRE(views.size() == 2);
    const BudgetView& shared = views[0].users.size() == 2 ? views[0] : views[1];
    CHECK(shared.users.size() == 2);
    CHECK(shared.users.front().base_url == "https://example.org");
    CHECK(shared.available + shared.used == 10);
    CHECK(shared.used >= 4);
    CHECK(good(budgets.budgets(tenant, "tdx")).empty());
    // A connection that got other credentials is counted where it draws now.
    good(budgets.open_budget(own, second, {2, 20}));
    for (const BudgetView& view : good(budgets.budgets(tenant, "upvest"))) {
        CHECK(view.users.size() == (view.terms.burst == 10 ? 1 : 2));
    }
}

TEST_CASE_FIXTURE(BudgetFixture,
                  "another tenant neither sees nor draws on a budget, even with the same credential") {
    open({1, 10});
    StoreFixture other;
    CHECK(good(other.store.budgets().budgets(other.tenant, "upvest")).empty());
    const BudgetKey theirs{other.tenant, "upvest", key.credential};
    CHECK(error_of(other.store.budgets().draw_tokens(theirs, Lane::interactive, 1)) == "not_found");
    good(other.store.budgets().open_budget(theirs, other.connect("x").id, {1, 5}));
    CHECK(good(other.store.budgets().draw_tokens(theirs, Lane::interactive, 9)).granted == 5);
    CHECK(draw(Lane::interactive, 9).granted == 9);
}

TEST_CASE("an announcement is read back, and nothing else is taken for one") {
    const domain::Uuid tenant = id_of("someone");
    const auto block = postgres::parse_announcement(to_text(tenant) + " tdx abc 1500000");
    REQUIRE(block);
    CHECK(block->key == BudgetKey{tenant, "tdx", "abc"});
    CHECK(block->lasts == std::chrono::milliseconds(1500));
    for (const std::string& bad : std::vector<std::string>{
             std::string(), std::string("x"), to_text(tenant), to_text(tenant) + " tdx abc",
             to_text(tenant) + " tdx abc x", to_text(tenant) + " tdx abc -5", to_text(tenant) + " tdx abc 0",
             to_text(tenant) + " tdx abc 5 6", to_text(tenant) + " tdx abc 99999999999999999999",
             to_text(tenant) + " tdx abc 3600000001", "nobody tdx abc 5"}) {
        CAPTURE(bad);
        CHECK_FALSE(postgres::parse_announcement(bad));
    }
}
