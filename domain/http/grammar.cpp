#include "domain/http/grammar.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <limits>

namespace tributary::http {

namespace {

constexpr bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

constexpr bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

constexpr char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

constexpr auto token_table = [] {
    std::array<bool, 256> table{};
    for (std::size_t i = 0; i < table.size(); ++i) {
        const char c = static_cast<char>(i);
        table[i] = is_digit(c) || is_letter(c) || std::string_view("!#$%&'*+-.^_`|~").contains(c);
    }
    return table;
}();

bool is_port(std::string_view text) {
    const auto number = parse_length(text);
    return number && text.size() <= 5 && *number <= 65535;
}

bool is_host_name(std::string_view text) {
    return !text.empty() && std::ranges::all_of(text, [](char c) {
        return is_digit(c) || is_letter(c) || c == '.' || c == '-' || c == '_' || c == '~';
    });
}

bool is_bracketed_address(std::string_view text) {
    if (text.size() < 4 || text.front() != '[' || text.back() != ']') return false;
    return std::ranges::all_of(text.substr(1, text.size() - 2), [](char c) {
        return is_digit(c) || (lower(c) >= 'a' && lower(c) <= 'f') || c == ':' || c == '.';
    });
}

// Bytes of the sequence that starts with `lead`, or 0 where no sequence starts so.
std::size_t sequence_length(unsigned char lead) {
    if (lead < 0x80) return 1;
    if (lead < 0xC2) return 0;
    if (lead < 0xE0) return 2;
    if (lead < 0xF0) return 3;
    return lead < 0xF5 ? 4 : 0;
}

bool is_second_byte(unsigned char lead, unsigned char second) {
    switch (lead) {
        case 0xE0:
            return second >= 0xA0 && second <= 0xBF;
        case 0xED:
            return second >= 0x80 && second <= 0x9F;
        case 0xF0:
            return second >= 0x90 && second <= 0xBF;
        case 0xF4:
            return second >= 0x80 && second <= 0x8F;
        default:
            return second >= 0x80 && second <= 0xBF;
    }
}

}  // namespace

bool is_token_char(char c) {
    return token_table[static_cast<unsigned char>(c)];
}

bool is_token(std::string_view text) {
    return !text.empty() && std::ranges::all_of(text, is_token_char);
}

// Nearly every text passes, so all of it is looked at without a branch, many bytes at a time.
bool is_field_value(std::string_view text) {
    unsigned char bad = 0;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        bad |= static_cast<unsigned char>((byte < 0x20 && byte != '\t') || byte == 0x7F);
    }
    return bad == 0;
}

bool same_name(std::string_view left, std::string_view right) {
    if (left.size() != right.size()) return false;
    for (std::size_t i = 0; i < left.size(); ++i) {
        if (left[i] != right[i] && lower(left[i]) != lower(right[i])) return false;
    }
    return true;
}

std::string_view trimmed(std::string_view text) {
    const auto is_space = [](char c) { return c == ' ' || c == '\t'; };
    while (!text.empty() && is_space(text.front())) {
        text.remove_prefix(1);
    }
    while (!text.empty() && is_space(text.back())) {
        text.remove_suffix(1);
    }
    return text;
}

bool list_has(std::string_view list, std::string_view member) {
    while (!list.empty()) {
        const auto comma = list.find(',');
        if (same_name(trimmed(list.substr(0, comma)), member)) return true;
        list = comma == std::string_view::npos ? std::string_view() : list.substr(comma + 1);
    }
    return false;
}

bool has_media_type(std::string_view content_type, std::string_view media_type) {
    return same_name(trimmed(content_type.substr(0, content_type.find(';'))), media_type);
}

bool is_host(std::string_view text) {
    const auto bracket = text.rfind(']');
    const auto colon = text.find(':', bracket == std::string_view::npos ? 0 : bracket);
    const auto name = text.substr(0, colon);
    const bool good_port = colon == std::string_view::npos || is_port(text.substr(colon + 1));
    return good_port && (is_host_name(name) || is_bracketed_address(name));
}

std::optional<std::uint64_t> parse_length(std::string_view text) {
    if (text.empty() || !std::ranges::all_of(text, is_digit)) return std::nullopt;
    constexpr auto largest = std::numeric_limits<std::uint64_t>::max();
    std::uint64_t number = 0;
    for (const char c : text) {
        const auto digit = static_cast<std::uint64_t>(c - '0');
        if (number > (largest - digit) / 10) return largest;
        number = number * 10 + digit;
    }
    return number;
}

bool is_utf8(std::string_view text) {
    while (!text.empty()) {
        // Most text is ASCII, eight bytes of which are seen at a glance.
        constexpr std::uint64_t high_bits = 0x8080808080808080U;
        std::uint64_t eight = 0;
        while (text.size() >= sizeof eight) {
            std::memcpy(&eight, text.data(), sizeof eight);
            if ((eight & high_bits) != 0) break;
            text.remove_prefix(sizeof eight);
        }
        if (text.empty()) return true;
        const auto lead = static_cast<unsigned char>(text.front());
        const auto length = sequence_length(lead);
        if (length == 0 || text.size() < length) return false;
        if (length > 1 && !is_second_byte(lead, static_cast<unsigned char>(text[1]))) return false;
        const auto rest = text.substr(0, length).substr(length > 1 ? 2 : 1);
        if (!std::ranges::all_of(rest,
                                 [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80; })) {
            return false;
        }
        text.remove_prefix(length);
    }
    return true;
}

}  // namespace tributary::http
