#include "domain/position.hpp"

#include <charconv>

namespace tributary::domain {

namespace {

/// Takes a number off the front: no sign, no zero before other digits.
template <class Number>
std::optional<Number> take_number(std::string_view& text, int base) {
    Number number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number, base);
    const auto length = static_cast<std::size_t>(end - text.data());
    if (error != std::errc{} || text.starts_with('-') ||
        (base == 10 && length > 1 && text.starts_with('0'))) {
        return std::nullopt;
    }
    text.remove_prefix(length);
    return number;
}

bool take(std::string_view& text, char wanted) {
    if (!text.starts_with(wanted)) {
        return false;
    }
    text.remove_prefix(1);
    return true;
}

}  // namespace

std::uint32_t mark_of(Timestamp committed_at) {
    return static_cast<std::uint32_t>(committed_at.time_since_epoch().count());
}

std::string to_text(const Position& position) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string text = std::to_string(position.commit);
    if (position.ordinal) {
        text += '-' + std::to_string(*position.ordinal);
    }
    text += '.';
    for (int shift = 28; shift >= 0; shift -= 4) {
        text += digits[position.mark >> static_cast<unsigned>(shift) & 0xFU];
    }
    return text;
}

std::optional<Position> parse_position(std::string_view text) {
    if (text == "0") {
        return Position{};
    }
    constexpr std::size_t mark_digits = 8;
    Position position;
    const std::string_view whole = text;
    const auto commit = take_number<std::int64_t>(text, 10);
    if (!commit) {
        return std::nullopt;
    }
    position.commit = *commit;
    if (take(text, '-')) {
        position.ordinal = take_number<std::int64_t>(text, 10);
        if (!position.ordinal) {
            return std::nullopt;
        }
    }
    if (!take(text, '.') || text.size() != mark_digits) {
        return std::nullopt;
    }
    const auto mark = take_number<std::uint32_t>(text, 16);
    if (!mark) {
        return std::nullopt;
    }
    position.mark = *mark;
    // One text for one position.
    return to_text(position) == whole ? std::optional(position) : std::nullopt;
}

}  // namespace tributary::domain
