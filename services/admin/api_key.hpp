// API keys: random text shown once, stored as a keyed hash.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "domain/error.hpp"
#include "domain/ports/clock.hpp"
#include "domain/ports/sealer.hpp"

namespace tributary::admin {

/// "trb_" and 43 characters of base64url: 256 random bits.
std::string make_api_key(domain::ports::Random& random);
/// 64 hex digits; what the store looks a key up by.
std::string api_key_hash(const domain::ports::Sealer& sealer, std::string_view key);
/// The first characters, to recognise a key by.
std::string api_key_prefix(std::string_view key);

/// For sentences.
inline constexpr std::string_view scope_names = "read, personal, raw, sync, actions, operations and admin";

bool is_scope(std::string_view text);
/// "read,sync" into scopes. Errc::invalid_input names the scope that is not known and those that are.
domain::Result<std::vector<std::string>> parse_scopes(std::string_view text);

}  // namespace tributary::admin
