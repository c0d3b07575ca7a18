#include "adapters/postgres/db_text.hpp"

#include <cstddef>
#include <cstdint>

#include "adapters/postgres/failure.hpp"

namespace tributary::postgres {

namespace {

/// Length of the well-formed sequence at the start of `text` (Unicode, table 3-7), or 0.
std::size_t sequence_length(std::string_view text) {
    const auto byte = [text](std::size_t at) { return static_cast<std::uint8_t>(text[at]); };
    const auto continues = [&](std::size_t at, std::uint8_t low = 0x80, std::uint8_t high = 0xBF) {
        return at < text.size() && byte(at) >= low && byte(at) <= high;
    };
    const std::uint8_t lead = byte(0);
    if (lead < 0x80) return 1;
    if (lead >= 0xC2 && lead <= 0xDF) return continues(1) ? 2 : 0;
    if (lead >= 0xE0 && lead <= 0xEF) {
        const std::uint8_t low = lead == 0xE0 ? 0xA0 : 0x80;
        const std::uint8_t high = lead == 0xED ? 0x9F : 0xBF;
        return continues(1, low, high) && continues(2) ? 3 : 0;
    }
    if (lead >= 0xF0 && lead <= 0xF4) {
        const std::uint8_t low = lead == 0xF0 ? 0x90 : 0x80;
        const std::uint8_t high = lead == 0xF4 ? 0x8F : 0xBF;
        return continues(1, low, high) && continues(2) && continues(3) ? 4 : 0;
    }
    return 0;
}

}  // namespace

std::string_view db_text(std::string_view text) {
    for (std::size_t at = 0; at < text.size();) {
        if (text[at] == '\0') {
            refuse(domain::Errc::contract, "a text holds U+0000, which the database cannot store");
        }
        const std::size_t length = sequence_length(text.substr(at, 4));
        if (length == 0) {
            refuse(domain::Errc::contract, "a text is not valid UTF-8 and cannot be stored");
        }
        at += length;
    }
    return text;
}

}  // namespace tributary::postgres
