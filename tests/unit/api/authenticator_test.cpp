#include "services/api/authenticator.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <functional>
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
using domain::ports::VerifiedToken;

namespace {

/// Knows keys by hash and counts how often it is asked.
struct Keys final : domain::ports::AdminStore {
    std::map<std::string, Principal> live;
    std::vector<Tenant> known;
    int asked = 0;
    int asked_for_tenant = 0;
    /// Runs when a key was read and before the answer is back.
    std::function<void()> meanwhile = [] {};

    Task<Result<Principal>> principal_of(std::string key_hash) override {
        ++asked;
        const auto found = live.find(key_hash);
        if (found == live.end()) {
            co_return domain::fail(Errc::unauthenticated, "No live key.");
        }
        const Principal principal = found->second;
        meanwhile();
        co_return principal;
    }

    static domain::Error unused() { return {Errc::internal, "Not asked here."}; }

    Task<Result<Tenant>> create_tenant(domain::Uuid, std::string) override {
        co_return std::unexpected(unused());
    }

    Task<Result<std::vector<Tenant>>> tenants() override { co_return std::unexpected(unused()); }

    Task<Result<Tenant>> tenant_named(std::string name) override {
        return found([name](const Tenant& one) { return one.name == name; });
    }

    Task<Result<Tenant>> tenant(domain::Uuid id) override {
        return found([id](const Tenant& one) { return one.id == id; });
    }

    Task<Result<Tenant>> found(std::function<bool(const Tenant&)> wanted) {
        ++asked_for_tenant;
        const auto at = std::ranges::find_if(known, wanted);
        if (at == known.end()) {
            co_return domain::fail(Errc::not_found, "No such tenant.");
        }
        co_return *at;
    }

    Task<Result<std::vector<ApiKey>>> key_page(domain::Uuid, domain::ports::KeyQuery) override {
        co_return std::unexpected(unused());
    }

    Task<Result<ApiKey>> key(domain::Uuid, domain::Uuid) override { co_return std::unexpected(unused()); }

    Task<Result<ApiKey>> rotate_key(domain::ports::KeyRotation, std::string) override {
        co_return std::unexpected(unused());
    }

    Task<Result<ApiKey>> create_key(ApiKey, std::string) override { co_return std::unexpected(unused()); }

    Task<Result<std::vector<ApiKey>>> keys(domain::Uuid) override { co_return std::unexpected(unused()); }

    Task<Result<void>> revoke_key(domain::Uuid, domain::Uuid) override {
        co_return std::unexpected(unused());
    }

    Task<Result<void>> ready() override { co_return std::unexpected(unused()); }
};

/// Takes the tokens that a test says, and counts how often it is asked.
struct Tokens final : domain::ports::TokenVerifier {
    std::map<std::string, VerifiedToken> good;
    int asked = 0;

    Task<Result<VerifiedToken>> verify(std::string token) override {
        ++asked;
        const auto found = good.find(token);
        if (found == good.end()) {
            co_return domain::fail(Errc::unauthenticated, "The token has expired; get a new one.");
        }
        co_return found->second;
    }
};

struct ManualClock final : domain::ports::Clock {
    std::chrono::steady_clock::time_point at{};

    [[nodiscard]] domain::Timestamp now() const override {
        return domain::Timestamp(
            std::chrono::duration_cast<std::chrono::microseconds>(at.time_since_epoch()));
    }

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
    Tokens tokens;
    api::Authenticator authenticator{store, sealer, clock, &tokens};
    const domain::Uuid tenant = domain::named_uuid({}, "tenant");
    const domain::Uuid key = domain::named_uuid({}, "key");

    Fixture() {
        store.live[admin::api_key_hash(sealer, "trb_good")] = {tenant, key, {"read"}};
        store.known = {{tenant, "main", {}}};
    }

