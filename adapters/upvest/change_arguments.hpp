// What an action on an account group may say: its arguments checked, and what Upvest is asked with them.
// Pure.
#pragma once

#include <expected>
#include <string>
#include <vector>

#include "domain/error.hpp"
#include "domain/json/value.hpp"

namespace tributary::upvest {

/// Every fault with its pointer, or the order.
template <class T>
using Checked = std::expected<T, std::vector<domain::Error>>;

/// {"type", "securities_account_number"}; the number may be left out, then Upvest gives one.
struct CreationOrder {
    /// As Upvest spells it.
    std::string type;
    /// 7 to 12 digits, or empty.
    std::string securities_account_number;
};

/// {"closure_reason", "notification_only"}; without the latter the group is closed, not only announced.
struct ClosureOrder {
    /// One of the seven that Upvest documents; they are in snake_case already.
    std::string reason;
    bool notification_only = false;
};

/// Types whose creation needs more than one user (`child`) or no user (`business`) are refused.
Checked<CreationOrder> read_creation_order(const json::Object& arguments);
Checked<ClosureOrder> read_closure_order(const json::Object& arguments);

/// The body of POST /account_groups for this user. Upvest, create an account group.
std::string body_of(const CreationOrder& order, const std::string& user);
/// The query of DELETE /account_groups/{id}, without '?'. Upvest, close an account group.
std::string query_of(const ClosureOrder& order);

}  // namespace tributary::upvest
