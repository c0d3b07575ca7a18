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

constexpr auto insert_key = R"sql(
    INSERT INTO api_keys (key_hash, tenant_id, key_id, prefix, scopes, created_at, expires_at)
    VALUES ($1, $2::uuid, $3::uuid, $4, $5, $6::timestamptz, $7::timestamptz)
    ON CONFLICT DO NOTHING
    RETURNING 1)sql";

constexpr auto select_tenant = "SELECT 1 FROM tenants WHERE tenant_id = $1";

constexpr auto select_keys = R"sql(
    SELECT key_id, tenant_id, prefix, scopes, created_at, expires_at, revoked_at
    FROM api_keys
    WHERE tenant_id = $1
    ORDER BY key_id)sql";

constexpr auto update_revoked = R"sql(
    UPDATE api_keys SET revoked_at = coalesce(revoked_at, now()) WHERE tenant_id = $1 AND key_id = $2 RETURNING 1)sql";

constexpr auto select_principal = R"sql(
    SELECT tenant_id, key_id, scopes
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
    return collect(tx.exec(select_keys, tenant), [](const Row& row) {
        return ApiKey{row.uuid(0), row.uuid(1),     row.text(2),    split(row.view(3)),
                      row.time(4), row.opt_time(5), row.opt_time(6)};
    });
}

void revoke_key(Transaction& tx, const Uuid& tenant, const Uuid& id) {
    if (tx.exec(update_revoked, tenant, id).empty()) {
        refuse(Errc::not_found, "there is no API key with this id");
    }
}

Principal read_principal(Transaction& tx, const std::string& hash) {
    const auto rows = tx.exec(select_principal, hash);
    if (rows.empty()) {
        refuse(Errc::unauthenticated, "this API key is unknown, expired or revoked");
    }
    const Row row(rows[0]);
    return {row.uuid(0), row.uuid(1), split(row.view(2)), "API key " + to_text(row.uuid(1))};
}

void require_writable(Transaction& tx) {
    if (Row(tx.script(select_read_only)[0]).view(0) != "off") {
        refuse(Errc::unavailable, "the database is read-only; it may be a standby");
    }
}

}  // namespace tributary::postgres
