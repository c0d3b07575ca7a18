#include "adapters/postgres/admin.hpp"

#include <algorithm>

#include "adapters/postgres/failure.hpp"

namespace tributary::postgres {

using domain::Errc;
using domain::Uuid;
using domain::ports::ApiKey;
using domain::ports::Principal;
using domain::ports::Tenant;

namespace {

constexpr auto insert_tenant = R"sql(
    INSERT INTO tenants (tenant_id, name, created_at) VALUES ($1::uuid, $2, $3::timestamptz)
    ON CONFLICT DO NOTHING
    RETURNING 1)sql";

constexpr auto insert_head = R"sql(
    INSERT INTO feed_head (tenant_id, commit_no, at) VALUES ($1::uuid, 0, $2::timestamptz))sql";

constexpr auto select_tenants = "SELECT tenant_id, name, created_at FROM tenants ORDER BY name";

constexpr auto select_tenant_named = "SELECT tenant_id, name, created_at FROM tenants WHERE name = $1";

constexpr auto select_tenant_by_id = "SELECT tenant_id, name, created_at FROM tenants WHERE tenant_id = $1";

constexpr auto insert_key = R"sql(
    INSERT INTO api_keys (key_hash, tenant_id, key_id, prefix, scopes, created_at, expires_at)
    VALUES ($1, $2::uuid, $3::uuid, $4, $5, $6::timestamptz, $7::timestamptz)
    ON CONFLICT DO NOTHING
    RETURNING 1)sql";

constexpr auto select_tenant = "SELECT 1 FROM tenants WHERE tenant_id = $1";

constexpr auto select_keys = R"sql(
    SELECT key_id, tenant_id, prefix, scopes, created_at, expires_at, revoked_at, replaced_by
    FROM api_keys
    WHERE tenant_id = $1
    ORDER BY key_id)sql";

constexpr auto select_key_page = R"sql(
    SELECT key_id, tenant_id, prefix, scopes, created_at, expires_at, revoked_at, replaced_by
    FROM api_keys
    WHERE tenant_id = $1 AND ($2::uuid IS NULL OR key_id > $2::uuid)
    ORDER BY key_id
    LIMIT $3::bigint)sql";

constexpr auto select_key = R"sql(
    SELECT key_id, tenant_id, prefix, scopes, created_at, expires_at, revoked_at, replaced_by
    FROM api_keys
    WHERE tenant_id = $1 AND key_id = $2)sql";

constexpr auto lock_key = R"sql(
    SELECT key_id, tenant_id, prefix, scopes, created_at, expires_at, revoked_at, replaced_by
    FROM api_keys
    WHERE tenant_id = $1 AND key_id = $2
    FOR UPDATE)sql";

constexpr auto update_replaced = R"sql(
    UPDATE api_keys SET expires_at = least(expires_at, $3::timestamptz), replaced_by = $4::uuid
    WHERE tenant_id = $1 AND key_id = $2)sql";

constexpr auto update_revoked = R"sql(
    UPDATE api_keys SET revoked_at = coalesce(revoked_at, now()) WHERE tenant_id = $1 AND key_id = $2 RETURNING 1)sql";

constexpr auto select_principal = R"sql(
    SELECT tenant_id, key_id, scopes, (extract(epoch FROM expires_at - now()) * 1000000)::bigint
    FROM api_keys
    WHERE key_hash = $1 AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > now()))sql";

constexpr auto select_read_only = "SELECT current_setting('transaction_read_only')";

std::string joined(const std::vector<std::string>& scopes) {
    std::string text;
    for (const std::string& scope : scopes) {
        if (scope.empty() || scope.find_first_of(" \t\r\n") != std::string::npos) {
            refuse(Errc::invalid_input, "a scope is empty or holds white space");
        }
        if (!text.empty()) text += ' ';
        text += scope;
    }
    return text;
}

std::vector<std::string> split(std::string_view text) {
    std::vector<std::string> scopes;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find(' '), text.size());
        scopes.emplace_back(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return scopes;
}

bool is_tenant_name(std::string_view name) {
    const auto allowed = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
               c == '_';
    };
    return !name.empty() && name.size() <= 63 && std::ranges::all_of(name, allowed);
}

Tenant tenant_of(const Row& row) {
    return {row.uuid(0), row.text(1), row.time(2)};
}

ApiKey key_of(const Row& row) {
    return {row.uuid(0), row.uuid(1),     row.text(2),     split(row.view(3)),
            row.time(4), row.opt_time(5), row.opt_time(6), row.opt_uuid(7)};
}

