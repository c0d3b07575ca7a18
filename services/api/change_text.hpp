// A change of the feed as a reader gets it. Pure.
#pragma once

#include <string>

#include "domain/json/value.hpp"
#include "domain/ports/change_store.hpp"
#include "services/api/conditional.hpp"

namespace tributary::api {

/// Where in the feed this change stands.
domain::Position position_of(const domain::ports::StoredChange& change);

/// {"position", "commit", "at", "kind", "id", "operation", "version", "cause", "fields", "merged_into"}. The
/// fields of what was created or restored have no `before`, those of what was removed no `after`. In the
/// masked variant their values are masked as those of documents are; a field that masked documents lack is
/// left out.
json::Object change_object(const domain::ports::StoredChange& change, Variant variant);

}  // namespace tributary::api
