#include "adapters/postgres/service_role.hpp"

#include "adapters/postgres/conninfo.hpp"
#include "adapters/postgres/failure.hpp"
#include "adapters/postgres/schema.hpp"
#include "adapters/postgres/translate_error.hpp"

namespace tributary::postgres {

using domain::Errc;

namespace {

constexpr auto select_role = R"sql(
    SELECT rolsuper OR rolbypassrls,
           EXISTS (SELECT 1 FROM pg_catalog.pg_class c
                   WHERE c.relkind IN ('r', 'p') AND c.relnamespace = current_schema()::regnamespace
                     AND pg_has_role(rolname, c.relowner, 'MEMBER'))
    FROM pg_catalog.pg_roles WHERE rolname = $1)sql";

// What is written once stays as it is: tenants and the key's name for ever, the feed and what documents said
// before until they are kept no more. The ledger of migrations is the owner's. Truncating passes row-level
// security by, and is nobody's.
constexpr auto select_grants = R"sql(
    SELECT format('REVOKE ALL ON %1$s FROM %2$I; GRANT %3$s ON %1$s TO %2$I;', c.oid::regclass, $1::text,
                  CASE c.relname WHEN 'schema_migrations' THEN 'SELECT'
                                 WHEN 'sealing_key' THEN 'SELECT, INSERT'
                                 WHEN 'tenants' THEN 'SELECT, INSERT'
                                 WHEN 'commits' THEN 'SELECT, INSERT, DELETE'
                                 WHEN 'changes' THEN 'SELECT, INSERT, DELETE'
                                 WHEN 'history' THEN 'SELECT, INSERT, DELETE'
                                 ELSE 'SELECT, INSERT, UPDATE, DELETE' END)
    FROM pg_catalog.pg_class c
    WHERE c.relkind IN ('r', 'p') AND c.relnamespace = current_schema()::regnamespace
    UNION ALL
    SELECT format('GRANT USAGE ON SCHEMA %I TO %I;', current_schema(), $1::text))sql";

void require_plain_role(Transaction& tx, const std::string& role) {
    const auto rows = tx.exec(select_role, role);
    if (rows.empty()) {
        refuse(Errc::configuration,
               "database.role names a role that does not exist: create it with LOGIN, and name it in "
               "database.url too");
    }
    if (Row(rows[0]).boolean(0)) {
        refuse(Errc::configuration,
               "the role in database.role is a superuser or has BYPASSRLS, so that the wall between tenants "
               "does not hold it: name one that is neither");
    }
    if (Row(rows[0]).boolean(1)) {
        refuse(Errc::configuration,
               "the role in database.role is the one that owns the tables, or a member of it: name another, "
               "or leave database.role empty");
    }
}

}  // namespace

domain::Result<void> admit_service_role(const std::string& url, const std::string& role) {
    try {
        pqxx::connection connection(with_defaults(url));
        Transaction tx(connection, {}, std::nullopt);
        tx.script(take_migration_lock);
        require_plain_role(tx, role);
        for (const auto& grant : tx.exec(select_grants, role)) {
            tx.script(Row(grant).text(0));
        }
        tx.commit();
        return {};
    } catch (...) {
        return std::unexpected(translate_current_exception().error);
    }
}

}  // namespace tributary::postgres
