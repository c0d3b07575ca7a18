// The port's page transaction over one Transaction. Every method turns what its statements throw into a
// value.
#pragma once

#include "adapters/postgres/transaction.hpp"
#include "domain/ports/page_store.hpp"

namespace tributary::postgres {

/// Runs `job` over `transaction`. Throws Failure with the job's error; a statement that failed fails the
/// whole, whatever the job made of it, and a collision with another transaction is thrown as such, so that
/// the job runs again.
void run_page_job(Transaction& transaction,
                  const std::function<domain::Result<void>(domain::ports::PageTransaction&)>& job);

}  // namespace tributary::postgres
