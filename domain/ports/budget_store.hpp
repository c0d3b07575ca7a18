// The request budgets that all replicas share: one bucket a credential, on PostgreSQL's clock.
#pragma once

#include <chrono>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "domain/budget.hpp"
#include "domain/error.hpp"
#include "domain/ports/task.hpp"
#include "domain/time.hpp"
#include "domain/uuid.hpp"

namespace tributary::domain::ports {

/// Names a bucket.
struct BudgetKey {
    Uuid tenant;
    std::string provider;
    /// A keyed fingerprint (64 hex digits) of what the provider counts requests by; never the credential.
    std::string credential;

    friend auto operator<=>(const BudgetKey&, const BudgetKey&) = default;
};

/// A provider asked to be left alone.
struct BudgetBlock {
    BudgetKey key;
    /// From now on.
    std::chrono::microseconds lasts{0};
};

/// A bucket as the API shows it.
struct BudgetView {
    struct User {
        Uuid connection;
        std::string base_url;
    };

    /// The connections that draw on it, by id.
    std::vector<User> users;
    BudgetTerms terms;
    /// Tokens an interactive request could draw now, and how many of the burst are spent.
    std::int64_t available = 0;
    std::int64_t used = 0;
    /// Tokens drawn within the last second, by lane: they may still wait in some replica's memory.
    std::int64_t reserved_interactive = 0;
    std::int64_t reserved_background = 0;
    /// When an interactive request may go, blocks included; not before now.
    Timestamp next_free_at;
    /// Absent where nothing is blocked.
    std::optional<Timestamp> blocked_until;
};

class BudgetStore {
  public:
    virtual ~BudgetStore() = default;
    /// Makes a full bucket where there is none, gives it these terms, and notes that the connection draws on
    /// it. Writes nothing where all that is so already.
    virtual Task<Result<void>> open_budget(BudgetKey key, Uuid connection, BudgetTerms terms) = 0;
    /// Takes up to `wanted` tokens in one statement. Errc::not_found before open_budget().
    virtual Task<Result<Drawn>> draw_tokens(BudgetKey key, Lane lane, std::int64_t wanted) = 0;
    /// Nobody draws for so long (at most an hour), and every replica is told. A longer block stays.
    virtual Task<Result<void>> block_budget(BudgetBlock block) = 0;
    /// Those of a provider that a connection draws on.
    virtual Task<Result<std::vector<BudgetView>>> budgets(Uuid tenant, std::string provider) = 0;
};

}  // namespace tributary::domain::ports
