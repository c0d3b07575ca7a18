// An API key as operators and callers see it.
#pragma once

#include "domain/json/value.hpp"
#include "domain/ports/admin_store.hpp"

namespace tributary::admin {

/// {"id", "prefix", "scopes", "created_at", "expires_at", "revoked_at", "replaced_by"}, null where absent.
/// The key itself is not in it.
json::Object key_object(const domain::ports::ApiKey& key);

}  // namespace tributary::admin
