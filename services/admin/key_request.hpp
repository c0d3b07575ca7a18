// What is asked of API keys over REST and on the command line: checked whole before anything is made.
#pragma once

#include <chrono>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "domain/error.hpp"
#include "domain/json/value.hpp"

namespace tributary::admin {

/// A hundred years: beyond any use, and far from where dates end.
inline constexpr std::chrono::days longest_key_life{36'500};
inline constexpr std::chrono::hours longest_grace{720};
inline constexpr std::chrono::hours usual_grace{24};

struct KeyRequest {
    std::vector<std::string> scopes;
    /// Absent: never expires.
    std::optional<std::chrono::days> life = std::nullopt;
};

/// {"scopes": [...], "expires_in_days": 1 to 36500}. Every fault with its JSON pointer, unknown members too.
std::expected<KeyRequest, std::vector<domain::Error>> read_key_request(const json::Value& body);

/// {"grace": "24h"}, which may be left out.
std::expected<std::chrono::seconds, std::vector<domain::Error>> read_rotate_request(const json::Value& body);

/// A whole number with unit s, m or h, from 0s to 720h. Errc::invalid_input on any other text.
domain::Result<std::chrono::seconds> parse_grace(std::string_view text);

}  // namespace tributary::admin
