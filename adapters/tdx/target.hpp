// Where a request goes below the origin: prefix, path and query, encoded once, because the same bytes are
// signed.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tributary::tdx {

/// Every path of the documentation is below this.
inline constexpr std::string_view path_prefix = "/api/rest/v1";

/// Percent-encodes everything but RFC 3986's unreserved characters, for a path segment or a query value.
std::string percent_encode(std::string_view text);

/// The query of a list page: `limit`, and the cursor where one is followed. Nothing else: a cursor already
/// holds the sorting and filters it began with.
std::string list_query(std::uint32_t limit, const std::optional<std::string>& cursor);

}  // namespace tributary::tdx
