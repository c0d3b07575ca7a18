// The members of an object, as pieces of its text. For texts that write() made: nothing is parsed, and equal
// values are equal pieces.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

namespace tributary::json {

struct Slice {
    /// Without its quotes; escapes stand as they are.
    std::string_view key;
    std::string_view value;
};

/// In the order of the text, which outlives them. Nothing where the text is no object, or not of the compact
/// form that write() gives it.
std::optional<std::vector<Slice>> members_of(std::string_view text);

/// The value under a key without escapes; nothing also where members_of() gives nothing.
std::optional<std::string_view> member_of(std::string_view text, std::string_view key);

}  // namespace tributary::json
