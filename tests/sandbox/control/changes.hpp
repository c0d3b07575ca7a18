// Changes to the population while it is served.
#pragma once

#include <expected>
#include <string>

#include "domain/json/value.hpp"
#include "domain/time.hpp"
#include "tests/sandbox/world/world.hpp"

namespace tributary::sandbox {

/// Applies one operation:
///   {"op": "add", "provider", "kind", "id", "parent", "value", "person"}
///   {"op": "change", "provider", "kind", "id", "patch"}    a JSON merge patch
///   {"op": "remove" | "readd", "provider", "kind", "id"}
/// `parent` says whose list the object stands in (see Kind) and falls out where there is none or the id tells
/// it; `person` says whom an added profile belongs to, by default nobody else. A change moves the object's
/// update time to `now` unless the patch sets it. An added tastytrade customer brings a login of its id's
/// name. The failing side is a sentence on what is wrong; nothing was changed then.
std::expected<void, std::string> apply_change(World& world, const json::Object& operation,
                                              domain::Timestamp now);

}  // namespace tributary::sandbox
