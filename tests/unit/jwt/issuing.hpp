// An issuer with a key of every kind, and a verifier that knows its keys.
#pragma once

#include <doctest/doctest.h>
#include <spdlog/logger.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "adapters/jwt/verifier.hpp"
#include "domain/json/write.hpp"
#include "tests/support/jwt_signer.hpp"
#include "tests/support/run_task.hpp"

namespace tributary::jwt {

class SetClock final : public domain::ports::Clock {
  public:
    [[nodiscard]] domain::Timestamp now() const override { return wall; }

    [[nodiscard]] std::chrono::steady_clock::time_point steady_now() const override { return steady; }

    domain::ports::Task<domain::Result<void>> sleep(std::chrono::steady_clock::duration /*time*/) override {
        co_return domain::Result<void>();
    }

    domain::Timestamp wall{std::chrono::seconds(1'800'000'000)};
    std::chrono::steady_clock::time_point steady{std::chrono::hours(100)};
};

/// Made once a program: RSA keys take their time.
struct Signers {
    tests::JwtSigner es256{tests::JwtAlgorithm::es256, "elliptic"};
    tests::JwtSigner rs256{tests::JwtAlgorithm::rs256, "rsa"};
    tests::JwtSigner eddsa{tests::JwtAlgorithm::eddsa, "edwards"};
    /// Nobody knows these; their ids are those of good ones.
    tests::JwtSigner false_es256{tests::JwtAlgorithm::es256, "elliptic"};
    tests::JwtSigner false_rs256{tests::JwtAlgorithm::rs256, "rsa"};

    [[nodiscard]] std::string published() const {
        const json::Object keys[] = {es256.jwk(), rs256.jwk(), eddsa.jwk()};
        return tests::jwks_text(keys);
    }

    static const Signers& get() {
        static const Signers one;
        return one;
    }
};

struct Issuing {
    const Signers& by = Signers::get();
    SetClock clock;
    boost::asio::io_context io;
    std::string published = by.published();
    bool away = false;
    int fetches = 0;
    KeyCache keys{io.get_executor(), clock, [this] { return fetch(); },
                  std::make_shared<spdlog::logger>("test")};
    Verifier verifier{{{"https://issuer.example", "tributary"}}, keys, clock};

    domain::ports::Task<domain::Result<std::string>> fetch() {
        ++fetches;
        // Lets others arrive meanwhile.
        co_await boost::asio::post(co_await boost::asio::this_coro::executor, boost::asio::use_awaitable);
        if (away) {
            co_return domain::fail(domain::Errc::unavailable, "The issuer is away.");
        }
        co_return published;
    }

    domain::Result<domain::ports::VerifiedToken> verify(std::string token) {
        return tests::run_task(io, verifier.verify(std::move(token)));
    }

    [[nodiscard]] std::int64_t now() const {
        return std::chrono::duration_cast<std::chrono::seconds>(clock.wall.time_since_epoch()).count();
    }

    /// Good claims, changed.
    [[nodiscard]] json::Object claims(const json::Object& changed = {}) const {
        json::Object all = tests::jwt_claims({}, clock.wall);
        for (const json::Entry& entry : changed) {
            json::set(all, entry.key, entry.value);
        }
        return all;
    }

    [[nodiscard]] json::Object claims_without(std::string_view name) const {
        json::Object all = claims();
        std::erase_if(all, [name](const json::Entry& entry) { return entry.key == name; });
        return all;
    }
};

struct TokenCase {
    std::string name;
    std::string token;
    /// Part of what the caller is told; empty where the token is good.
    std::string refusal = {};
};

inline void check_cases(Issuing& issuing, const std::vector<TokenCase>& cases) {
    for (const TokenCase& one : cases) {
        CAPTURE(one.name);
        const auto verified = issuing.verify(one.token);
        CHECK(verified.has_value() == one.refusal.empty());
        if (!verified) {
            CHECK(verified.error().code == domain::Errc::unauthenticated);
            CHECK(verified.error().detail.contains(one.refusal));
        }
    }
}

inline constexpr auto malformed = "malformed, or of a type or algorithm";
inline constexpr auto not_valid = "The token is not valid.";
inline constexpr auto unknown_key = "key is not known";
inline constexpr auto expired = "has expired";
inline constexpr auto too_early = "not valid yet";

}  // namespace tributary::jwt
