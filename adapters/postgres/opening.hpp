// What must hold of a database before the store works on it. Blocking; for the command line and the start of
// the service.
#pragma once

#include <string>

#include "domain/error.hpp"

namespace tributary::postgres {

class Transaction;

/// What becomes of the key where the database has not been used with any yet.
enum class FirstKey { adopt, only_look };

/// Ends well where our role is held by row-level security and is `role` (any, where that is empty), the
/// database has exactly this program's schema, and the key named by `key_id` (16 hex digits that tell nothing
/// about it) is the one it was first used with. Errc::configuration otherwise, unavailable where the database
/// cannot be reached. Of several at once with different keys, one is the first.
domain::Result<void> check_database(const std::string& url, const std::string& key_id, FirstKey first,
                                    const std::string& role = {});

/// Ends well where row-level security holds the role of `url`. Errc::configuration otherwise, unavailable
/// where the database cannot be reached.
domain::Result<void> check_role(const std::string& url);

/// Throws Failure with Errc::configuration where row-level security does not hold our role.
void require_walled_role(Transaction& tx);

}  // namespace tributary::postgres
