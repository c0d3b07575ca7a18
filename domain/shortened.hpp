// Texts of others, cut to what a person reads.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace tributary::domain {

/// `text` in at most `longest` bytes. What is longer is cut between two characters (UTF-8) and ends in "...",
/// so `longest` is at least 3. Well-formed text stays well-formed.
std::string shortened(std::string_view text, std::size_t longest);

}  // namespace tributary::domain
