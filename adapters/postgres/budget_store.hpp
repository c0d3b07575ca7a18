// The port for budgets, over the pool.
#pragma once

#include <memory>

#include "adapters/postgres/pool.hpp"
#include "domain/ports/budget_store.hpp"

namespace tributary::postgres {

/// The pool outlives it.
std::unique_ptr<domain::ports::BudgetStore> make_budget_store(Pool& pool);

}  // namespace tributary::postgres
