#include "adapters/postgres/opening.hpp"

#include "adapters/postgres/conninfo.hpp"
#include "adapters/postgres/failure.hpp"
#include "adapters/postgres/schema.hpp"
#include "adapters/postgres/translate_error.hpp"

namespace tributary::postgres {

using domain::Errc;

namespace {

constexpr auto select_role = R"sql(
    SELECT rolsuper OR rolbypassrls FROM pg_catalog.pg_roles WHERE rolname = current_user)sql";

constexpr auto select_key = "SELECT key_id FROM sealing_key";

// Waits for whoever else is the first at this moment; the next statement sees which key it was.
constexpr auto insert_key = R"sql(
    INSERT INTO sealing_key (only_row, key_id) VALUES (true, $1)
    ON CONFLICT DO NOTHING)sql";

void require_role(Transaction& tx, const std::string& role) {
    if (!role.empty() && Row(tx.script("SELECT current_user")[0]).view(0) != role) {
        refuse(Errc::configuration,
               "database.url names another role than database.role, which is the one that the service is to "
               "work as: name that one in database.url, and the owner of the tables in database.direct_url");
    }
}

void require_key(Transaction& tx, const std::string& key_id, FirstKey first) {
    auto rows = tx.script(select_key);
    if (rows.empty()) {
        if (first == FirstKey::only_look) return;
        tx.exec(insert_key, key_id);
        rows = tx.script(select_key);
    }
    if (Row(rows[0]).view(0) != key_id) {
        refuse(Errc::configuration,
               "secrets.key_file holds another key than the one this database was first used with: name the "
               "file with the former key; without that key begin with an empty database");
    }
}

}  // namespace

void require_walled_role(Transaction& tx) {
    const auto rows = tx.script(select_role);
    if (rows.empty() || Row(rows[0]).boolean(0)) {
        refuse(Errc::configuration,
               "our database role is a superuser or has BYPASSRLS, so that the wall between tenants does not "
               "hold it: name a role in database.url that is neither");
    }
}

domain::Result<void> check_role(const std::string& url) {
    try {
        pqxx::connection connection(with_defaults(url));
        Transaction tx(connection, {}, std::nullopt);
        require_walled_role(tx);
        return {};
    } catch (...) {
        return std::unexpected(translate_current_exception().error);
    }
}

domain::Result<void> check_database(const std::string& url, const std::string& key_id, FirstKey first,
                                    const std::string& role) {
    try {
        pqxx::connection connection(with_defaults(url));
        Transaction tx(connection, {}, std::nullopt);
        require_walled_role(tx);
        require_role(tx, role);
        require_schema(tx, embedded_migrations());
        require_key(tx, key_id, first);
        tx.commit();
        return {};
    } catch (...) {
        return std::unexpected(translate_current_exception().error);
    }
}

}  // namespace tributary::postgres
