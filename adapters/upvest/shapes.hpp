// One function for each shape Upvest knows. Each reads every documented member, notes what differs, and never
// fails.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "domain/account.hpp"
#include "domain/json/value.hpp"
#include "domain/observation.hpp"
#include "domain/profile.hpp"

namespace tributary::upvest {

using DriftNotes = std::vector<domain::DriftNote>;

/// An object of Upvest's without its id: what it says of itself, and who may use it.
template <class Entity>
struct Decoded {
    Entity entity;
    std::vector<domain::AccessGrant> access;
};

/// Upvest, users.
Decoded<domain::Profile> decode_user(const json::Object& object, DriftNotes& notes);
/// Upvest, account groups. `id` is the group's own, which its grants point at.
Decoded<domain::AccountGroup> decode_account_group(const std::string& id, const json::Object& object,
                                                   DriftNotes& notes);
/// Upvest, accounts. `id` is the account's own, which its grants point at.
Decoded<domain::Account> decode_account(const std::string& id, const json::Object& object, DriftNotes& notes);

/// Notes each of the `keys` the contract promises and `object` lacks. `path` is that of the object, empty for
/// the root.
void note_missing(const json::Object& object, std::string_view path,
                  std::initializer_list<std::string_view> keys, DriftNotes& notes);

}  // namespace tributary::upvest
