// One stored object of any stream, decoded as in the page it came with.
#pragma once

#include <string_view>

#include "domain/error.hpp"
#include "domain/json/value.hpp"
#include "domain/observation.hpp"

namespace tributary::tdx {

/// Attributes, and preferences without a `userId`, do not say whose they are: they belong to `self`, and
/// without it are Errc::conflict. Errc::invalid_input for an unknown stream.
domain::Result<domain::Page> decode_stored(std::string_view stream, const json::Value& raw,
                                           const domain::SelfIds& self);

}  // namespace tributary::tdx
