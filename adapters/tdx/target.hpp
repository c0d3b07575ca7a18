// Where a request goes: the endpoint below the prefix, and the host as the signature wants it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "domain/error.hpp"

namespace tributary::tdx {

/// Every path of the documentation is below this.
inline constexpr std::string_view path_prefix = "/api/rest/v1";

/// Percent-encodes everything but RFC 3986's unreserved characters, for a path segment or a query value.
std::string percent_encode(std::string_view text);

/// The query of a list page: `limit`, and the cursor where one is followed. Nothing else: a cursor already
/// holds the sorting and filters it began with.
std::string list_query(std::uint32_t limit, const std::optional<std::string>& cursor);

/// Host of an origin `https://host[:port]`, the port only where it is not the scheme's own.
/// Errc::configuration where this is no such origin.
domain::Result<std::string> host_of(std::string_view origin);

}  // namespace tributary::tdx
