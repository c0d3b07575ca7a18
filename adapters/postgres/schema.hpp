// Comparing a database's schema with a list of migrations, inside a transaction.
#pragma once

#include <span>

#include "adapters/postgres/migrate.hpp"
#include "adapters/postgres/transaction.hpp"

namespace tributary::postgres {

/// How many of `migrations` the database has. Throws Failure with Errc::configuration where it has others.
std::size_t applied_count(Transaction& tx, std::span<const Migration> migrations);
/// Throws Failure with Errc::configuration unless the database has exactly `migrations`.
void require_schema(Transaction& tx, std::span<const Migration> migrations);

}  // namespace tributary::postgres
