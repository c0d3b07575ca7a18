#include "services/sync/connection_tokens.hpp"

#include <doctest/doctest.h>

#include <boost/asio/co_spawn.hpp>
#include <memory>
#include <vector>

#include "virtual_clock.hpp"

using namespace tributary;
using namespace tributary::tests;
using domain::Errc;
using domain::Result;
using domain::ports::HeldTokens;
using domain::ports::StoredTokens;
using domain::ports::Task;
using domain::ports::TokenKey;
using domain::ports::TokenLook;
using domain::ports::Tokens;
using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

/// Marks what it sealed, so that a test can tell.
class FakeSealer final : public domain::ports::Sealer {
  public:
    [[nodiscard]] std::string seal(std::string_view plain, std::string_view context) override {
        return "sealed(" + std::string(context) + ")" + std::string(plain);
    }

    [[nodiscard]] Result<std::string> open(std::string_view sealed, std::string_view context) const override {
        const std::string mark = "sealed(" + std::string(context) + ")";
        if (!sealed.starts_with(mark)) {
            return domain::fail(Errc::configuration, "another key");
        }
        return std::string(sealed.substr(mark.size()));
    }

    [[nodiscard]] std::string fingerprint(std::string_view, std::string_view) const override { return {}; }
};

/// One row, as processes that share it see it; each call takes a moment.
class FakeTokenStore final : public domain::ports::TokenStore {
  public:
    explicit FakeTokenStore(VirtualClock& clock) : clock_(clock) {}

    Task<Result<TokenLook>> look(TokenKey key, std::optional<std::int64_t> refused,
                                 std::chrono::seconds claim_lasts) override {
        co_await clock_.sleep(milliseconds(2));
        if (key.sealed_credentials != credentials) {
            co_return domain::fail(Errc::stale_owner, "replaced");
        }
        TokenLook look;
        if (kept) {
            look.tokens = *kept;
            if (good_until) {
                look.tokens->left =
                    std::chrono::duration_cast<milliseconds>(*good_until - clock_.steady_now());
            }
        }
        const bool lasts = kept && (!good_until || *good_until > clock_.steady_now());
        if (lasts && (!refused || kept->generation > *refused)) {
            look.next = TokenLook::Next::use;
        } else if (renewing_until <= clock_.steady_now()) {
            look.next = TokenLook::Next::renew;
            look.claim = ++claim;
            renewing_until = clock_.steady_now() + claim_lasts;
        }
        co_return look;
    }

    Task<Result<void>> keep(TokenKey key, std::int64_t by, std::string sealed,
                            std::optional<milliseconds> left) override {
        co_await clock_.sleep(milliseconds(2));
        if (keeps_to_fail > 0) {
            --keeps_to_fail;
            co_return domain::fail(Errc::unavailable, "away");
        }
        if (key.sealed_credentials != credentials || by != claim) {
            co_return domain::fail(Errc::stale_owner, "another's");
        }
        kept = StoredTokens{std::move(sealed), by, left};
        good_until.reset();
        if (left) {
            good_until = clock_.steady_now() + *left;
        }
        renewing_until = {};
        co_await clock_.sleep(milliseconds(2));
        co_return Result<void>();
    }

    Task<Result<void>> give_up(TokenKey, std::int64_t by) override {
        co_await clock_.sleep(milliseconds(2));
        if (by == claim) {
            renewing_until = {};
        }
        co_return Result<void>();
    }

    std::string credentials = "sealed:one";
    std::optional<StoredTokens> kept;
    int keeps_to_fail = 0;
    std::int64_t claim = 0;
    std::optional<std::chrono::steady_clock::time_point> good_until;
    std::chrono::steady_clock::time_point renewing_until{};

  private:
    VirtualClock& clock_;
};

/// Processes that use one connection, and a provider that gives every renewal another pair of tokens.
struct TokenWorld {
    boost::asio::io_context io;
    VirtualClock clock{io};
    FakeSealer sealer;
    FakeTokenStore store{clock};
    TokenKey key{{}, {}, "sealed:one"};
    int renewals = 0;
    std::vector<std::string> shown;
    std::optional<domain::Error> refuses;

    Task<Result<Tokens>> renew(std::optional<Tokens> last) {
        shown.push_back(last ? last->refresh : "");
        co_await clock.sleep(milliseconds(300));
        if (refuses) {
            co_return std::unexpected(*refuses);
        }
        const std::string number = std::to_string(++renewals);
        co_return Tokens{"access-" + number, "refresh-" + number, std::nullopt, seconds(600)};
    }

    Task<void> use(sync::ConnectionTokens& tokens, std::optional<std::int64_t> refused,
                   std::vector<Result<HeldTokens>>& got) {
        Result<HeldTokens> held = co_await tokens.get(
            refused, [this](std::optional<Tokens> last) { return renew(std::move(last)); });
        got.push_back(std::move(held));
    }

