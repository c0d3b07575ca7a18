// What replicas tell each other about their commits, as text. Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "domain/uuid.hpp"

namespace tributary::postgres {

/// Where commits are announced, as lines of "tenant commit".
inline constexpr const char* feed_channel = "tributary_feed";

/// A commit with this number exists for the tenant.
struct FeedMove {
    domain::Uuid tenant;
    std::int64_t commit = 0;

    friend bool operator==(const FeedMove&, const FeedMove&) = default;
};

/// So many always fit: PostgreSQL takes less than 8000 bytes, and a line has at most 57.
inline constexpr std::size_t most_moves = 140;

/// At most `most_moves`.
std::string feed_announcement(std::span<const FeedMove> moves);
/// What is no line of ours is left out.
std::vector<FeedMove> parse_feed_announcement(std::string_view text);

}  // namespace tributary::postgres