    /// A token that is good for so long.
    VerifiedToken& grant(const std::string& token, std::chrono::seconds life = 5min) {
        VerifiedToken& made = tokens.good[token];
        made.subject = "dashboard";
        made.scopes = {"read"};
        made.tenant = "main";
        made.expires_at = clock.now() + life;
        return made;
    }

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

TEST_CASE_FIXTURE(Fixture, "a key that was forgotten is looked up again at once") {
    REQUIRE(ask("Bearer trb_good"));
    store.live.clear();
    authenticator.forget(domain::named_uuid({}, "another key"));
    CHECK(ask("Bearer trb_good"));
    authenticator.forget(key);
    CHECK_FALSE(ask("Bearer trb_good"));
}

TEST_CASE_FIXTURE(Fixture, "a key that is revoked while it is looked up is admitted that once and no more") {
    store.meanwhile = [this] {
        store.live.clear();
        authenticator.forget(key);
    };
    CHECK(ask("Bearer trb_good"));
    CHECK_FALSE(ask("Bearer trb_good"));
}

TEST_CASE_FIXTURE(Fixture, "a key is not remembered beyond its end") {
    store.live.begin()->second.lifetime = 1s;
    REQUIRE(ask("Bearer trb_good"));
    store.live.clear();
    clock.at += 1s - 1ms;
    CHECK(ask("Bearer trb_good"));
    clock.at += 1ms;
    CHECK_FALSE(ask("Bearer trb_good"));
}

TEST_CASE_FIXTURE(Fixture, "a token that ends in the furthest future is remembered as long as any other") {
    grant("a.b.c").expires_at = domain::Timestamp(std::chrono::seconds(253'402'300'799));
    REQUIRE(ask("Bearer a.b.c"));
    tokens.good.clear();
    clock.at += api::Authenticator::token_memory - 1ms;
    CHECK(ask("Bearer a.b.c"));
    clock.at += 1ms;
    CHECK_FALSE(ask("Bearer a.b.c"));
}

TEST_CASE_FIXTURE(Fixture,
                  "a token speaks for the tenant it names, with those of its scopes that there are") {
    VerifiedToken& token = grant("a.b.c");
    token.scopes = {"flying", "sync", "read", "sync", "READ"};
    token.customer = "somebody";
    const auto principal = ask("bearer a.b.c");
    REQUIRE(principal);
    CHECK(principal->tenant == tenant);
    CHECK(principal->key_id == domain::Uuid{});
    CHECK(principal->scopes == std::vector<std::string>{"sync", "read"});
    CHECK(principal->label == "token dashboard");
    CHECK(principal->customer == "somebody");
    grant("by.its.id").tenant = to_text(tenant);
    CHECK(ask("Bearer by.its.id")->tenant == tenant);
}

TEST_CASE_FIXTURE(Fixture, "a token that is not good, or of no tenant, is refused with its reason") {
    const auto expired = ask("Bearer a.b.c");
    REQUIRE_FALSE(expired);
    CHECK(expired.error().code == Errc::unauthenticated);
    CHECK(expired.error().detail == "The token has expired; get a new one.");
    grant("a.b.c").tenant = "nobody";
    grant("a.b.d").tenant = to_text(domain::named_uuid({}, "nobody"));
    for (const char* field : {"Bearer a.b.c", "Bearer a.b.d"}) {
        const auto homeless = ask(field);
        REQUIRE_FALSE(homeless);
        CHECK(homeless.error().code == Errc::unauthenticated);
        CHECK(homeless.error().detail == "The token names no tenant of this service.");
    }
}

TEST_CASE_FIXTURE(Fixture,
                  "a busy token is verified once a minute, and its tenant looked up once in five seconds") {
    grant("a.b.c");
    for (int i = 0; i < 100; ++i) {
        REQUIRE(ask("Bearer a.b.c"));
    }
    CHECK(tokens.asked == 1);
    grant("a.b.d");
    REQUIRE(ask("Bearer a.b.d"));
    CHECK(store.asked_for_tenant == 1);
    tokens.good.clear();
    clock.at += api::Authenticator::token_memory - 1ms;
    CHECK(ask("Bearer a.b.c"));
    clock.at += 1ms;
    CHECK_FALSE(ask("Bearer a.b.c"));
}

TEST_CASE_FIXTURE(Fixture, "a token is not remembered beyond its end") {
    grant("a.b.c", 10s);
    REQUIRE(ask("Bearer a.b.c"));
    tokens.good.clear();
    clock.at += 10s - 1ms;
    CHECK(ask("Bearer a.b.c"));
    clock.at += 1ms;
    CHECK_FALSE(ask("Bearer a.b.c"));
    // Within the skew of the clocks, which the verifier allows and the memory does not.
    grant("a.b.d", -30s);
    CHECK(ask("Bearer a.b.d"));
    CHECK(ask("Bearer a.b.d"));
    CHECK(tokens.asked == 4);
}

TEST_CASE_FIXTURE(Fixture, "every token is refused where no issuer is trusted") {
    grant("a.b.c");
    api::Authenticator alone(store, sealer, clock);
    const auto principal = tests::run_task(alone.principal_of("Bearer a.b.c"));
    REQUIRE_FALSE(principal);
    CHECK(principal.error().code == Errc::unauthenticated);
    CHECK(tokens.asked == 0);
}

TEST_CASE_FIXTURE(Fixture, "a text is a token by its two dots and a key by its beginning") {
    grant("trb_a.b.c");
    for (const char* field :
         {"Bearer trb_a.b.c", "Bearer a.b", "Bearer a.b.c.d", "Bearer ..", "Bearer nonsense"}) {
        CAPTURE(field);
        CHECK_FALSE(ask(field));
    }
    CHECK(tokens.asked == 1);
}

TEST_CASE_FIXTURE(Fixture, "an endless subject is shortened in the record of decisions") {
    grant("a.b.c").subject = std::string(900, 's');
    const auto principal = ask("Bearer a.b.c");
    REQUIRE(principal);
    CHECK(principal->label.size() == 200);
    CHECK(principal->label.starts_with("token sss"));
    // Rates are counted by it: whoever begins alike is somebody else.
    grant("a.b.d").subject = std::string(900, 's') + "t";
    CHECK(ask("Bearer a.b.d")->label != principal->label);
}