    std::vector<Result<HeldTokens>> use_at_once(std::size_t users,
                                                std::optional<std::int64_t> refused = std::nullopt) {
        std::vector<std::unique_ptr<sync::ConnectionTokens>> processes;
        std::vector<Result<HeldTokens>> got;
        for (std::size_t i = 0; i < users; ++i) {
            if (i < 2) {
                processes.push_back(std::make_unique<sync::ConnectionTokens>(store, sealer, clock, key));
            }
            boost::asio::co_spawn(io, use(*processes[i % processes.size()], refused, got),
                                  [](const std::exception_ptr&) {});
        }
        clock.run();
        return got;
    }
};

}  // namespace

TEST_CASE("one of fifty users in two processes renews and all get what it gave") {
    TokenWorld world;
    const auto got = world.use_at_once(50);
    CHECK(world.renewals == 1);
    REQUIRE(got.size() == 50);
    for (const auto& held : got) {
        REQUIRE(held.has_value());
        CHECK(held->tokens.access == "access-1");
        CHECK(held->tokens.left.has_value());
    }
    CHECK(world.use_at_once(3).front()->tokens.access == "access-1");
    CHECK(world.renewals == 1);
}

TEST_CASE("a refused token is renewed once, with the refresh token that came last") {
    TokenWorld world;
    const std::int64_t first = world.use_at_once(1).front()->generation;
    const auto got = world.use_at_once(50, first);
    CHECK(world.renewals == 2);
    for (const auto& held : got) {
        CHECK(held->tokens.access == "access-2");
        CHECK(held->generation > first);
    }
    CHECK(world.shown == std::vector<std::string>{"", "refresh-1"});
}

TEST_CASE("a token that ended is renewed, and nothing before") {
    TokenWorld world;
    world.use_at_once(1);
    *world.store.good_until -= seconds(599);
    CHECK(world.use_at_once(1).front()->tokens.left <= seconds(1));
    CHECK(world.renewals == 1);
    *world.store.good_until -= seconds(2);
    CHECK(world.use_at_once(1).front()->tokens.access == "access-2");
}

TEST_CASE("a renewal that is refused leaves the turn to the next user and tells its own error") {
    TokenWorld world;
    world.refuses = domain::Error{Errc::unauthenticated, "refused"};
    CHECK(world.use_at_once(1).front().error().code == Errc::unauthenticated);
    world.refuses.reset();
    CHECK(world.use_at_once(1).front()->tokens.access == "access-1");
}

TEST_CASE("tokens are used only once they are kept, and keeping is tried again") {
    TokenWorld world;
    world.store.keeps_to_fail = 2;
    CHECK(world.use_at_once(1).front()->tokens.access == "access-1");
    CHECK(world.store.kept->sealed.find("access-1") != std::string::npos);
    CHECK(world.store.kept->sealed.starts_with("sealed(tokens:"));

    TokenWorld away;
    away.store.keeps_to_fail = 1000;
    const auto got = away.use_at_once(1);
    CHECK(got.front().error().code == Errc::unavailable);
    CHECK_FALSE(away.store.kept);
}

TEST_CASE("users with credentials that were replaced get no tokens and write none") {
    TokenWorld world;
    world.use_at_once(1);
    world.store.credentials = "sealed:two";
    CHECK(world.use_at_once(1).front().error().code == Errc::stale_owner);
    CHECK(world.renewals == 1);
}

TEST_CASE("whoever dies while renewing holds up the others for a minute at most and uses nothing unkept") {
    // Each step is one wait of the one who dies: the look, the provider, the commit and its answer.
    for (int steps = 0; steps < 6; ++steps) {
        CAPTURE(steps);
        std::vector<Result<HeldTokens>> used;
        TokenWorld world;
        sync::ConnectionTokens victim(world.store, world.sealer, world.clock, world.key);
        boost::asio::co_spawn(world.io, world.use(victim, std::nullopt, used),
                              [](const std::exception_ptr&) {});
        world.clock.run_steps(steps);
        world.clock.forget_sleepers();
        if (!used.empty()) {
            REQUIRE(used.front().has_value());
            REQUIRE(world.store.kept.has_value());
            CHECK(world.store.kept->sealed.find(used.front()->tokens.access) != std::string::npos);
        }
        const auto before = world.clock.steady_now();
        const auto got = world.use_at_once(2);
        for (const auto& held : got) {
            REQUIRE(held.has_value());
            CHECK(world.store.kept->sealed.find(held->tokens.access) != std::string::npos);
        }
        CHECK(world.clock.steady_now() - before <= sync::ConnectionTokens::claim_lasts + seconds(2));
    }
}
