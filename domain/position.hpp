// A place in a tenant's feed of changes: "1234.9f8e7d6c" is behind the whole of commit 1234,
// "1234-17.9f8e7d6c" behind its 17th change. What follows the point tells this commit from another of the
// same number, which there is once a database was restored from a dump that is older.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "domain/time.hpp"

namespace tributary::domain {

struct Position {
    std::int64_t commit = 0;
    /// The last change that was seen; absent: all of the commit.
    std::optional<std::int64_t> ordinal;
    /// mark_of() the commit's time.
    std::uint32_t mark = 0;

    friend bool operator==(const Position&, const Position&) = default;
};

/// The low 32 bits of the time in microseconds: no two commits of a tenant have the same time.
std::uint32_t mark_of(Timestamp committed_at);

std::string to_text(const Position& position);
/// Nothing where the text is no position. "0" is the beginning, before any commit.
std::optional<Position> parse_position(std::string_view text);

}  // namespace tributary::domain
