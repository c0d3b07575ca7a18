// Where payloads have the fields of a person: MAPPING.md as a table.
#pragma once

#include <span>

#include "adapters/decode/field_origins.hpp"

namespace tributary::upvest {

/// Of users; none for any other stream.
std::span<const decode::OriginRow> field_origins(std::string_view stream);

}  // namespace tributary::upvest
