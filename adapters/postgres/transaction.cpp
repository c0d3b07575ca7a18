#include "adapters/postgres/transaction.hpp"

#include <fmt/format.h>

#include "adapters/postgres/db_text.hpp"

namespace tributary::postgres {

namespace {

// Custom plans: one that fits all values would read a whole tenant where a statement names a few rows. A plan
// that is kept must not be one that was good while the table was small.
std::string text_of(const Terms& terms, const std::optional<domain::Uuid>& tenant) {
    return fmt::format(
        "SET LOCAL statement_timeout = {};"
        "{}"
        "SET LOCAL datestyle = 'ISO'; SET LOCAL timezone = 'UTC'; SET LOCAL tributary.tenant = '{}';",
        terms.statement.count(),
        terms.keyed ? "SET LOCAL plan_cache_mode = 'force_generic_plan'; SET LOCAL enable_seqscan = off;"
                    : "SET LOCAL plan_cache_mode = 'force_custom_plan';",
        tenant ? to_text(*tenant) : std::string());
}

// Of a transaction in which several statements follow one another.
std::string bounds_of(const Terms& terms) {
    return fmt::format(
        "SET LOCAL lock_timeout = {}; SET LOCAL idle_in_transaction_session_timeout = {};"
        "SET LOCAL client_min_messages = 'error';{}",
        terms.lock.count(), terms.idle.count(), terms.durable ? "" : "SET LOCAL synchronous_commit = off;");
}

}  // namespace

Transaction::Transaction(pqxx::connection& connection, const Terms& terms,
                         const std::optional<domain::Uuid>& tenant, PreparedStatements* prepared,
                         const Rewriting* rewrite)
    : prepared_(prepared), rewrite_(rewrite), tenant_(tenant.value_or(domain::Uuid{})) {
    if (terms.alone && prepared_ != nullptr && rewrite_ == nullptr) {
        work_ = std::make_unique<pqxx::nontransaction>(connection);
        terms_ = text_of(terms, tenant);
        return;
    }
    work_ = std::make_unique<pqxx::work>(connection);
    const auto begun = script(
        (terms.snapshot ? "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY;" : std::string()) +
        text_of(terms, tenant) + bounds_of(terms) + "SELECT now()");
    now_ = Row(begun[0]).time(0);
}

// Statements of one message are one transaction (documented for the simple query protocol), and the names of
// prepared ones are those of EXECUTE.
pqxx::result Transaction::exec_alone(const Statement& statement, const compat::Values& values) {
    std::string text = terms_ + "EXECUTE " + statement.name();
    for (std::size_t i = 0; i < values.size(); ++i) {
        const std::string* value = values[i].text();
        text += i == 0 ? "(" : ",";
        text += value == nullptr ? "NULL" : work_->quote(*value);
    }
    return work_->exec(values.empty() ? text : text + ")");
}

void Transaction::use_tenant(const domain::Uuid& tenant) {
    script(fmt::format("SET LOCAL tributary.tenant = '{}'", to_text(tenant)));
    tenant_ = tenant;
}

void Transaction::prepare(const Statement& statement) {
    if (prepared_->names.contains(statement.name())) return;
    prepared_->preparing = true;
    compat::prepare(work_->conn(), statement.name(), statement.sql());
    prepared_->names.insert(statement.name());
    prepared_->preparing = false;
}

std::optional<std::string> Transaction::param(std::string_view text) {
    return std::string(db_text(text));
}

}  // namespace tributary::postgres
