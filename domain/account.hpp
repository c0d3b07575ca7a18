// Where holdings live: accounts, their sub-accounts, and the groups that hold accounts together.
#pragma once

#include <string>
#include <vector>

#include "domain/field.hpp"
#include "domain/json/value.hpp"
#include "domain/kinds.hpp"
#include "domain/members.hpp"
#include "domain/profile.hpp"
#include "domain/time.hpp"

namespace tributary::domain {

/// Where holdings or legal terms live: a tastytrade account, a T-DX client account, an Upvest account.
struct Account {
    /// tastytrade: the account number. Upvest: a serial within its group, not unique.
    Field<std::string> number;
    Field<std::string> name;
    Field<EnumPair<AccountType>> type;
    Field<EnumPair<AccountStatus>> status;
    Field<Timestamp> opened_at;
    Field<Timestamp> closed_at;
    /// Provider id of the group that holds this account.
    Field<std::string> account_group;
    std::vector<Attribute> attributes;
    json::Object details;
    Field<Timestamp> source_created_at;
    Field<Timestamp> source_updated_at;

    template <class Visit>
    static constexpr void members(Visit&& visit) {
        using A = Account;
        visit(member("number", &A::number), member("name", &A::name), member("type", &A::type),
              member("status", &A::status), member("opened_at", &A::opened_at),
              member("closed_at", &A::closed_at), member("account_group", &A::account_group),
              member("attributes", &A::attributes), member("details", &A::details),
              member("source_created_at", &A::source_created_at),
              member("source_updated_at", &A::source_updated_at));
    }

    friend bool operator==(const Account&, const Account&) = default;
};

/// A portfolio inside an account (T-DX sub-account).
struct SubAccount {
    /// Provider id of the account this belongs to.
    Field<std::string> account;
    Field<std::string> name;
    Field<EnumPair<SubAccountType>> type;
    Field<EnumPair<Venue>> venue;
    /// Ids of the pairs it may trade. An empty list means all pairs, which is not the same as absent.
    Field<std::vector<std::string>> pairs;
    json::Object details;
    Field<Timestamp> source_created_at;
    Field<Timestamp> source_updated_at;

    template <class Visit>
    static constexpr void members(Visit&& visit) {
        using S = SubAccount;
        visit(member("account", &S::account), member("name", &S::name), member("type", &S::type),
              member("venue", &S::venue), member("pairs", &S::pairs), member("details", &S::details),
              member("source_created_at", &S::source_created_at),
              member("source_updated_at", &S::source_updated_at));
    }

    friend bool operator==(const SubAccount&, const SubAccount&) = default;
};

/// Accounts held together by one or more customers (Upvest account group). Its users are access grants with a
/// role.
struct AccountGroup {
    Field<EnumPair<AccountGroupType>> type;
    Field<EnumPair<AccountStatus>> status;
    /// Text: leading zeros count.
    Field<std::string> securities_account_number;
    json::Object details;
    Field<Timestamp> source_created_at;
    Field<Timestamp> source_updated_at;

    template <class Visit>
    static constexpr void members(Visit&& visit) {
        using G = AccountGroup;
        visit(member("type", &G::type), member("status", &G::status),
              member("securities_account_number", &G::securities_account_number),
              member("details", &G::details), member("source_created_at", &G::source_created_at),
              member("source_updated_at", &G::source_updated_at));
    }

    friend bool operator==(const AccountGroup&, const AccountGroup&) = default;
};

}  // namespace tributary::domain
