// Upvest's offset pages: {"meta": {offset, limit, count, total_count, sort, order}, "data": [...]}.
#pragma once

#include <string_view>
#include <vector>

#include "tests/sandbox/face/face.hpp"
#include "tests/sandbox/world/collection.hpp"

namespace tributary::sandbox {

/// The lists a page is cut from, ascending; only the one the request asks for is called.
struct Listing {
    std::function<const std::vector<const Item*>&(SortKey)> sorted;
    /// What `meta.sort` says where the request names none.
    std::string_view default_sort = "created_at";
};

/// sort created_at|updated_at, order ASC|DESC, offset >= 0, limit 1..1000 (100 where not given); else 400.
HttpReply upvest_page(const HttpRequest& request, const Listing& listing);

}  // namespace tributary::sandbox
