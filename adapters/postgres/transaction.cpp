#include "adapters/postgres/transaction.hpp"

#include <fmt/format.h>

#include "adapters/postgres/db_text.hpp"

namespace tributary::postgres {

Transaction::Transaction(pqxx::connection& connection, const Terms& terms,
                         const std::optional<domain::Uuid>& tenant, PreparedStatements* prepared,
                         const Rewriting* rewrite)
    : work_(connection), prepared_(prepared), rewrite_(rewrite), tenant_(tenant.value_or(domain::Uuid{})) {
    // Custom plans: one that fits all values would read a whole tenant where a statement names a few rows. A
    // plan that is kept must not be one that was good while the table was small.
    const auto begun = script(fmt::format(
        "{}SET LOCAL statement_timeout = {}; SET LOCAL lock_timeout = {};"
        "SET LOCAL idle_in_transaction_session_timeout = {};"
        "{}"
        "{}"
        "SET LOCAL datestyle = 'ISO'; SET LOCAL timezone = 'UTC'; SET LOCAL client_min_messages = 'error';"
        "SET LOCAL tributary.tenant = '{}'; SELECT now()",
        terms.snapshot ? "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY;" : "",
        terms.statement.count(), terms.lock.count(), terms.idle.count(),
        terms.durable ? "" : "SET LOCAL synchronous_commit = off;",
        terms.keyed ? "SET LOCAL plan_cache_mode = 'force_generic_plan'; SET LOCAL enable_seqscan = off;"
                    : "SET LOCAL plan_cache_mode = 'force_custom_plan';",
        tenant ? to_text(*tenant) : std::string()));
    now_ = Row(begun[0]).time(0);
}

void Transaction::use_tenant(const domain::Uuid& tenant) {
    script(fmt::format("SET LOCAL tributary.tenant = '{}'", to_text(tenant)));
    tenant_ = tenant;
}

void Transaction::prepare(const Statement& statement) {
    if (prepared_->names.contains(statement.name())) return;
    prepared_->preparing = true;
    compat::prepare(work_.conn(), statement.name(), statement.sql());
    prepared_->names.insert(statement.name());
    prepared_->preparing = false;
}

std::optional<std::string> Transaction::param(std::string_view text) {
    return std::string(db_text(text));
}

}  // namespace tributary::postgres
