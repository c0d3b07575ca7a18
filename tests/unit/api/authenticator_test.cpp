#include "services/api/authenticator.hpp"

#include <doctest/doctest.h>

#include <map>

#include "adapters/crypto/random.hpp"
#include "adapters/crypto/sealer.hpp"
#include "services/admin/api_key.hpp"
#include "tests/support/run_task.hpp"

using namespace tributary;
using namespace std::chrono_literals;
using domain::Errc;
using domain::Result;
using domain::ports::ApiKey;
using domain::ports::Principal;
using domain::ports::Task;
using domain::ports::Tenant;

namespace {

/// Knows keys by hash and counts how often it is asked.
struct Keys final : domain::ports::AdminStore {
    std::map<std::string, Principal> live;
    int asked = 0;

    Task<Result<Principal>> principal_of(std::string key_hash) override {
        ++asked;
        const auto found = live.find(key_hash);
        if (found == live.end()) {
            co_return domain::fail(Errc::unauthenticated, "No live key.");
        }
        co_return found->second;
    }

    static domain::Error unused() { return {Errc::internal, "Not asked here."}; }

    Task<Result<Tenant>> create_tenant(domain::Uuid, std::string) override {
        co_return std::unexpected(unused());
    }

    Task<Result<std::vector<Tenant>>> tenants() override { co_return std::unexpected(unused()); }

    Task<Result<Tenant>> tenant_named(std::string) override { co_return std::unexpected(unused()); }

    Task<Result<ApiKey>> create_key(ApiKey, std::string) override { co_return std::unexpected(unused()); }

    Task<Result<std::vector<ApiKey>>> keys(domain::Uuid) override { co_return std::unexpected(unused()); }

    Task<Result<void>> revoke_key(domain::Uuid, domain::Uuid) override {
        co_return std::unexpected(unused());
    }

    Task<Result<void>> ready() override { co_return std::unexpected(unused()); }
};

struct ManualClock final : domain::ports::Clock {
    std::chrono::steady_clock::time_point at{};

    [[nodiscard]] domain::Timestamp now() const override { return {}; }

    [[nodiscard]] std::chrono::steady_clock::time_point steady_now() const override { return at; }

    Task<Result<void>> sleep(std::chrono::steady_clock::duration duration) override {
        at += duration;
        co_return Result<void>();
    }
};

struct Fixture {
    crypto::SystemRandom random;
    crypto::AesGcmSealer sealer{crypto::SecretKey(std::array<std::uint8_t, 32>{1}), random};
    Keys store;
    ManualClock clock;
    api::Authenticator authenticator{store, sealer, clock};
    const domain::Uuid tenant = domain::named_uuid({}, "tenant");

    Fixture() { store.live[admin::api_key_hash(sealer, "trb_good")] = {tenant, {}, {"read"}}; }

    Result<Principal> ask(std::optional<std::string_view> field) {
        return tests::run_task(authenticator.principal_of(field));
    }
};

}  // namespace

TEST_CASE_FIXTURE(Fixture, "a key sent as a bearer token names its tenant and scopes") {
    const auto principal = ask("Bearer trb_good");
    REQUIRE(principal);
    CHECK(principal->tenant == tenant);
    CHECK(principal->scopes == std::vector<std::string>{"read"});
}

TEST_CASE_FIXTURE(Fixture, "a field that is no bearer token is refused without asking the store") {
    const std::string endless = "Bearer " + std::string(201, 'x');
    for (const std::optional<std::string_view> field :
         {std::optional<std::string_view>(), std::optional<std::string_view>(""),
          std::optional<std::string_view>("trb_good"), std::optional<std::string_view>("Basic trb_good"),
          std::optional<std::string_view>(endless)}) {
        const auto principal = ask(field);
        REQUIRE_FALSE(principal);
        CHECK(principal.error().code == Errc::unauthenticated);
    }
    CHECK(store.asked == 0);
}

TEST_CASE_FIXTURE(Fixture,
                  "a busy key costs one look in five seconds, and a revoked one stops working after them") {
    for (int i = 0; i < 100; ++i) {
        REQUIRE(ask("Bearer trb_good"));
    }
    CHECK(store.asked == 1);
    store.live.clear();
    clock.at += api::Authenticator::memory - 1ms;
    CHECK(ask("Bearer trb_good"));
    clock.at += 1ms;
    CHECK_FALSE(ask("Bearer trb_good"));
    CHECK(store.asked == 2);
}

TEST_CASE_FIXTURE(Fixture, "a refused key is not remembered, so that a new one works at once") {
    CHECK_FALSE(ask("Bearer trb_new"));
    store.live[admin::api_key_hash(sealer, "trb_new")] = {tenant, {}, {"read"}};
    CHECK(ask("Bearer trb_new"));
}
