#include "domain/spelling.hpp"

#include <algorithm>
#include <numeric>
#include <vector>

namespace tributary::domain {

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

NearName nearest_name(std::string_view written, std::span<const std::string_view> known) {
    const std::string_view compared = written.substr(0, 64);
    NearName best{known.front(), distance(compared, known.front())};
    for (const std::string_view name : known.subspan(1)) {
        if (const std::size_t away = distance(compared, name); away < best.distance) {
            best = {name, away};
        }
    }
    return best;
}

}  // namespace tributary::domain
