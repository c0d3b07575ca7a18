// Bytes of a T-DX answer to observations. Pure; which field becomes what, and why, is in MAPPING.md. Every
// function gives Errc::contract where the answer has no usable envelope.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "domain/error.hpp"
#include "domain/json/value.hpp"
#include "domain/observation.hpp"

namespace tributary::tdx {

/// GET /users/me: the profile, its access to the client account and to each nested sub-account. Page.self
/// names both.
domain::Result<domain::Page> decode_own_user(std::string_view body);
/// GET /users: reduced profiles, each a member of its client account.
domain::Result<domain::Page> decode_users(std::string_view body, std::uint32_t limit);
/// GET /users/by-sub-account/{id}: like /users, each with access to that sub-account.
domain::Result<domain::Page> decode_users_of(std::string_view body, std::uint32_t limit,
                                             const std::string& sub_account);

/// GET /client-accounts/mine. Page.self names the account.
domain::Result<domain::Page> decode_client_account(std::string_view body);
/// GET /sub-accounts/mine.
domain::Result<domain::Page> decode_sub_accounts(std::string_view body, std::uint32_t limit);
/// GET /sub-accounts/{id}.
domain::Result<domain::Page> decode_sub_account(std::string_view body);

/// GET /users/me/preferences: a satellite of the profile `userId`, or of `own_user` where the answer names
/// none.
domain::Result<domain::Page> decode_preferences(std::string_view body, const std::string& own_user);
/// GET .../attributes: satellites of `owner`, a profile or an account.
domain::Result<domain::Page> decode_attributes(std::string_view body, std::uint32_t limit,
                                               const domain::EntityRef& owner);
/// GET .../attributes/{id}.
domain::Result<domain::Page> decode_attribute(std::string_view body, const domain::EntityRef& owner);

// One object as it stands in a record, without its envelope.
domain::Page own_user_page(const json::Value& raw);
domain::Page user_page(const json::Value& raw);
domain::Page client_account_page(const json::Value& raw);
domain::Page sub_account_page(const json::Value& raw);
/// `own_user` may be empty where the object names its user.
domain::Page preferences_page(const json::Value& raw, const std::string& own_user);
domain::Page attribute_page(const json::Value& raw, const domain::EntityRef& owner);

}  // namespace tributary::tdx
