// T-DX's objects as JSON.
#pragma once

#include <string>
#include <string_view>

#include "domain/json/value.hpp"
#include "tests/sandbox/population/person.hpp"
#include "tests/sandbox/world/rng.hpp"

namespace tributary::sandbox {

struct TdxUserStyle {
    std::string_view status = "STATUS_ACTIVE";
    std::string_view type = "TYPE_FRONT_OFFICE";
    bool can_manage = false;
};

/// In the shape of /users/me without subAccounts.
json::Object tdx_user(const std::string& id, const std::string& client, const std::string& username,
                      const Person& person, TdxUserStyle style, Rng& rng);
json::Object tdx_preferences(const std::string& id, const std::string& user, Rng& rng);
json::Object tdx_client_account(const std::string& id, std::string_view type, std::string_view legal_name,
                                std::string_view verification, Rng& rng);
/// `main`: the first of a client, on the marketplace, open to all pairs.
json::Object tdx_sub_account(const std::string& id, const std::string& client, const std::string& name,
                             bool main, Rng& rng);
/// What a user may do in a sub-account.
json::Object tdx_access(const std::string& user, const std::string& sub_account, Rng& rng);
json::Object tdx_attribute(const std::string& id, std::string_view key, Rng& rng);

}  // namespace tributary::sandbox
