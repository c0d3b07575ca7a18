// Upvest's objects as JSON.
#pragma once

#include <string>
#include <vector>

#include "domain/json/value.hpp"
#include "tests/sandbox/population/person.hpp"
#include "tests/sandbox/world/rng.hpp"

namespace tributary::sandbox {

struct UpvestUserStyle {
    /// E-mail and phone are always there; otherwise now and then they are not.
    bool keep_contacts = true;
    bool with_tax_number = false;
    /// "+41 79 200 00 01" instead of E.164.
    bool spaced_phone = false;
};

json::Object upvest_user(const std::string& id, const Person& person, Rng& rng, UpvestUserStyle style);

struct UpvestMember {
    std::string id;
    std::string type;
};

/// Members of a group or account: users, or one business.
struct UpvestMembers {
    std::vector<UpvestMember> users;
    std::string business_id;
};

/// `type` empty: drawn.
json::Object upvest_group(const std::string& id, const std::string& type, const UpvestMembers& members,
                          Rng& rng);
/// An account of a group; its number counts within the group.
json::Object upvest_account(const std::string& id, const json::Object& group, const UpvestMembers& members,
                            int number, Rng& rng);

}  // namespace tributary::sandbox
