#include "services/sync/budget_key.hpp"

#include <doctest/doctest.h>

using namespace tributary;
using domain::ports::ConnectionContext;

namespace {

/// A fingerprint that shows what went in.
class PlainSealer final : public domain::ports::Sealer {
  public:
    std::string seal(std::string_view plain, std::string_view) override { return std::string(plain); }

    domain::Result<std::string> open(std::string_view sealed, std::string_view) const override {
        return std::string(sealed);
    }

    std::string fingerprint(std::string_view purpose, std::string_view text) const override {
        return std::string(purpose) + "|" + std::string(text);
    }
};

domain::ports::BudgetKey key_of(json::Object credentials, json::Object settings = {},
                                std::string base_url = "https://a") {
    ConnectionContext context;
    context.space = {domain::Uuid{}, "upvest", domain::ProviderEnvironment::sandbox};
    context.base_url = std::move(base_url);
    context.credentials = std::move(credentials);
    context.settings = std::move(settings);
    return sync::budget_key_of(PlainSealer{}, context);
}

}  // namespace

TEST_CASE("connections with the same client share a budget, whatever secret they have") {
    CHECK(key_of({{"client_id", "x"}, {"client_secret", "1"}}) ==
          key_of({{"client_id", "x"}, {"client_secret", "2"}}));
    CHECK(key_of({{"client_id", "x"}}) != key_of({{"client_id", "y"}}));
    CHECK(key_of({{"api_key", "x"}, {"api_secret", "1"}}) == key_of({{"api_key", "x"}, {"api_secret", "2"}}));
    CHECK(key_of({{"username", "x"}}) != key_of({{"api_key", "x"}}));
    CHECK(key_of({{"secret", "1"}}, {{"client_id", "x"}}) == key_of({{"secret", "2"}}, {{"client_id", "x"}}));
}

TEST_CASE("credentials that name no client are a budget of their own, and so is another origin") {
    CHECK(key_of({{"refresh_token", "1"}}) == key_of({{"refresh_token", "1"}}));
    CHECK(key_of({{"refresh_token", "1"}}) != key_of({{"refresh_token", "2"}}));
    CHECK(key_of({{"client_id", "x"}}) != key_of({{"client_id", "x"}}, {}, "https://b"));
}
