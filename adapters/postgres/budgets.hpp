// The rows of provider_budgets. The arithmetic of a draw is domain/budget's, in one statement on this
// database's clock.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "adapters/postgres/transaction.hpp"
#include "domain/ports/budget_store.hpp"

namespace tributary::postgres {

/// Where a block is announced, as "tenant provider credential microseconds".
inline constexpr const char* block_channel = "tributary_budget_blocked";

struct DrawnAt {
    domain::Drawn drawn;
    /// The clock that counted, for whoever wants to compute it again.
    std::int64_t now_us = 0;
};

void open_budget(Transaction& tx, const domain::ports::BudgetKey& key, const domain::Uuid& connection,
                 const domain::BudgetTerms& terms);
/// Throws Failure with Errc::not_found.
DrawnAt draw_tokens(Transaction& tx, const domain::ports::BudgetKey& key, domain::Lane lane,
                    std::int64_t wanted);
void block_budget(Transaction& tx, const domain::ports::BudgetBlock& block);
std::vector<domain::ports::BudgetView> read_budgets(Transaction& tx, const std::string& provider);
/// What is left of a block; nothing where there is none.
std::optional<domain::ports::BudgetBlock> read_block(Transaction& tx, const domain::ports::BudgetKey& key);
/// Reads what block_budget() announced; nothing where it is no announcement of ours.
std::optional<domain::ports::BudgetBlock> parse_announcement(std::string_view payload);

}  // namespace tributary::postgres
