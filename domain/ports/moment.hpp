// Which moment of a tenant's data a reader wants, and what moment it got.
#pragma once

#include <cstdint>
#include <optional>
#include <variant>

#include "domain/position.hpp"
#include "domain/time.hpp"
#include "domain/uuid.hpp"

namespace tributary::domain::ports {

struct Commit {
    /// Per tenant, gapless, in commit order.
    std::int64_t number = 0;
    Timestamp at;

    friend bool operator==(const Commit&, const Commit&) = default;
};

/// A commit by its number; the last one at a time; or one that was told before, which is another where the
/// database was restored since.
using Moment = std::variant<std::int64_t, Timestamp, Commit>;

/// Whose data, and as they were known when. A moment that is not kept any more, or that a restore undid, is
/// Errc::expired; one that lies ahead Errc::invalid_input.
struct ReadAt {
    Uuid tenant;
    /// Absent: now.
    std::optional<Moment> moment = {};
    /// The reader has seen this: an answer must not be older. Errc::expired where it is of another past.
    std::optional<Position> not_before = {};
};

inline Position position_of(const Commit& commit) {
    return {commit.number, std::nullopt, mark_of(commit.at)};
}

}  // namespace tributary::domain::ports
