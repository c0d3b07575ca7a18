// The streams of a T-DX connection, in the order in which a run walks them.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "domain/ports/provider.hpp"

namespace tributary::tdx {

/// T-DX, common list parameters: `limit` is 1 to 500.
inline constexpr std::uint32_t max_page_limit = 500;

namespace stream {
inline constexpr std::string_view user = "user";
inline constexpr std::string_view client_account = "client_account";
inline constexpr std::string_view users = "users";
inline constexpr std::string_view sub_accounts = "sub_accounts";
inline constexpr std::string_view preferences = "preferences";
inline constexpr std::string_view user_attributes = "user_attributes";
inline constexpr std::string_view client_account_attributes = "client_account_attributes";
/// Only for single reads: the users with access to one sub-account.
inline constexpr std::string_view users_by_sub_account = "users_by_sub_account";
}  // namespace stream

std::span<const domain::ports::StreamFacts> stream_facts();

}  // namespace tributary::tdx
