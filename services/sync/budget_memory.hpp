// What this process drew from the shared budgets and has not used yet, and which of them are blocked. Tokens
// live a second at most, so that a replica that dies or falls silent keeps nothing from the others.
// Thread-safe: runs use it on their thread, the listener blocks budgets from its own.
#pragma once

#include <chrono>
#include <map>
#include <mutex>
#include <vector>

#include "domain/budget.hpp"
#include "domain/ports/budget_store.hpp"

namespace tributary::sync {

class BudgetMemory {
  public:
    using Time = std::chrono::steady_clock::time_point;

    static constexpr std::chrono::seconds token_life{1};

    struct Step {
        enum class Kind {
            go,    ///< a token was taken
            draw,  ///< none is left: draw `tokens`, then ask again
            wait,  ///< not before `until`
        };
        Kind kind = Kind::wait;
        std::int64_t tokens = 0;
        Time until{};
    };

    /// What a request of this lane does next. Interactive requests may use what background ones drew.
    Step next(const domain::ports::BudgetKey& key, const domain::BudgetTerms& terms, domain::Lane lane,
              Time now);
    /// A token that next() took was not used after all.
    void give_back(const domain::ports::BudgetKey& key, domain::Lane lane, Time now);
    /// The outcome of a draw that began at `asked`.
    void drawn(const domain::ports::BudgetKey& key, domain::Lane lane, const domain::Drawn& drawn,
               Time asked);
    /// Nothing goes before `until`; what was drawn is dropped. A longer block stays.
    void block(const domain::ports::BudgetKey& key, Time until);
    [[nodiscard]] bool is_blocked(const domain::ports::BudgetKey& key, Time now) const;
    /// Counts an answer: how many 429 came in a row, this one included; 0 where it was none.
    int answered(const domain::ports::BudgetKey& key, bool throttled);
    /// The budgets in use.
    [[nodiscard]] std::vector<domain::ports::BudgetKey> keys() const;

  private:
    struct Batch {
        domain::Lane lane = domain::Lane::background;
        std::int64_t left = 0;
        Time dies{};
    };

    struct Account {
        domain::BudgetTerms terms;
        std::vector<Batch> batches = {};
        domain::DrawSize size = {};
        Time blocked_until = {};
        /// By lane: the bucket has nothing before.
        Time empty_until[2] = {};
        int throttled_in_a_row = 0;
        Time last_used = {};
    };

    Account& account_of(const domain::ports::BudgetKey& key, Time now);
    static void drop_dead(Account& account, Time now);
    static bool take(Account& account, domain::Lane lane, domain::Lane drawn_for);

    mutable std::mutex mutex_;
    std::map<domain::ports::BudgetKey, Account> accounts_;
    Time next_sweep_{};
};

}  // namespace tributary::sync
