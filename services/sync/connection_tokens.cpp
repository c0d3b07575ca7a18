#include "services/sync/connection_tokens.hpp"

#include <algorithm>
#include <utility>

#include "domain/json/parse.hpp"
#include "domain/json/write.hpp"
#include "domain/try.hpp"

namespace tributary::sync {

using domain::Errc;
using domain::Result;
using domain::ports::HeldTokens;
using domain::ports::RenewTokens;
using domain::ports::StoredTokens;
using domain::ports::Task;
using domain::ports::TokenLook;
using domain::ports::Tokens;
using std::chrono::milliseconds;

namespace {

/// Between two looks at tokens that somebody else renews.
constexpr milliseconds look_again{200};
/// A commit that failed, or whose answer was lost, is tried again: a provider may take a refresh token once.
constexpr int keep_attempts = 3;
constexpr milliseconds keep_again{500};

std::string text_of(const Tokens& tokens) {
    json::Object object{{"access", tokens.access}, {"refresh", tokens.refresh}};
    if (tokens.refresh_ends_at) {
        object.push_back({"refresh_ends_at", domain::to_text(*tokens.refresh_ends_at)});
    }
    return json::write(object);
}

std::string member(const json::Value& object, std::string_view key) {
    const json::Value* value = object.find(key);
    return value != nullptr && value->if_string() != nullptr ? *value->if_string() : std::string();
}

}  // namespace

ConnectionTokens::ConnectionTokens(domain::ports::TokenStore& store, domain::ports::Sealer& sealer,
                                   domain::ports::Clock& clock, domain::ports::TokenKey key)
    : store_(store), sealer_(sealer), clock_(clock), key_(std::move(key)) {}

std::string ConnectionTokens::context() const {
    return "tokens:" + to_text(key_.tenant) + ":" + to_text(key_.connection);
}

Result<Tokens> ConnectionTokens::open(const StoredTokens& stored) const {
    TRIBUTARY_TRY_LET(plain, sealer_.open(stored.sealed, context()));
    TRIBUTARY_TRY_LET(parsed, json::parse(plain));
    return Tokens{member(parsed.root, "access"), member(parsed.root, "refresh"),
                  domain::parse_timestamp(member(parsed.root, "refresh_ends_at")), stored.left};
}

Task<Result<HeldTokens>> ConnectionTokens::get(std::optional<std::int64_t> refused, RenewTokens renew) {
    const auto deadline = clock_.steady_now() + claim_lasts + std::chrono::seconds(10);
    for (;;) {
        const auto asked = clock_.steady_now();
        Result<TokenLook> look = co_await store_.look(key_, refused, claim_lasts);
        if (!look) {
            co_return std::unexpected(std::move(look).error());
        }
        if (look->next == TokenLook::Next::use) {
            Result<Tokens> tokens = open(*look->tokens);
            if (!tokens) {
                co_return std::unexpected(std::move(tokens).error());
            }
            if (tokens->left) {
                *tokens->left -= std::chrono::ceil<milliseconds>(clock_.steady_now() - asked);
            }
            co_return HeldTokens{*std::move(tokens), look->tokens->generation};
        }
        if (look->next == TokenLook::Next::renew) {
            Result<HeldTokens> led = co_await lead(*std::move(look), renew);
            co_return led;
        }
        if (clock_.steady_now() >= deadline) {
            co_return domain::fail(Errc::unavailable,
                                   "Somebody else renews the connection's token and does not get done; the "
                                   "next run tries again.");
        }
        const Result<void> slept = co_await clock_.sleep(look_again);
        if (!slept) {
            co_return std::unexpected(slept.error());
        }
    }
}

Task<Result<HeldTokens>> ConnectionTokens::lead(TokenLook look, RenewTokens& renew) {
    std::optional<Tokens> last;
    if (look.tokens) {
        Result<Tokens> opened = open(*look.tokens);
        if (!opened) {
            const Result<void> given_up = co_await store_.give_up(key_, look.claim);
            (void)given_up;
            co_return std::unexpected(std::move(opened).error());
        }
        last = *std::move(opened);
    }
    Result<Tokens> renewed = co_await renew(std::move(last));
    if (!renewed) {
        // Should this fail, the claim runs out by itself.
        const Result<void> given_up = co_await store_.give_up(key_, look.claim);
        (void)given_up;
        co_return std::unexpected(std::move(renewed).error());
    }
    const auto renewed_at = clock_.steady_now();
    const Result<void> kept = co_await keep(look.claim, *renewed);
    if (!kept) {
        co_return std::unexpected(kept.error());
    }
    if (renewed->left) {
        *renewed->left -= std::chrono::ceil<milliseconds>(clock_.steady_now() - renewed_at);
    }
    co_return HeldTokens{*std::move(renewed), look.claim};
}

Task<Result<void>> ConnectionTokens::keep(std::int64_t claim, const Tokens& tokens) {
    const auto begun = clock_.steady_now();
    const std::string sealed = sealer_.seal(text_of(tokens), context());
    for (int attempt = 1;; ++attempt) {
        std::optional<milliseconds> left = tokens.left;
        if (left) {
            *left -= std::chrono::ceil<milliseconds>(clock_.steady_now() - begun);
        }
        Result<void> kept = co_await store_.keep(key_, claim, sealed, left);
        const bool passing =
            !kept && (is_retryable(kept.error().code) || kept.error().code == Errc::in_doubt ||
                      kept.error().code == Errc::conflict);
        if (!passing || attempt == keep_attempts) {
            co_return kept;
        }
        // Also where the run is to stop: what was renewed is worth keeping.
        const Result<void> slept = co_await clock_.sleep(keep_again);
        (void)slept;
    }
}

}  // namespace tributary::sync
