// Text to tree. One shot over a complete, size-capped text: Boost.JSON's incremental stream_parser is
// memory-unsafe in the releases we build with, so it is never used.
#pragma once

#include <string_view>
#include <vector>

#include "domain/error.hpp"
#include "domain/json/value.hpp"

namespace tributary::json {

struct Parsed {
    Value root;
    /// JSON pointers of keys that appeared twice in one object; the last one won. The first `most_duplicates`
    /// of them: pointers can be much longer than the text that makes them.
    std::vector<std::string> duplicate_keys;
};

inline constexpr std::size_t most_duplicates = 20;

/// Strict RFC 8259: no comments, no trailing data, valid UTF-8, depth at most `max_depth`, at most
/// `max_values` values (hostile arrays grow seventeenfold in memory). Errc::contract on anything else; the
/// detail never quotes the text.
domain::Result<Parsed> parse(std::string_view text, std::size_t max_values = 200'000,
                             std::size_t max_depth = 32);

}  // namespace tributary::json
