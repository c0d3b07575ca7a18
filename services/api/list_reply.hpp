// The shape every list has: {"items", "next_page_token", "as_of", "partial"}, and of documents "stale" and
// "freshness".
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "domain/json/value.hpp"
#include "domain/ports/http.hpp"
#include "domain/time.hpp"

namespace tributary::api {

struct ListPage {
    /// Finished JSON: an array.
    std::string items;
    /// Empty on the last page.
    std::string next_page_token;
    /// The moment that the items show.
    domain::Timestamp as_of;
    /// What may be missing because its source is in trouble: all of it; the reply tells the first.
    json::Array partial = {};
    /// Of documents only, and only where freshness was demanded.
    std::optional<bool> stale = std::nullopt;
    /// Of documents only, as JSON.
    std::optional<std::string> freshness = std::nullopt;
};

/// What the next page must be asked with, besides its token.
struct ListQuestion {
    /// Encoded.
    std::string path;
    std::size_t page_size = 0;
    /// The other parameters as they are written after '?', each with its '&' in front.
    std::string kept = {};
};

/// With a Link field to the next page where there is one (RFC 8288).
domain::ports::HttpReply list_reply(ListPage page, const ListQuestion& question);

}  // namespace tributary::api
