// The body of a link that somebody makes by hand. Pure.
#pragma once

#include <expected>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "domain/error.hpp"
#include "domain/json/value.hpp"
#include "domain/uuid.hpp"

namespace tributary::api {

struct LinkRequest {
    std::pair<domain::Uuid, domain::Uuid> profiles;
    std::optional<std::string> reason;
};

/// In characters, as JSON Schema counts them.
inline constexpr std::size_t longest_reason = 200;

/// {"profile_ids": [two different ids], "reason": "..."}, or every fault.
std::expected<LinkRequest, std::vector<domain::Error>> read_link_request(const json::Value& body);

}  // namespace tributary::api
