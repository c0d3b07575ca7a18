// The business or trust behind a customer. No sample of it was ever seen: every type is as documented, and
// the documentation is wrong about booleans elsewhere, so nothing here insists on a type.
#pragma once

#include <vector>

#include "domain/json/value.hpp"
#include "domain/observation.hpp"

namespace tributary::tastytrade {

/// The whole entity in snake_case, its officers and suitability included.
json::Object entity_details(const json::Object& entity, std::vector<domain::DriftNote>& notes);

}  // namespace tributary::tastytrade
