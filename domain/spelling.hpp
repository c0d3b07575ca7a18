// Which known name somebody probably meant.
#pragma once

#include <span>
#include <string_view>

namespace tributary::domain {

struct NearName {
    std::string_view name;
    /// Letters to change, add or drop.
    std::size_t distance = 0;
};

/// The known name with the smallest edit distance; the first of several. `known` must not be empty. Of
/// `written` the first 64 characters count, so that a long text costs no more.
NearName nearest_name(std::string_view written, std::span<const std::string_view> known);

}  // namespace tributary::domain
