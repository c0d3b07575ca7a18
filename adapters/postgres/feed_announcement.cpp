#include "adapters/postgres/feed_announcement.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

namespace tributary::postgres {

namespace {

std::optional<FeedMove> parse_line(std::string_view line) {
    const std::size_t gap = line.find(' ');
    if (gap == std::string_view::npos) return std::nullopt;
    const auto tenant = domain::parse_uuid(line.substr(0, gap));
    const std::string_view digits = line.substr(gap + 1);
    FeedMove move;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), move.commit);
    if (!tenant || error != std::errc{} || end != digits.data() + digits.size() || move.commit <= 0) {
        return std::nullopt;
    }
    move.tenant = *tenant;
    return move;
}

}  // namespace

std::string feed_announcement(std::span<const FeedMove> moves) {
    std::string text;
    for (const FeedMove& move : moves) {
        text += to_text(move.tenant) + ' ' + std::to_string(move.commit) + '\n';
    }
    return text;
}

std::vector<FeedMove> parse_feed_announcement(std::string_view text) {
    std::vector<FeedMove> moves;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        if (const auto move = parse_line(text.substr(0, end))) moves.push_back(*move);
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return moves;
}

}  // namespace tributary::postgres
