// T-DX's cursor pages. A cursor is base64 of JSON in the documented form; ours also carries a tag, so that
// one that was not given out, or was given out by another list, is refused.
#pragma once

#include <expected>
#include <functional>
#include <string>
#include <vector>

#include "domain/json/value.hpp"
#include "tests/sandbox/face/face.hpp"
#include "tests/sandbox/world/collection.hpp"

namespace tributary::sandbox {

/// Turns a stored object into the shape of the list.
using Shape = std::function<json::Value(const Item&)>;

/// One page of `items`, which are ascending by creation and id: {"result": [...], "pagination": {"cursors":
/// ...}}. `limit` is 20 where not given and 1 to 500; `sort` is created_at-asc or created_at-desc; `query` is
/// not served.
HttpReply tdx_page(const HttpRequest& request, std::uint64_t seed, std::vector<const Item*> items,
                   const Shape& shape);

}  // namespace tributary::sandbox
