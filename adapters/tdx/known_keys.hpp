// Tells an operator which key was probably meant by one that does not exist.
#pragma once

#include <span>
#include <string_view>

namespace tributary::tdx {

/// The known key with the smallest edit distance; the first of several. `known` must not be empty.
std::string_view nearest_key(std::string_view written, std::span<const std::string_view> known);

}  // namespace tributary::tdx
