// Tenants, API keys and the state of the schema.
#pragma once

#include <chrono>
#include <cstddef>
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
    /// How much longer the key is good, by the database's clock; nothing where it has no end.
    std::optional<std::chrono::microseconds> lifetime = std::nullopt;
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
    /// The key that took its place.
    std::optional<Uuid> replaced_by = std::nullopt;
};

/// A page of keys, in the order of their ids.
struct KeyQuery {
    std::size_t limit = 50;
    std::optional<Uuid> after = std::nullopt;
};

/// A new key in the place of an old one.
struct KeyRotation {
    Uuid tenant;
    Uuid old;
    Uuid id;
    /// Of the new key.
    std::string prefix;
    /// How long the old key goes on.
    std::chrono::seconds grace;
};

class AdminStore {
  public:
    virtual ~AdminStore() = default;
    /// Errc::conflict where the name is taken.
    virtual Task<Result<Tenant>> create_tenant(Uuid id, std::string name) = 0;
    virtual Task<Result<std::vector<Tenant>>> tenants() = 0;
    virtual Task<Result<Tenant>> tenant_named(std::string name) = 0;
    virtual Task<Result<Tenant>> tenant(Uuid id) = 0;

    /// `key_hash`: 64 hex digits of the keyed hash; the key itself is stored nowhere.
    virtual Task<Result<ApiKey>> create_key(ApiKey key, std::string key_hash) = 0;
    virtual Task<Result<std::vector<ApiKey>>> keys(Uuid tenant) = 0;
    virtual Task<Result<std::vector<ApiKey>>> key_page(Uuid tenant, KeyQuery query) = 0;
    /// Errc::not_found where the tenant has no such key.
    virtual Task<Result<ApiKey>> key(Uuid tenant, Uuid id) = 0;
    /// The new key: the old one's scopes and, where that one expires, as long a life. The old one ends after
    /// the grace, or before where it would have. Errc::conflict where the old one has ended, or was rotated
    /// before.
    virtual Task<Result<ApiKey>> rotate_key(KeyRotation rotation, std::string key_hash) = 0;
    virtual Task<Result<void>> revoke_key(Uuid tenant, Uuid id) = 0;
    /// Errc::unauthenticated where no live key has this hash.
    virtual Task<Result<Principal>> principal_of(std::string key_hash) = 0;

    /// Ends well where the database answers, can be written, and has exactly the schema this program knows.
    /// Says within 2 s what is wrong otherwise.
    virtual Task<Result<void>> ready() = 0;
};

}  // namespace tributary::domain::ports
