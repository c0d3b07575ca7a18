// The kinds of object the three providers keep, and the names the control listener uses for them.
#pragma once

#include <array>
#include <optional>
#include <string_view>

namespace tributary::sandbox {

enum class Kind {
    tastytrade_customer,           ///< id: the login's name (a customer calls itself "me"); no parent
    tastytrade_account,            ///< id: account number; no parent
    tastytrade_access,             ///< id: "<login>/<account number>"; parent: the login's name
    tdx_client_account,            ///< no parent
    tdx_user,                      ///< the shape of /users/me without subAccounts; parent: client account
    tdx_preferences,               ///< parent: user
    tdx_user_attribute,            ///< parent: user
    tdx_client_account_attribute,  ///< parent: client account
    tdx_sub_account,               ///< parent: client account
    tdx_access,                    ///< id: "<user>/<sub-account>"; parent: user
    upvest_user,                   ///< parent: the connection's name
    upvest_account_group,          ///< parent: the connection's name
    upvest_account,                ///< parent: the connection's name
};

inline constexpr std::size_t kind_count = 13;

struct KindFacts {
    Kind kind;
    std::string_view provider;
    /// The word in /changes and /population.
    std::string_view name;
    /// Members of the object that hold its id, creation and update time; empty where it has none.
    std::string_view id_key;
    std::string_view created_key;
    std::string_view updated_key;
    /// Persons: the object is a profile of one.
    bool is_profile;
};

const KindFacts& facts_of(Kind kind);
/// Nothing where the provider keeps no such kind.
std::optional<Kind> find_kind(std::string_view provider, std::string_view name);

}  // namespace tributary::sandbox
