// What each connection can see of the population, as one finished JSON text a provider: an object with a
// member a connection.
#pragma once

#include <string>

#include "tests/sandbox/world/world.hpp"

namespace tributary::sandbox {

/// {"customer": {...} or null, "accounts": [{"account", "authority-level"}]}
std::string tastytrade_views(const World& world);
/// {"user", "preferences", "client_account", "users": [...] or null where refused, "sub_accounts",
/// "user_attributes", "client_account_attributes"}
std::string tdx_views(const World& world);
/// {"users": [...], "account_groups": [...], "accounts": [...]}
std::string upvest_views(const World& world);

}  // namespace tributary::sandbox
