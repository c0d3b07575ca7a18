// Which ids may stand in a path.
#pragma once

#include <algorithm>
#include <string_view>

namespace tributary::upvest {

/// Upvest's clients disagree on how a percent-encoded path is signed, so an id must not need encoding.
inline bool fits_in_path(std::string_view id) {
    constexpr std::size_t longest = 256;
    const auto unreserved = [](char c) {
        return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' ||
               c == '_';
    };
    return !id.empty() && id.size() <= longest && std::ranges::all_of(id, unreserved);
}

}  // namespace tributary::upvest
