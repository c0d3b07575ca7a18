#include "domain/uuid.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <string>

#include "domain/content_hash.hpp"

namespace tributary::domain {

std::string to_text(const Uuid& id) {
    static constexpr char hex[] = "0123456789abcdef";
    std::string text;
    text.reserve(36);
    for (std::size_t i = 0; i < id.bytes.size(); ++i) {
        if (i == 4 || i == 6 || i == 8 || i == 10) {
            text.push_back('-');
        }
        text.push_back(hex[id.bytes[i] >> 4U]);
        text.push_back(hex[id.bytes[i] & 0xFU]);
    }
    return text;
}

std::optional<Uuid> parse_uuid(std::string_view text) {
    // By character; what is no digit has bits beyond those of a digit.
    static constexpr auto digits = [] {
        std::array<std::uint8_t, 256> values{};
        values.fill(0xFF);
        for (std::uint8_t i = 0; i < 10; ++i)
            values[std::size_t{'0'} + i] = i;
        for (std::uint8_t i = 0; i < 6; ++i) {
            values[std::size_t{'a'} + i] = static_cast<std::uint8_t>(10 + i);
            values[std::size_t{'A'} + i] = static_cast<std::uint8_t>(10 + i);
        }
        return values;
    }();
    // Where each byte's two digits stand, between the hyphens.
    static constexpr std::array<std::uint8_t, 16> places = {0,  2,  4,  6,  9,  11, 14, 16,
                                                            19, 21, 24, 26, 28, 30, 32, 34};
    if (text.size() != 36 || text[8] != '-' || text[13] != '-' || text[18] != '-' || text[23] != '-') {
        return std::nullopt;
    }
    const auto digit = [text](std::size_t at) -> unsigned {
        return digits[static_cast<std::uint8_t>(text[at])];
    };
    Uuid id;
    unsigned seen = 0;
    for (std::size_t i = 0; i < places.size(); ++i) {
        const unsigned high = digit(places[i]);
        const unsigned low = digit(places[i] + 1U);
        seen |= high | low;
        id.bytes[i] = static_cast<std::uint8_t>(high << 4U | low);
    }
    if (seen > 0xF) return std::nullopt;
    return id;
}

Uuid named_uuid(const Uuid& space, std::string_view name) {
    std::string text(space.bytes.begin(), space.bytes.end());
    text += name;
    const std::array<std::uint8_t, 20> hash = sha1(text);
    Uuid id;
    std::copy_n(hash.begin(), id.bytes.size(), id.bytes.begin());
    id.bytes[6] = static_cast<std::uint8_t>(0x50U | (id.bytes[6] & 0x0FU));
    id.bytes[8] = static_cast<std::uint8_t>(0x80U | (id.bytes[8] & 0x3FU));
    return id;
}

Uuid time_ordered_uuid(std::uint64_t unix_ms, const std::array<std::uint8_t, 10>& random) {
    Uuid id;
    for (std::size_t i = 0; i < 6; ++i) {
        id.bytes[i] = static_cast<std::uint8_t>(unix_ms >> (40U - 8U * i));
    }
    std::copy(random.begin(), random.end(), id.bytes.begin() + 6);
    id.bytes[6] = static_cast<std::uint8_t>(0x70U | (id.bytes[6] & 0x0FU));
    id.bytes[8] = static_cast<std::uint8_t>(0x80U | (id.bytes[8] & 0x3FU));
    return id;
}

}  // namespace tributary::domain

std::size_t std::hash<tributary::domain::Uuid>::operator()(const tributary::domain::Uuid& id) const noexcept {
    // The bytes of a version 5 or 7 UUID are already well mixed.
    std::uint64_t parts[2];
    std::memcpy(parts, id.bytes.data(), sizeof parts);
    return parts[0] ^ (parts[1] * 0x9E3779B97F4A7C15ULL);
}
