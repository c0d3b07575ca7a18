#include "tests/support/fake_budgets.hpp"

#include <algorithm>

namespace tributary::tests {

using namespace domain::ports;
using domain::Drawn;
using domain::Result;
using std::chrono::microseconds;

std::int64_t FakeBudgets::now_us() const {
    return std::chrono::duration_cast<microseconds>(clock_.steady_now().time_since_epoch()).count();
}

Task<Result<void>> FakeBudgets::open_budget(BudgetKey key, domain::Uuid, domain::BudgetTerms terms) {
    co_await clock_.sleep(latency);
    if (away) {
        co_return domain::fail(domain::Errc::unavailable, "away");
    }
    rows_[key].terms = terms;
    co_return Result<void>{};
}

Task<Result<Drawn>> FakeBudgets::draw_tokens(BudgetKey key, domain::Lane lane, std::int64_t wanted) {
    co_await clock_.sleep(latency);
    if (away) {
        co_return domain::fail(domain::Errc::unavailable, "away");
    }
    ++draws;
    Row& row = rows_.at(key);
    co_return draw(row.state, row.terms, lane, wanted, now_us());
}

Task<Result<void>> FakeBudgets::block_budget(BudgetBlock block) {
    co_await clock_.sleep(latency);
    if (away) {
        co_return domain::fail(domain::Errc::unavailable, "away");
    }
    std::int64_t& until = rows_[block.key].state.blocked_until;
    until = std::max(until, now_us() + block.lasts.count());
    if (announce) {
        announce(block);
    }
    co_return Result<void>{};
}

Task<Result<std::vector<BudgetView>>> FakeBudgets::budgets(domain::Uuid, std::string) {
    co_return std::vector<BudgetView>{};
}

}  // namespace tributary::tests
