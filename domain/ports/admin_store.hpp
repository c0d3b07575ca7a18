// Tenants, API keys and the state of the schema.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "domain/error.hpp"
#include "domain/ports/task.hpp"
#include "domain/time.hpp"
#include "domain/uuid.hpp"

namespace tributary::domain::ports {

struct Tenant {
    Uuid id;
    /// Unique: letters, digits, '-' and '_'.
    std::string name;
    Timestamp created_at;
};

/// Who a request speaks for.
struct Principal {
    Uuid tenant;
    /// The API key; nil where a token was shown instead.
    Uuid key_id;
    std::vector<std::string> scopes;
    /// Names whoever asks in the record of decisions: "API key <id>".
    std::string label = {};
    /// A customer or profile for whom a token speaks, as its issuer wrote it: what `me` means.
    std::optional<std::string> customer = std::nullopt;
};

struct ApiKey {
    Uuid id;
    Uuid tenant;
    /// The first characters of the key, to recognise it by.
    std::string prefix;
    std::vector<std::string> scopes;
    Timestamp created_at;
    std::optional<Timestamp> expires_at;
    std::optional<Timestamp> revoked_at;
};

class AdminStore {
  public:
    virtual ~AdminStore() = default;
    /// Errc::conflict where the name is taken.
    virtual Task<Result<Tenant>> create_tenant(Uuid id, std::string name) = 0;
    virtual Task<Result<std::vector<Tenant>>> tenants() = 0;
    virtual Task<Result<Tenant>> tenant_named(std::string name) = 0;

    /// `key_hash`: 64 hex digits of the keyed hash; the key itself is stored nowhere.
    virtual Task<Result<ApiKey>> create_key(ApiKey key, std::string key_hash) = 0;
    virtual Task<Result<std::vector<ApiKey>>> keys(Uuid tenant) = 0;
    virtual Task<Result<void>> revoke_key(Uuid tenant, Uuid id) = 0;
    /// Errc::unauthenticated where no live key has this hash.
    virtual Task<Result<Principal>> principal_of(std::string key_hash) = 0;

    /// Ends well where the database answers, can be written, and has exactly the schema this program knows.
    /// Says within 2 s what is wrong otherwise.
    virtual Task<Result<void>> ready() = 0;
};

}  // namespace tributary::domain::ports