ApiKey key_in(const pqxx::result& rows) {
    if (rows.empty()) {
        refuse(Errc::not_found, "There is no API key with this id.");
    }
    return key_of(Row(rows[0]));
}

}  // namespace

Tenant create_tenant(Transaction& tx, const std::string& name) {
    if (!is_tenant_name(name)) {
        refuse(Errc::invalid_input, "a tenant's name is 1 to 63 letters, digits, '-' and '_'");
    }
    if (tx.exec(insert_tenant, tx.tenant(), name, tx.now()).empty()) {
        refuse(Errc::conflict, "a tenant of this name exists already");
    }
    tx.exec(insert_head, tx.tenant(), tx.now());
    return {tx.tenant(), name, tx.now()};
}

std::vector<Tenant> read_tenants(Transaction& tx) {
    return collect(tx.script(select_tenants), tenant_of);
}

Tenant read_tenant_named(Transaction& tx, const std::string& name) {
    const auto rows = tx.exec(select_tenant_named, name);
    if (rows.empty()) {
        refuse(Errc::not_found, "there is no tenant of this name; `tributary tenant list` shows them");
    }
    return tenant_of(Row(rows[0]));
}

Tenant read_tenant(Transaction& tx, const Uuid& id) {
    const auto rows = tx.exec(select_tenant_by_id, id);
    if (rows.empty()) {
        refuse(Errc::not_found, "There is no tenant with this id.");
    }
    return tenant_of(Row(rows[0]));
}

ApiKey create_key(Transaction& tx, const ApiKey& key, const std::string& hash) {
    ApiKey made = key;
    made.created_at = tx.now();
    made.revoked_at.reset();
    if (tx.exec(select_tenant, key.tenant).empty()) {
        refuse(Errc::not_found, "this tenant does not exist");
    }
    if (tx.exec(insert_key, hash, key.tenant, key.id, key.prefix, joined(key.scopes), made.created_at,
                key.expires_at)
            .empty()) {
        refuse(Errc::conflict, "this API key exists already");
    }
    return made;
}

std::vector<ApiKey> read_keys(Transaction& tx, const Uuid& tenant) {
    return collect(tx.exec(select_keys, tenant), key_of);
}

std::vector<ApiKey> read_key_page(Transaction& tx, const Uuid& tenant, const domain::ports::KeyQuery& query) {
    return collect(tx.exec(select_key_page, tenant, query.after, query.limit), key_of);
}

ApiKey read_key(Transaction& tx, const Uuid& tenant, const Uuid& id) {
    return key_in(tx.exec(select_key, tenant, id));
}

ApiKey rotate_key(Transaction& tx, const domain::ports::KeyRotation& rotation, const std::string& hash) {
    const ApiKey old = key_in(tx.exec(lock_key, rotation.tenant, rotation.old));
    if (old.replaced_by) {
        refuse(Errc::conflict, "This API key was rotated before; its successor is " +
                                   to_text(*old.replaced_by) + ". Rotate that one, or create a key.");
    }
    if (old.revoked_at || (old.expires_at && *old.expires_at <= tx.now())) {
        refuse(Errc::conflict, "This API key has ended; create another one.");
    }
    ApiKey key;
    key.id = rotation.id;
    key.tenant = rotation.tenant;
    key.prefix = rotation.prefix;
    key.scopes = old.scopes;
    if (old.expires_at) {
        key.expires_at = tx.now() + (*old.expires_at - old.created_at);
    }
    ApiKey made = create_key(tx, key, hash);
    tx.exec(update_replaced, rotation.tenant, rotation.old, tx.now() + rotation.grace, rotation.id);
    return made;
}

void revoke_key(Transaction& tx, const Uuid& tenant, const Uuid& id) {
    if (tx.exec(update_revoked, tenant, id).empty()) {
        refuse(Errc::not_found, "There is no API key with this id.");
    }
}

Principal read_principal(Transaction& tx, const std::string& hash) {
    const auto rows = tx.exec(select_principal, hash);
    if (rows.empty()) {
        refuse(Errc::unauthenticated, "this API key is unknown, expired or revoked");
    }
    const Row row(rows[0]);
    Principal principal{row.uuid(0), row.uuid(1), split(row.view(2)), "API key " + to_text(row.uuid(1))};
    if (const auto left = row.opt_number(3)) {
        principal.lifetime = std::chrono::microseconds(*left);
    }
    return principal;
}

void require_writable(Transaction& tx) {
    if (Row(tx.script(select_read_only)[0]).view(0) != "off") {
        refuse(Errc::unavailable, "the database is read-only; it may be a standby");
    }
}

}  // namespace tributary::postgres
