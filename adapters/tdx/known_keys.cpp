#include "adapters/tdx/known_keys.hpp"

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <vector>

namespace tributary::tdx {

namespace {

/// Levenshtein distance.
std::size_t distance(std::string_view left, std::string_view right) {
    std::vector<std::size_t> row(right.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 1; i <= left.size(); ++i) {
        std::size_t diagonal = row[0];
        row[0] = i;
        for (std::size_t j = 1; j <= right.size(); ++j) {
            const std::size_t replaced = diagonal + (left[i - 1] == right[j - 1] ? 0U : 1U);
            diagonal = row[j];
            row[j] = std::min({row[j] + 1, row[j - 1] + 1, replaced});
        }
    }
    return row.back();
}

}  // namespace

std::string_view nearest_key(std::string_view written, std::span<const std::string_view> known) {
    // Long enough for every key there is; a longer text must not cost more time.
    const std::string_view compared = written.substr(0, 64);
    return *std::ranges::min_element(known, {},
                                     [compared](std::string_view key) { return distance(compared, key); });
}

}  // namespace tributary::tdx
