// Who is whom and who may do what, as lists of small objects.
#pragma once

#include <string>

#include "tests/sandbox/world/world.hpp"

namespace tributary::sandbox {

/// Every profile that some connection sees: [{"provider", "connections": [...], "provider_id": text or null,
/// "person"}]. Profiles of one person must merge; tastytrade customers without an id of their own have null.
std::string profiles_text(const World& world);
/// Pairs that look alike and must stay apart: [{"left": {"provider", "connection", "provider_id"}, "right":
/// {...}, "reason", "suggested"}].
std::string look_alikes_text(const World& world);
/// [{"provider", "connection", "profile": provider id or null, "known": whether the connection sees that
/// profile, "kind": "account" | "sub_account" | "account_group", "id", "level": the provider's word or null,
/// "permissions"}]
std::string access_text(const World& world);

}  // namespace tributary::sandbox
