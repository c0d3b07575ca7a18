#include "adapters/postgres/migrate.hpp"

#include "adapters/postgres/conninfo.hpp"
#include "adapters/postgres/failure.hpp"
#include "adapters/postgres/opening.hpp"
#include "adapters/postgres/schema.hpp"
#include "adapters/postgres/translate_error.hpp"

namespace tributary::postgres {

using domain::Errc;
using domain::Result;

namespace {

// Waiting for another migrator may take as long as its migrations do; waiting for a table's lock may not,
// because everybody else queues up behind it.
constexpr Terms patient{std::chrono::minutes(10), std::chrono::minutes(2)};
constexpr auto be_brief_on_tables = "SET LOCAL lock_timeout = '2s'";

constexpr auto make_ledger = R"sql(
    CREATE TABLE IF NOT EXISTS schema_migrations (
        version     integer NOT NULL,
        name        text NOT NULL,
        checksum    text NOT NULL,
        applied_at  timestamptz NOT NULL,
        CONSTRAINT schema_migrations_pk PRIMARY KEY (version)
    ))sql";

constexpr auto has_ledger = "SELECT to_regclass('schema_migrations') IS NOT NULL";

constexpr auto ledger_is_ours = R"sql(
    SELECT count(*) = 2 FROM pg_catalog.pg_attribute
    WHERE attrelid = 'schema_migrations'::regclass AND attnum > 0 AND NOT attisdropped
      AND attname IN ('version', 'checksum'))sql";

constexpr auto select_applied = "SELECT version, checksum FROM schema_migrations ORDER BY version";

constexpr auto insert_applied = R"sql(
    INSERT INTO schema_migrations (version, name, checksum, applied_at) VALUES ($1::integer, $2, $3, $4::timestamptz))sql";

constexpr auto select_encoding = "SELECT current_setting('server_encoding')";

/// What the database's message names first in quotes, where the migration knows that name too:
/// then it is no data. Empty where the message names nothing so.
std::string named_object(const Migration& migration, std::string_view message) {
    const auto open = message.find('"');
    const auto close = open == std::string_view::npos ? open : message.find('"', open + 1);
    if (close == std::string_view::npos) return "";
    const auto name = message.substr(open + 1, close - open - 1);
    return migration.sql.find(name) == std::string_view::npos ? "" : " (\"" + std::string(name) + "\")";
}

/// A migration works on the schema that the ones before it made. Where a statement of it meets another
/// schema, the ledger and the database have parted.
void run_script(Transaction& tx, const Migration& migration) {
    try {
        tx.script(std::string(migration.sql));
    } catch (const pqxx::insufficient_privilege&) {
        throw;
    } catch (const pqxx::sql_error& refused) {
        // libpqxx 6 tells some of these by their type alone.
        const bool other_schema = refused.sqlstate().starts_with("42") ||
                                  dynamic_cast<const pqxx::syntax_error*>(&refused) != nullptr;
        if (!other_schema) throw;
        refuse(
            Errc::configuration,
            "migration " + std::string(migration.name) +
                " meets a schema that schema_migrations does not tell of" +
                named_object(migration, refused.what()) +
                ": use an empty database or restore schema_migrations; nothing of this migration was kept");
    }
}

/// Applies the next missing migration in a transaction of its own. Returns its name, or nothing where none is
/// missing.
std::optional<std::string> apply_next(pqxx::connection& connection, std::span<const Migration> migrations) {
    Transaction tx(connection, patient, std::nullopt);
    require_walled_role(tx);
    tx.script(take_migration_lock);
    tx.script(be_brief_on_tables);
    if (Row(tx.script(select_encoding)[0]).view(0) != "UTF8") {
        refuse(Errc::configuration, "the database is not in UTF-8: create it with ENCODING 'UTF8'");
    }
    tx.script(make_ledger);
    if (!Row(tx.script(ledger_is_ours)[0]).boolean(0)) {
        refuse(Errc::configuration,
               "the table schema_migrations in this database is another program's: use an empty database");
    }
    const std::size_t applied = applied_count(tx, migrations);
    if (applied == migrations.size()) {
        tx.commit();
        return std::nullopt;
    }
    const Migration& next = migrations[applied];
    run_script(tx, next);
    tx.exec(insert_applied, next.version, next.name, next.checksum, tx.now());
    tx.commit();
    return std::string(next.name);
}

}  // namespace

std::size_t applied_count(Transaction& tx, std::span<const Migration> migrations) {
    const auto rows = tx.script(select_applied);
    const auto count = static_cast<std::size_t>(rows.size());
    if (count > migrations.size()) {
        refuse(Errc::configuration,
               "the database's schema is newer than this program: install the program that migrated it, or a "
               "newer one");
    }
    std::size_t position = 0;
    for (const auto& fields : rows) {
        const Row row(fields);
        const Migration& expected = migrations[position++];
        if (row.number(0) != expected.version || row.view(1) != expected.checksum) {
            refuse(Errc::configuration,
                   "migration " + std::string(expected.name) +
                       " is not the one this database was made with: a released migration was edited;"
                       " install the program that migrated it");
        }
    }
    return count;
}

void require_schema(Transaction& tx, std::span<const Migration> migrations) {
    const bool any = Row(tx.script(has_ledger)[0]).boolean(0);
    const std::size_t applied = any ? applied_count(tx, migrations) : 0;
    if (applied == 0) {
        refuse(Errc::configuration, "the database has no schema yet: run `tributary migrate`");
    }
    if (applied < migrations.size()) {
        refuse(Errc::configuration,
               "the database's schema is older than this program: run `tributary migrate`");
    }
}

Result<std::vector<std::string>> migrate(const std::string& url, std::span<const Migration> migrations) {
    try {
        pqxx::connection connection(with_defaults(url));
        std::vector<std::string> names;
        while (auto name = apply_next(connection, migrations)) {
            names.push_back(std::move(*name));
        }
        return names;
    } catch (...) {
        return std::unexpected(translate_current_exception().error);
    }
}

Result<std::vector<std::string>> migrate(const std::string& url) {
    return migrate(url, embedded_migrations());
}

}  // namespace tributary::postgres
