#include "tests/sandbox/world/kind.hpp"

#include <algorithm>

namespace tributary::sandbox {

namespace {

constexpr std::array<KindFacts, kind_count> table{{
    {Kind::tastytrade_customer, "tastytrade", "customer", "", "created-at", "", true},
    {Kind::tastytrade_account, "tastytrade", "account", "account-number", "created-at", "", false},
    {Kind::tastytrade_access, "tastytrade", "access", "", "", "", false},
    {Kind::tdx_client_account, "tdx", "client_account", "id", "createdAt", "updatedAt", false},
    {Kind::tdx_user, "tdx", "user", "id", "createdAt", "updatedAt", true},
    {Kind::tdx_preferences, "tdx", "preferences", "id", "createdAt", "updatedAt", false},
    {Kind::tdx_user_attribute, "tdx", "user_attribute", "id", "createdAt", "updatedAt", false},
    {Kind::tdx_client_account_attribute, "tdx", "client_account_attribute", "id", "createdAt", "updatedAt",
     false},
    {Kind::tdx_sub_account, "tdx", "sub_account", "id", "createdAt", "updatedAt", false},
    {Kind::tdx_access, "tdx", "access", "", "", "", false},
    {Kind::upvest_user, "upvest", "user", "id", "created_at", "updated_at", true},
    {Kind::upvest_account_group, "upvest", "account_group", "id", "created_at", "updated_at", false},
    {Kind::upvest_account, "upvest", "account", "id", "created_at", "updated_at", false},
}};

}  // namespace

const KindFacts& facts_of(Kind kind) {
    return table[static_cast<std::size_t>(kind)];
}

std::optional<Kind> find_kind(std::string_view provider, std::string_view name) {
    const auto found = std::ranges::find_if(
        table, [&](const KindFacts& facts) { return facts.provider == provider && facts.name == name; });
    return found == table.end() ? std::nullopt : std::optional(found->kind);
}

}  // namespace tributary::sandbox
