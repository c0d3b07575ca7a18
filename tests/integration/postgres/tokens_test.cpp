// Shared access tokens in PostgreSQL: who may renew, what is kept, and when it is destroyed.

#include <doctest/doctest.h>

#include <atomic>
#include <thread>

#include "tests/support/store_fixture.hpp"

using namespace tributary;
using namespace tests;
using namespace domain::ports;
using domain::Uuid;
using std::chrono::milliseconds;
using std::chrono::seconds;
using Next = TokenLook::Next;

namespace {

struct TokenFixture : StoreFixture {
    TokenKey key_of(const Uuid& connection) {
        const std::string sealed =
            value("SELECT sealed_credentials FROM connections WHERE tenant_id = $T AND connection_id = '" +
                  to_text(connection) + "'");
        return {tenant, connection, sealed};
    }

    TokenLook look(const TokenKey& key, std::optional<std::int64_t> refused = std::nullopt,
                   seconds claim_lasts = seconds(60)) {
        return good(store.tokens().look(key, refused, claim_lasts));
    }

    void keep(const TokenKey& key, std::int64_t claim, const std::string& sealed,
              std::optional<milliseconds> left = seconds(600)) {
        good(store.tokens().keep(key, claim, sealed, left));
    }

    [[nodiscard]] std::string rows() const {
        return value("SELECT count(*) FROM provider_tokens WHERE tenant_id = $T");
    }
};

}  // namespace

TEST_CASE_FIXTURE(TokenFixture, "the first who looks renews, others wait, and then all use what was kept") {
    const TokenKey key = key_of(connect("one").id);
    const TokenLook first = look(key);
    CHECK(first.next == Next::renew);
    CHECK_FALSE(first.tokens);
    CHECK(look(key).next == Next::wait);
    keep(key, first.claim, "sealed:1");
    const TokenLook then = look(key);
    CHECK(then.next == Next::use);
    REQUIRE(then.tokens);
    CHECK(then.tokens->sealed == "sealed:1");
    CHECK(then.tokens->generation == first.claim);
    CHECK(*then.tokens->left <= seconds(600));
    CHECK(*then.tokens->left > seconds(500));
}

TEST_CASE_FIXTURE(TokenFixture, "tokens that ended or were refused are shown to whoever renews them") {
    const TokenKey key = key_of(connect("one").id);
    const std::int64_t first = look(key).claim;
    keep(key, first, "sealed:1", std::nullopt);
    CHECK(look(key).next == Next::use);
    const TokenLook refused = look(key, first);
    CHECK(refused.next == Next::renew);
    CHECK(refused.tokens->sealed == "sealed:1");
    keep(key, refused.claim, "sealed:2", milliseconds(0));
    CHECK(look(key, first).next == Next::renew);
}

TEST_CASE_FIXTURE(TokenFixture, "a renewal that was given up or ran out is somebody else's turn") {
    const TokenKey key = key_of(connect("one").id);
    const TokenLook first = look(key);
    good(store.tokens().give_up(key, first.claim));
    const TokenLook second = look(key, std::nullopt, seconds(0));
    CHECK(second.next == Next::renew);
    const TokenLook third = look(key);
    CHECK(third.next == Next::renew);
    CHECK(error_of(store.tokens().keep(key, second.claim, "late", std::nullopt)) == "stale_owner");
    good(store.tokens().give_up(key, second.claim));
    CHECK(look(key).next == Next::wait);
    keep(key, third.claim, "sealed:3");
    keep(key, third.claim, "sealed:3");  // the answer to the first was lost
    CHECK(look(key).tokens->sealed == "sealed:3");
}

TEST_CASE_FIXTURE(TokenFixture,
                  "a repair destroys the tokens, and whoever has the old credentials writes none") {
    const Uuid id = connect("one").id;
    const TokenKey before = key_of(id);
    keep(before, look(before).claim, "sealed:1");
    const TokenLook renewing = look(before, 1);
    good(store.connections().repair_connection(tenant, {id, "sealed:new", {}}));
    CHECK(rows() == "0");
    CHECK(error_of(store.tokens().keep(before, renewing.claim, "late", std::nullopt)) == "stale_owner");
    CHECK(error_of(store.tokens().look(before, std::nullopt, seconds(60))) == "stale_owner");
    CHECK(rows() == "0");
    CHECK(look(key_of(id)).next == Next::renew);
}

TEST_CASE_FIXTURE(TokenFixture, "removing a connection destroys its tokens at once") {
    const Uuid id = connect("one").id;
    const TokenKey key = key_of(id);
    keep(key, look(key).claim, "sealed:1");
    good(store.connections().remove_connection(tenant, id));
    CHECK(rows() == "0");
    CHECK(error_of(store.tokens().look(key, std::nullopt, seconds(60))) == "stale_owner");
}

TEST_CASE_FIXTURE(TokenFixture, "another tenant finds nothing under the same connection") {
    TokenKey key = key_of(connect("one").id);
    keep(key, look(key).claim, "sealed:1");
    StoreFixture other;
    key.tenant = other.tenant;
    CHECK(error_of(store.tokens().look(key, std::nullopt, seconds(60))) == "stale_owner");
}

TEST_CASE_FIXTURE(TokenFixture, "one of fifty who look at once on two pools renews") {
    const TokenKey key = key_of(connect("one").id);
    StoreFixture replica;
    std::atomic<int> renewing = 0;
    std::vector<std::jthread> threads;
    for (int i = 0; i < 50; ++i) {
        threads.emplace_back([&, i] {
            postgres::Store& used = i % 2 == 0 ? store : replica.store;
            renewing += good(used.tokens().look(key, std::nullopt, seconds(60))).next == Next::renew ? 1 : 0;
        });
    }
    threads.clear();
    CHECK(renewing == 1);
}
