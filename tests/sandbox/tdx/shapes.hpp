// How T-DX shows its objects: the same user is richer for itself than in a list.
#pragma once

#include <vector>

#include "domain/json/value.hpp"
#include "tests/sandbox/world/world.hpp"

namespace tributary::sandbox {

/// /users/me: everything, with the sub-accounts the login may touch.
json::Object tdx_own_user(const World& world, const TdxLogin& login, const Item& user);
/// An element of /users and /users/by-sub-account: no phone, permissions, sub-accounts or update time.
json::Object tdx_listed_user(const Item& user);

/// The client account a user belongs to; nullptr where either is gone.
const Item* tdx_client_account(const World& world, const Item& user);
/// A user may do what its permissions say, e.g. "canManage".
bool tdx_permitted(const Item& user, std::string_view permission);
/// Managers list the users of their client; a key bound to one sub-account never speaks for the whole client.
bool tdx_lists_users(const TdxLogin& login, const Item& user);
/// The sub-accounts a login can see, ascending by creation and id: those granted to its user, all of the
/// client account for a manager, at most one for a key bound to one.
std::vector<const Item*> tdx_sub_accounts(const World& world, const TdxLogin& login, const Item& user);
/// The users with a grant on a sub-account, ascending by creation and id.
std::vector<const Item*> tdx_users_of(const World& world, const Item& sub_account);

}  // namespace tributary::sandbox
