// The tastytrade customer, with its person or entity, into the domain.
#pragma once

#include <vector>

#include "domain/json/value.hpp"
#include "domain/observation.hpp"

namespace tributary::tastytrade {

/// Every field is optional: certification sends far fewer than production. What `person` and `entity` repeat
/// of the customer fills the customer's own gaps, and is kept whole under `details` besides.
domain::Profile normalize_customer(const json::Object& customer, std::vector<domain::DriftNote>& notes);

}  // namespace tributary::tastytrade
