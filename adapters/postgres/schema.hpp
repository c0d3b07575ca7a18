// Comparing a database's schema with a list of migrations, inside a transaction.
#pragma once

#include <span>

#include "adapters/postgres/migrate.hpp"
#include "adapters/postgres/transaction.hpp"

namespace tributary::postgres {

/// SQL that waits for whoever else changes the schema, until the transaction ends. Any number that is ours
/// alone.
inline constexpr auto take_migration_lock = "SELECT pg_advisory_xact_lock(7242630948211331)";

/// How many of `migrations` the database has. Throws Failure with Errc::configuration where it has others.
std::size_t applied_count(Transaction& tx, std::span<const Migration> migrations);
/// Throws Failure with Errc::configuration unless the database has exactly `migrations`.
void require_schema(Transaction& tx, std::span<const Migration> migrations);

}  // namespace tributary::postgres
