// Shared access tokens in SQL.
#pragma once

#include "adapters/postgres/transaction.hpp"
#include "domain/ports/token_store.hpp"

namespace tributary::postgres {

/// Throws Failure with Errc::stale_owner.
domain::ports::TokenLook look_at_tokens(Transaction& tx, const domain::ports::TokenKey& key,
                                        std::optional<std::int64_t> refused,
                                        std::chrono::seconds claim_lasts);
/// Throws Failure with Errc::stale_owner.
void keep_tokens(Transaction& tx, const domain::ports::TokenKey& key, std::int64_t claim,
                 const std::string& sealed, std::optional<std::chrono::milliseconds> left);
void give_up_tokens(Transaction& tx, const domain::ports::TokenKey& key, std::int64_t claim);
/// With the credentials that they came from.
void destroy_tokens(Transaction& tx, const domain::Uuid& connection);

}  // namespace tributary::postgres
