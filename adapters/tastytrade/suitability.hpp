// What tastytrade knows of a customer's means and experience. The same fields stand in
// `customer-suitability`, in an entity's `entity-suitability` and, in part, in `person`.
#pragma once

#include "adapters/decode/object_reader.hpp"
#include "domain/profile.hpp"

namespace tributary::tastytrade {

domain::Suitability read_suitability(decode::ObjectReader& suitability, decode::ObjectReader& person);
domain::Employment read_employment(decode::ObjectReader& suitability, decode::ObjectReader& person);

}  // namespace tributary::tastytrade
