// What the token endpoint answers on success: flat and in snake_case, unlike everything else of this API.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "domain/error.hpp"

namespace tributary::tastytrade {

struct Token {
    std::string access_token;
    /// 900 s where the answer does not say; at most a day.
    std::chrono::seconds lifetime{0};
    /// Present where tastytrade rotated the refresh token, which it documents as never happening.
    std::optional<std::string> refresh_token;
};

/// Errc::contract where the body is no JSON object or holds no access token fit for a header.
domain::Result<Token> parse_token(std::string_view body);

}  // namespace tributary::tastytrade
