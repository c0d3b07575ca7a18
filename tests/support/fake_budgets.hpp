// The request budgets that replicas share, without a database.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "domain/ports/budget_store.hpp"
#include "domain/ports/clock.hpp"

namespace tributary::tests {

/// Kept by the domain's own arithmetic on the test's clock.
class FakeBudgets final : public domain::ports::BudgetStore {
  public:
    explicit FakeBudgets(domain::ports::Clock& clock) : clock_(clock) {}

    domain::ports::Task<domain::Result<void>> open_budget(domain::ports::BudgetKey key, domain::Uuid,
                                                          domain::BudgetTerms terms) override;
    domain::ports::Task<domain::Result<domain::Drawn>> draw_tokens(domain::ports::BudgetKey key,
                                                                   domain::Lane lane,
                                                                   std::int64_t wanted) override;
    domain::ports::Task<domain::Result<void>> block_budget(domain::ports::BudgetBlock block) override;
    domain::ports::Task<domain::Result<std::vector<domain::ports::BudgetView>>> budgets(domain::Uuid,
                                                                                        std::string) override;

    /// Told of every block once it is written.
    std::function<void(const domain::ports::BudgetBlock&)> announce;
    /// How long a statement takes.
    std::chrono::milliseconds latency{2};
    bool away = false;
    int draws = 0;

  private:
    struct Row {
        domain::BudgetTerms terms;
        domain::BudgetState state;
    };

    [[nodiscard]] std::int64_t now_us() const;

    domain::ports::Clock& clock_;
    std::map<domain::ports::BudgetKey, Row> rows_;
};

}  // namespace tributary::tests
