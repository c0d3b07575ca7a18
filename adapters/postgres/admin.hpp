// Tenants and API keys.
#pragma once

#include <string>
#include <vector>

#include "adapters/postgres/transaction.hpp"
#include "domain/ports/admin_store.hpp"

namespace tributary::postgres {

/// The transaction's tenant is the new one. Throws Failure: conflict where id or name is taken, invalid_input
/// where the name has other characters than it may.
domain::ports::Tenant create_tenant(Transaction& tx, const std::string& name);
std::vector<domain::ports::Tenant> read_tenants(Transaction& tx);
domain::ports::Tenant read_tenant_named(Transaction& tx, const std::string& name);
domain::ports::Tenant read_tenant(Transaction& tx, const domain::Uuid& id);
domain::ports::ApiKey create_key(Transaction& tx, const domain::ports::ApiKey& key, const std::string& hash);
std::vector<domain::ports::ApiKey> read_keys(Transaction& tx, const domain::Uuid& tenant);
std::vector<domain::ports::ApiKey> read_key_page(Transaction& tx, const domain::Uuid& tenant,
                                                 const domain::ports::KeyQuery& query);
/// Throws Failure with Errc::not_found.
domain::ports::ApiKey read_key(Transaction& tx, const domain::Uuid& tenant, const domain::Uuid& id);
/// Throws Failure: not_found, or conflict where the old key has ended or was rotated before.
domain::ports::ApiKey rotate_key(Transaction& tx, const domain::ports::KeyRotation& rotation,
                                 const std::string& hash);
/// Throws Failure with Errc::not_found; revoking twice keeps the first time.
void revoke_key(Transaction& tx, const domain::Uuid& tenant, const domain::Uuid& id);
domain::ports::Principal read_principal(Transaction& tx, const std::string& hash);
/// Throws Failure with Errc::unavailable where this database takes no writes.
void require_writable(Transaction& tx);

}  // namespace tributary::postgres
